package proof

import (
	"math/big"

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
	delta := p.ExactDelta()
	return Hypotheses{
		Informative: delta.Sign() > 0 && !p.Left.Coincident(),
		Certain:     delta.Cmp(big.NewRat(1, 1)) == 0,
		Centred:     p.Left.Centred(),
	}
}
