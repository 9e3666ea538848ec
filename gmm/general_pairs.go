package gmm

import (
	"fmt"
	"math/big"
)

// GeneralPairs is a mixture with own covariances and the probability δ that the
// two points of a positive pair come from one component, as in Pairs.
type GeneralPairs struct {
	*General
	delta *big.Rat
}

// NewGeneralPairs returns the pair distribution of g with probability delta,
// which must lie in [0, 1] (ErrDelta).
func NewGeneralPairs(g *General, delta *big.Rat) (GeneralPairs, error) {
	p, err := NewPairs(g.pooled, delta)
	if err != nil {
		return GeneralPairs{}, err
	}
	return GeneralPairs{g, p.delta}, nil
}

// General returns the same pairs with Σ_k = Σ for every k.
func (p Pairs) General() GeneralPairs { return GeneralPairs{p.Mixture.General(), p.delta} }

// PooledPairs returns the pairs of the pooled mixture, with the same δ.
func (p GeneralPairs) PooledPairs() Pairs { return Pairs{p.pooled, p.delta} }

// Delta returns δ, rounded to float64.
func (p GeneralPairs) Delta() float64 { return p.PooledPairs().Delta() }

// ExactDelta returns a copy of δ.
func (p GeneralPairs) ExactDelta() *big.Rat { return p.PooledPairs().ExactDelta() }

// Centre returns the same pairs of the centred mixture.
func (p GeneralPairs) Centre() (GeneralPairs, error) {
	centred, err := p.General.Centre()
	return GeneralPairs{centred, p.delta}, err
}

// WithDelta returns the same mixture with another δ (ErrDelta).
func (p GeneralPairs) WithDelta(delta *big.Rat) (GeneralPairs, error) {
	return NewGeneralPairs(p.General, delta)
}

// Uninformative tells, exactly, whether the pairs say nothing about the
// components' means: δ = 0, or all means coincide. Own covariances do not enter
// ∇f(0) = −δB, so the InfoNCE minimiser is then M = 0 here too.
func (p GeneralPairs) Uninformative() bool { return p.PooledPairs().Uninformative() }

// GoString writes the pairs in exact numbers, one line, for failing tests.
func (p GeneralPairs) GoString() string {
	if p.General == nil {
		return "gmm.GeneralPairs{}"
	}
	return fmt.Sprintf("GeneralPairs{%s, δ = %s}", p.General.GoString(), FormatNumber(p.delta))
}

// String is GoString.
func (p GeneralPairs) String() string { return p.GoString() }
