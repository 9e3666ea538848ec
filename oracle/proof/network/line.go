package network

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
)

var (
	// ErrLine says that the whitened means of a mixture do not lie on a line through the origin, or that there is no noise beside it.
	ErrLine = errors.New("network: expected one modality with a shared covariance, whitened means on a line through 0 that are not all 0, and at least 2 dimensions")
	// ErrUndecided says that the bounds do not meet: nothing is proved.
	ErrUndecided = errors.New("network: the bounds do not meet")
)

// Line is a mixture whose Fisher subspace is a line: in whitened coordinates x₁ along it and x₂ across, given component k, x₁ ∼ N(m_k, 1), and
// all other coordinates are N(0, 1), independent of it. x₁ grows with the first coordinate in which the means are not all 0.
type Line struct {
	weights []*big.Rat // they sum to 1
	squares []*big.Rat // m_k²
	signs   []int      // of m_k
	delta   *big.Rat
}

// NewLine returns the line of p, or ErrLine.
func NewLine(p gmm.Pairs) (Line, error) {
	m := p.Left
	if p.Modalities() != 1 || !m.Shared() {
		return Line{}, fmt.Errorf("%w; found %v", ErrLine, p.Model())
	}
	if s, d := m.FisherDimension(), m.Dimension(); s != 1 || d < 2 {
		return Line{}, fmt.Errorf("%w; found a Fisher subspace of dimension %d in %d%s", ErrLine, s, d, centring(m))
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
	l := Line{weights: e.Weights, delta: p.ExactDelta()}
	for k := range e.Means { // as μ_k = t a, m_k² = t² aᵀΣ⁻¹a = (μ_kᵀΣ⁻¹a)²/(aᵀΣ⁻¹a)
		square := new(big.Rat).Mul(gram[k][0], gram[k][0])
		l.squares = append(l.squares, square.Quo(square, gram[a][0]))
		l.signs = append(l.signs, forward*gram[k][0].Sign())
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

// Farthest is max_k |m_k| in float64: standard deviations.
func (l Line) Farthest() float64 {
	farthest := 0.0
	for _, m := range along(l, doubles{}).means {
		farthest = max(farthest, m, -m)
	}
	return farthest
}

// placed is a line in an arithmetic.
type placed[T any] struct {
	weights, means []T // w_k and m_k
	delta, rest    T   // δ and 1 − δ
}

func along[T any](l Line, n numbers[T]) placed[T] {
	p := placed[T]{delta: n.FromRat(l.delta), rest: n.FromRat(new(big.Rat).Sub(big.NewRat(1, 1), l.delta))}
	for k, w := range l.weights {
		m := n.Sqrt(n.FromRat(l.squares[k]))
		if l.signs[k] < 0 {
			m = n.Neg(m)
		}
		p.weights, p.means = append(p.weights, n.FromRat(w)), append(p.means, m)
	}
	return p
}

// expect returns Σ_k w_k f(k).
func (p placed[T]) expect(n numbers[T], f func(k int) T) T {
	return sum(n, len(p.weights), func(k int) T { return n.Mul(p.weights[k], f(k)) })
}

// pairing returns δ Σ_k w_k x_k y_k + (1−δ) x̄ȳ, x̄ = Σ_k w_k x_k: the expectation of a product over pairs, given those over the components.
func (p placed[T]) pairing(n numbers[T], x, y []T) T {
	same := p.expect(n, func(k int) T { return n.Mul(x[k], y[k]) })
	apart := n.Mul(p.expect(n, func(k int) T { return x[k] }), p.expect(n, func(k int) T { return y[k] }))
	return n.Add(n.Mul(p.delta, same), n.Mul(p.rest, apart))
}
