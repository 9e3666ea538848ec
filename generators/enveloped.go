package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var enveloped = Family{
	Name: "enveloped", Draw: Enveloped(), Simplest: "General{weights 1:1, means (0, 0) (0, 0), covariances [identity] [identity]}",
	Hard: "an envelope that is larger than the Fisher subspace and smaller than the space", Occurs: between, Least: 0.2,
}

// Enveloped draws 2 to 4 components in 2 to 6 dimensions with covariances of their own and a planted envelope, hidden: x = Tz of mixtures in which
// some first coordinates are independent of the others within each component, and some of these hold the means, halves in [−2, 2]. T is a rotation in
// the plane of the first and the last axis, by 3/5 and 4/5 or not at all, after a shear of halves.
func Enveloped() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture { return planted(t, "enveloped", new(big.Rat)) })
}

var coupled = Family{
	Name: "coupled", Draw: Coupled(), Simplest: "General{weights 1:1, means (0, 0) (0, 0), covariances [identity] [(1, 1) (1, 2)]}",
	Hard: "a coupling of less than 1e-3 on which the envelope depends", Occurs: faint, Least: 0.2,
}

// Coupled draws as Enveloped, but for a coupling of 10^−n, n from 0 to 12, in the last component, of the first coordinate and the last one.
func Coupled() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		n := rapid.IntRange(0, 12).Draw(t, "power of the coupling")
		return planted(t, "coupled", new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)))
	})
}

// planted draws a member of either family.
func planted(t *rapid.T, name string, coupling *big.Rat) *gmm.Mixture {
	k, d := rapid.IntRange(2, 4).Draw(t, "components"), rapid.IntRange(2, 6).Draw(t, "dimension")
	inside := rapid.IntRange(1, d-1).Draw(t, "inside")
	means := rapid.IntRange(1, max(1, inside-1)).Draw(t, "dimensions of the means")
	e := gmm.Exact{Name: name, Weights: weights(t, k, 4)}
	for i := range k {
		mean := append(vector(t, means, 2, "mean"), gmm.Rationals(make([]float64, d-means)...)...)
		r := root(t, d)
		for a := inside; a < d; a++ {
			for b := range inside {
				r[a][b].SetInt64(0)
			}
		}
		if i == k-1 {
			r[d-1][0].Set(coupling)
		}
		e.Means, e.Covariances = append(e.Means, mean), append(e.Covariances, square(r))
	}
	hidden, err := valid(e).Transform(mixing(t, d))
	if err != nil {
		panic("generators: " + name + ": " + err.Error())
	}
	return hidden
}

// mixing draws a rotation times a shear.
func mixing(t *rapid.T, d int) [][]*big.Rat {
	out := identity(d)
	for i := range d {
		for j := range i {
			out[i][j].Set(halves(1).Draw(t, "shear"))
		}
	}
	if rapid.Bool().Draw(t, "rotated") {
		cosine, sine := big.NewRat(3, 5), big.NewRat(4, 5)
		first, last := out[0], out[d-1]
		out[0] = added(scaled(cosine, first), scaled(sine, last))
		out[d-1] = added(scaled(cosine, last), scaled(new(big.Rat).Neg(sine), first))
	}
	return out
}

// between tells that the envelope lies between the Fisher subspace and the space, and is neither.
func between(m *gmm.Mixture) bool {
	e := m.Envelope()
	return e.Leaves() && e.Dimension() < m.Dimension()
}

// faint tells that the Fisher subspace is left, and that the strongest coupling of a component is weak.
func faint(m *gmm.Mixture) bool {
	couplings, err := m.Couplings()
	return err == nil && m.Envelope().Leaves() && len(couplings) > 0 && couplings[0].Size < 1e-3
}
