package theorems

import (
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// pairsOf draws a mixture and δ.
func pairsOf(mixture *rapid.Generator[*gmm.Mixture], delta *rapid.Generator[*big.Rat]) *rapid.Generator[gmm.Pairs] {
	return rapid.Custom(func(t *rapid.T) gmm.Pairs {
		return pairs(mixture.Draw(t, "mixture"), delta.Draw(t, "delta"))
	})
}

// pairs joins a mixture with a δ that its generator keeps within [0, 1].
func pairs(m *gmm.Mixture, delta *big.Rat) gmm.Pairs {
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		panic("theorems: " + err.Error())
	}
	return p
}

// plain draws a case of pairs and a seed.
func plain(p *rapid.Generator[gmm.Pairs]) *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		return Case{Pairs: p.Draw(t, "pairs"), Seed: seed(t)}
	})
}

// paired joins two mixtures of the same weights, whose pairs share their component.
func paired(left, right *gmm.Mixture) gmm.Pairs {
	p, err := gmm.NewPaired(left, right, big.NewRat(1, 1))
	if err != nil {
		panic("theorems: " + err.Error())
	}
	return p
}

// represented draws a case with a representation of 1 to 3 columns.
func represented(p *rapid.Generator[gmm.Pairs]) *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: p.Draw(t, "pairs"), Seed: seed(t)}
		c.A = generators.Representation(c.Pairs.Left.Dimension(), rapid.IntRange(1, 3).Draw(t, "columns")).Draw(t, "A")
		return c
	})
}

// gentle halves the representations of a case. Where they are large, exp(xᵀMy)
// has too heavy a tail to be sampled, and the softmax is too steep for a loss to
// be known to many digits.
func gentle(cases *rapid.Generator[Case]) *rapid.Generator[Case] {
	return rapid.Map(cases, func(c Case) Case {
		c.A.Scale(0.5, c.A)
		return c
	})
}

func seed(t *rapid.T) uint64 { return rapid.Uint64Range(0, 1<<20).Draw(t, "seed") }

// anyMixture draws from several families, so that a claim about all mixtures
// meets the hard ones.
func anyMixture() *rapid.Generator[*gmm.Mixture] {
	return rapid.OneOf(generators.SharedCovariance(), generators.Spherical(), generators.Centred(),
		generators.ParallelPancakes(), generators.Collinear(), generators.NearDegenerate(), generators.SymmetricTie(), generators.RareOutlier())
}

// roomy draws a mixture of a family with one more coordinate, mixed with the
// others by a change of coordinates, so that S_F is never everything and
// containment never vacuous.
func roomy(family *rapid.Generator[*gmm.Mixture]) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		m := family.Draw(t, "mixture").Embed()
		mixed, err := m.Transform(generators.Transformation(m.Dimension()).Draw(t, "T"))
		if err != nil {
			panic("theorems: " + err.Error())
		}
		return mixed
	})
}

// tame draws mixtures whose means and deviations are within an order of 1.
func tame() *rapid.Generator[*gmm.Mixture] {
	return rapid.OneOf(generators.SharedCovariance(), generators.Centred(), generators.SymmetricTie())
}

// anyDistinct draws means that are not all equal, from families that are easy and hard: rare classes, near ones, and lines. Of far ones, the fewest, the smallest eigenvalue is often below rounding.
func anyDistinct() *rapid.Generator[*gmm.Mixture] {
	near := generators.NearOutlier()
	rare := rapid.OneOf(near, near, near, generators.RareOutlier())
	return rapid.OneOf(generators.Distinct(), generators.CentredDistinct(), rare, generators.NearDegenerate(), generators.Collinear()).
		Filter(func(m *gmm.Mixture) bool { return !m.Coincident() })
}
