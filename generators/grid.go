package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// halves draws a multiple of ½ in [−limit, limit]; it shrinks to 0.
func halves(limit int) *rapid.Generator[*big.Rat] {
	return rapid.Map(rapid.IntRange(-2*limit, 2*limit), func(n int) *big.Rat { return big.NewRat(int64(n), 2) })
}

// vector draws d halves.
func vector(t *rapid.T, d, limit int, label string) []*big.Rat {
	return rapid.SliceOfN(halves(limit), d, d).Draw(t, label)
}

// vectors draws k of them.
func vectors(t *rapid.T, k, d, limit int, label string) [][]*big.Rat {
	out := make([][]*big.Rat, k)
	for i := range out {
		out[i] = vector(t, d, limit, label)
	}
	return out
}

// whole draws a vector of d whole numbers.
func whole(t *rapid.T, d, limit int, label string) []*big.Rat {
	out := make([]*big.Rat, d)
	for i, x := range rapid.SliceOfN(rapid.IntRange(-limit, limit), d, d).Draw(t, label) {
		out[i] = big.NewRat(int64(x), 1)
	}
	return out
}

// weights draws k whole weights from 1 to most.
func weights(t *rapid.T, k, most int) []*big.Rat {
	out := make([]*big.Rat, k)
	for i, w := range rapid.SliceOfN(rapid.IntRange(1, most), k, k).Draw(t, "weights") {
		out[i] = big.NewRat(int64(w), 1)
	}
	return out
}

// power is 2^n.
func power(n int) *big.Rat {
	one := big.NewInt(1)
	if n < 0 {
		return new(big.Rat).SetFrac(one, new(big.Int).Lsh(one, uint(-n)))
	}
	return new(big.Rat).SetInt(new(big.Int).Lsh(one, uint(n)))
}

func scaled(factor *big.Rat, x []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(x))
	for i := range x {
		out[i] = new(big.Rat).Mul(factor, x[i])
	}
	return out
}

func added(x, y []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(x))
	for i := range x {
		out[i] = new(big.Rat).Add(x[i], y[i])
	}
	return out
}

// identity is the d×d identity, and to be written to.
func identity(d int) [][]*big.Rat { return gmm.IdentityRows(d) }

// build returns the mixture that a family has made valid.
func build(name string, weights []*big.Rat, means, covariance [][]*big.Rat) *gmm.Mixture {
	return valid(gmm.Exact{Name: name, Weights: weights, Means: means, Covariance: covariance})
}

// valid returns the mixture that a family has made valid.
func valid(e gmm.Exact) *gmm.Mixture {
	m, err := gmm.NewExact(e)
	if err != nil {
		panic("generators: " + e.Name + ": " + err.Error())
	}
	return m
}

// centre subtracts the mean of a mixture that a family has made valid.
func centre(m *gmm.Mixture) *gmm.Mixture {
	c, err := m.Centre()
	if err != nil {
		panic("generators: " + err.Error())
	}
	return c
}
