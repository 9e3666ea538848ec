package generators

import (
	"math/big"

	"pgregory.net/rapid"
)

// covariance draws Σ = RRᵀ with R lower triangular: its diagonal powers of 2
// from ½ to 2, the rest halves in [−1, 1]. It shrinks to the identity.
func covariance(t *rapid.T, d int) [][]*big.Rat {
	return square(root(t, d))
}

// root draws the R of covariance.
func root(t *rapid.T, d int) [][]*big.Rat {
	r := make([][]*big.Rat, d)
	for i := range r {
		r[i] = vector(t, d, 1, "root")
		for j := i + 1; j < d; j++ {
			r[i][j] = new(big.Rat)
		}
		r[i][i] = power(rapid.SampledFrom([]int{0, 1, -1}).Draw(t, "deviation"))
	}
	return r
}

// square returns RRᵀ.
func square(r [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(r))
	for i := range r {
		out[i] = make([]*big.Rat, len(r))
		for j := range r {
			out[i][j] = inner(r[i], r[j])
		}
	}
	return out
}

func inner(x, y []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range x {
		sum.Add(sum, new(big.Rat).Mul(x[i], y[i]))
	}
	return sum
}
