package gmm

import (
	"math/big"
)

// Pairs is a mixture with the probability δ that the two points of a positive
// pair come from one component: with probability δ both are independent draws
// from one component, else both are independent draws from the mixture.
type Pairs struct {
	*Mixture
	delta *big.Rat
}

// NewPairs returns the pair distribution of m with probability delta, which
// must lie in [0, 1] (ErrDelta).
func NewPairs(m *Mixture, delta *big.Rat) (Pairs, error) {
	if delta.Sign() < 0 || delta.Cmp(big.NewRat(1, 1)) > 0 {
		return Pairs{}, &InputError{Key: "delta", Expected: "a number in [0, 1]", Found: FormatNumber(delta), Reason: ErrDelta}
	}
	return Pairs{m, new(big.Rat).Set(delta)}, nil
}

// Delta returns δ, rounded to float64.
func (p Pairs) Delta() float64 {
	delta, _ := p.delta.Float64()
	return delta
}

// ExactDelta returns a copy of δ.
func (p Pairs) ExactDelta() *big.Rat { return new(big.Rat).Set(p.delta) }

// Centre returns the same pairs of the centred mixture.
func (p Pairs) Centre() (Pairs, error) {
	centred, err := p.Mixture.Centre()
	return Pairs{centred, p.delta}, err
}

// WithDelta returns the same mixture with another δ (ErrDelta).
func (p Pairs) WithDelta(delta *big.Rat) (Pairs, error) { return NewPairs(p.Mixture, delta) }

// Uninformative tells, exactly, whether the pairs say nothing about the
// components: δ = 0, or all means coincide. Then ∇f(0) = −δB = 0 and the InfoNCE
// minimiser is M = 0.
func (p Pairs) Uninformative() bool { return p.delta.Sign() == 0 || p.Coincident() }

// MomentRank returns the exact rank of T_δ = E[xx̂ᵀ] = δC + (1−δ)μ̄μ̄ᵀ over positive
// pairs, which is that of the partners' means E[x̂ | component of x] = δμ_k + (1−δ)μ̄.
// It reports false for rounded numbers.
func (p Pairs) MomentRank() (rank int, exact bool) {
	e, exact := p.Exact()
	if !exact {
		return 0, false
	}
	mean := e.Mean()
	rest := new(big.Rat).Sub(big.NewRat(1, 1), p.delta)
	partners := make([][]*big.Rat, len(e.Means))
	for k, row := range e.Means {
		partners[k] = make([]*big.Rat, len(row))
		for i, x := range row {
			own := new(big.Rat).Mul(p.delta, x)
			partners[k][i] = own.Add(own, new(big.Rat).Mul(rest, mean[i]))
		}
	}
	return exactRank(partners), true
}
