package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var grouped = Family{
	Name: "grouped", Draw: Grouped(), Simplest: "General{weights 1:1, means (1, 0) (-1, 0), covariances [identity] [identity]}",
	Hard: "couplings that cancel within groups, so that E[Qx | Px] = 0 though the envelope is larger than the Fisher subspace", Occurs: cancelling, Least: 0.3,
}

// Grouped draws mixtures with covariances of their own, in 2 to 4 dimensions, for which E[Qx | Px] = 0: a group of 1 or 2 components for each of 2 or 3 means, which span one
// or two dimensions. In coordinates x = Tz that are hidden as Enveloped's are, a component is
//
//	z = (t, H_kᵀt + u),   t ~ N(μ_g, S_g),   u ~ N(0, D_k),   Σ w_kH_k = 0 over each group.
func Grouped() *rapid.Generator[*gmm.Mixture] { return GroupedOf(1, 2) }

// GroupedOf draws as Grouped, with means that span between so many dimensions, one or two.
func GroupedOf(least, most int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		inside, outside := rapid.IntRange(least, most).Draw(t, "inside"), rapid.IntRange(1, 2).Draw(t, "outside")
		e := gmm.Exact{Name: "grouped"}
		for i := range inside + 1 {
			mean := whole(t, inside, 0, "origin")
			size := big.NewRat(int64(rapid.IntRange(1, 4).Draw(t, "mean")), 1)
			if i < inside {
				mean[i] = size
			} else {
				mean[0] = size.Neg(size)
			}
			group(t, &e, mean, outside)
		}
		hidden, err := valid(e).Transform(mixing(t, inside+outside))
		if err != nil {
			panic("generators: grouped: " + err.Error())
		}
		return hidden
	})
}

// group adds 1 or 2 components of one mean, whose couplings to so many further coordinates cancel.
func group(t *rapid.T, e *gmm.Exact, mean []*big.Rat, outside int) {
	n, inside := rapid.IntRange(1, 2).Draw(t, "members"), len(mean)
	shared, w := covariance(t, inside), weights(t, n, 2)
	sum := zeros(inside, outside) // Σ w_kH_k
	for k := range n {
		h := make([][]*big.Rat, inside)
		for i := range h {
			h[i] = vector(t, outside, 1, "coupling")
			if k == n-1 {
				h[i] = scaled(new(big.Rat).Neg(new(big.Rat).Inv(w[k])), sum[i])
			}
			sum[i] = added(sum[i], scaled(w[k], h[i]))
		}
		e.Weights = append(e.Weights, w[k])
		e.Means = append(e.Means, append(append([]*big.Rat{}, mean...), zeros(1, outside)[0]...))
		e.Covariances = append(e.Covariances, regression(shared, h, covariance(t, outside)))
	}
}

// regression is the covariance of (t, Hᵀt + u) for those of t and u, [S SH; HᵀS HᵀSH + D].
func regression(s, h, d [][]*big.Rat) [][]*big.Rat {
	inside := len(s)
	out := zeros(inside+len(d), inside+len(d))
	column := func(j int) []*big.Rat { // of [I H]
		if j < inside {
			return identity(inside)[j]
		}
		c := make([]*big.Rat, inside)
		for i := range c {
			c[i] = h[i][j-inside]
		}
		return c
	}
	for a := range out {
		image := make([]*big.Rat, inside)
		for i := range image {
			image[i] = inner(s[i], column(a))
		}
		for b := range out {
			out[a][b] = inner(image, column(b))
			if a >= inside && b >= inside {
				out[a][b].Add(out[a][b], d[a-inside][b-inside])
			}
		}
	}
	return out
}

func zeros(rows, columns int) [][]*big.Rat {
	out := make([][]*big.Rat, rows)
	for i := range out {
		for range columns {
			out[i] = append(out[i], new(big.Rat))
		}
	}
	return out
}

// cancelling tells that E[Qx | Px] = 0 though covariances lead out of the Fisher subspace.
func cancelling(m *gmm.Mixture) bool { return m.GroupCondition() && m.Envelope().Leaves() }

// RareGroup draws two groups of means on a line, balanced about 0, as Grouped hides them: a rare one of two components with opposite couplings, and one common component.
func RareGroup() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		share, far := rapid.IntRange(2, 16).Draw(t, "weight of the common one"), rapid.IntRange(1, 6).Draw(t, "mean")
		coupling := big.NewRat(int64(rapid.IntRange(0, 3).Draw(t, "coupling")), 4)
		one, common := big.NewRat(1, 1), big.NewRat(int64(share), 1)
		e := gmm.Exact{Name: "rare group", Weights: []*big.Rat{one, one, common}}
		rare := big.NewRat(int64(far), 1)
		near := new(big.Rat).Quo(new(big.Rat).Mul(big.NewRat(-2, 1), rare), common)
		for k, mean := range []*big.Rat{rare, rare, near} {
			h := zeros(1, 1)
			h[0][0].Mul(coupling, big.NewRat([]int64{1, -1, 0}[k], 1))
			e.Means = append(e.Means, []*big.Rat{mean, new(big.Rat)})
			e.Covariances = append(e.Covariances, regression(identity(1), h, identity(1)))
		}
		hidden, err := valid(e).Transform(mixing(t, 2))
		if err != nil {
			panic("generators: rare group: " + err.Error())
		}
		return hidden
	})
}
