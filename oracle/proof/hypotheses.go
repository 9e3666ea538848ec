package proof

import (
	"math/big"
	"slices"

	"contrastcheck/gmm"
)

// Hypotheses says which hypotheses about equality a mixture with δ has, in exact numbers.
type Hypotheses struct {
	Informative bool // δ > 0, and the means are not all equal: B ≠ 0
	Certain     bool // δ = 1
	Centred     bool // μ̄ = 0
}

// Hypotheses returns those of the certificate's mixture.
func (c Certificate) Hypotheses() Hypotheses { return hypothesesOf(c.Pairs) }

func hypothesesOf(p gmm.Pairs) Hypotheses {
	exact := p.Left.Exact()
	equal := func(x, y *big.Rat) bool { return x.Cmp(y) == 0 }
	delta := p.ExactDelta()
	return Hypotheses{
		Informative: delta.Sign() > 0 && slices.ContainsFunc(exact.Means, func(mu []*big.Rat) bool { return !slices.EqualFunc(mu, exact.Means[0], equal) }),
		Certain:     equal(delta, big.NewRat(1, 1)),
		Centred:     !slices.ContainsFunc(exact.Mean(), func(x *big.Rat) bool { return x.Sign() != 0 }),
	}
}
