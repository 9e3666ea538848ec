package network

import (
	"math/big"

	"contrastcheck/oracle/line"
)

// placed is a line in an arithmetic.
type placed[T any] struct {
	weights, means []T // w_k and m_k
	delta, rest    T   // δ and 1 − δ
}

func along[T any](l line.Mixture, n numbers[T]) placed[T] {
	p := placed[T]{delta: n.FromRat(l.Delta), rest: n.FromRat(new(big.Rat).Sub(big.NewRat(1, 1), l.Delta))}
	for k, w := range l.Weights {
		m := n.Sqrt(n.FromRat(l.Squares[k]))
		if l.Signs[k] < 0 {
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
