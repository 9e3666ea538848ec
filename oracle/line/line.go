// Package line has mixtures whose Fisher subspace is a line, in exact numbers.
package line

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
)

// ErrShape says that the whitened means of a mixture do not lie on a line through the origin, or that there is no noise beside it.
var ErrShape = errors.New("line: expected one modality with a shared covariance, whitened means on a line through 0 that are not all 0, and at least 2 dimensions")

// Mixture is one whose Fisher subspace is a line: in whitened coordinates x₁ along it and x₂ across, given component k, x₁ ∼ N(m_k, 1), and
// all other coordinates are N(0, 1), independent of it. x₁ grows with the first coordinate in which the means are not all 0.
type Mixture struct {
	Weights []*big.Rat // K of them, w_k > 0; they sum to 1
	Squares []*big.Rat // m_k²
	Signs   []int      // of m_k: −1, 0 or 1
	Delta   *big.Rat   // δ
}

// Of returns the mixture of p, or ErrShape.
func Of(p gmm.Pairs) (Mixture, error) {
	m := p.Left
	if p.Modalities() != 1 || !m.Shared() {
		return Mixture{}, fmt.Errorf("%w; found %v", ErrShape, p.Model())
	}
	if s, d := m.FisherDimension(), m.Dimension(); s != 1 || d < 2 {
		return Mixture{}, fmt.Errorf("%w; found a Fisher subspace of dimension %d in %d%s", ErrShape, s, d, centring(m))
	}
	e := m.Exact()
	gram, basis := m.ExactGramColumns() // μ_kᵀΣ⁻¹a, a being the first mean that is not 0
	a := basis[0]
	forward := 0
	for _, x := range e.Means[a] {
		if forward = x.Sign(); forward != 0 {
			break
		}
	}
	l := Mixture{Weights: e.Weights, Delta: p.ExactDelta()}
	for k := range e.Means { // as μ_k = t a, m_k² = t² aᵀΣ⁻¹a = (μ_kᵀΣ⁻¹a)²/(aᵀΣ⁻¹a)
		square := new(big.Rat).Mul(gram[k][0], gram[k][0])
		l.Squares = append(l.Squares, square.Quo(square, gram[a][0]))
		l.Signs = append(l.Signs, forward*gram[k][0].Sign())
	}
	return l, nil
}

// centring advises it where it makes a line.
func centring(m *gmm.Mixture) string {
	if m.DifferenceDimension() == 1 && m.Dimension() > 1 {
		return "; centred means lie on one"
	}
	return ""
}

// Floats are the weights and the means m_k in float64, and δ: each within 2⁻⁵² of its size, as the square of a mean and its root are rounded once each.
func (l Mixture) Floats() (weights, means []float64, delta float64) {
	for k, w := range l.Weights {
		weight, _ := w.Float64()
		square, _ := l.Squares[k].Float64()
		weights, means = append(weights, weight), append(means, float64(l.Signs[k])*math.Sqrt(square))
	}
	delta, _ = l.Delta.Float64()
	return weights, means, delta
}

// Farthest is max_k |m_k| in float64: standard deviations.
func (l Mixture) Farthest() float64 {
	farthest := 0.0
	_, means, _ := l.Floats()
	for _, m := range means {
		farthest = max(farthest, m, -m)
	}
	return farthest
}
