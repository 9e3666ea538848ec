package cosine

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/line"
)

// law is a mixture on a line, and a temperature, in intervals.
type law struct {
	*interval.Context
	precision      uint                // bits
	weights, means []interval.Interval // w_k and a_k
	squares        []interval.Interval // a_k²
	delta, rest    interval.Interval   // δ and 1 − δ
	scale          interval.Interval   // κ = 1/τ
}

func newLaw(l line.Mixture, temperature *big.Rat) law {
	bits := precision(temperature)
	c := interval.NewContext(bits)
	x := law{Context: c, precision: bits, delta: c.FromRat(l.Delta), rest: c.FromRat(new(big.Rat).Sub(big.NewRat(1, 1), l.Delta)), scale: c.FromRat(new(big.Rat).Inv(temperature))}
	for k, w := range l.Weights {
		square := c.FromRat(l.Squares[k])
		a := c.Sqrt(square)
		if l.Signs[k] < 0 {
			a = c.Neg(a)
		}
		x.weights, x.means, x.squares = append(x.weights, c.FromRat(w)), append(x.means, a), append(x.squares, square)
	}
	return x
}

// mean returns Σ_k w_k f(k).
func (x law) mean(f func(k int) interval.Interval) interval.Interval {
	sum := x.NewSum()
	for k, w := range x.weights {
		sum.AddMul(w, f(k))
	}
	return sum.Interval()
}

// attraction is κ E f·f̂ = κ[δ Σ_k w_k c_k² + (1 − δ)(Σ_k w_k c_k)²], c_k = E[f·u | k], the other coordinate's mean being 0.
func (x law) attraction(c []interval.Interval) interval.Interval {
	same := x.mean(func(k int) interval.Interval { return x.Sqr(c[k]) })
	apart := x.Sqr(x.mean(func(k int) interval.Interval { return c[k] }))
	return x.Mul(x.scale, x.Add(x.Mul(x.delta, same), x.Mul(x.rest, apart)))
}

// inside is the loss of every matrix in S_F, where f = ±u with P(f = u | k) = Φ(a_k): with p₊ = Σ_k w_kΦ(a_k),
//
//	L = −κ E f·f̂ + p₊ log(p₊e^κ + p₋e^−κ) + p₋ log(p₋e^κ + p₊e^−κ).
func (x law) inside() interval.Interval {
	var odds [2][]interval.Interval // Φ(a_k) and Φ(−a_k)
	var c []interval.Interval
	for k, a := range x.means {
		_, right := x.Normal(a)
		_, left := x.Normal(x.Neg(a))
		odds[0], odds[1] = append(odds[0], right), append(odds[1], left)
		c = append(c, x.Sub(odds[0][k], odds[1][k]))
	}
	right := x.mean(func(k int) interval.Interval { return odds[0][k] })
	left := x.mean(func(k int) interval.Interval { return odds[1][k] })
	like, unlike := x.Exp(x.scale), x.Exp(x.Neg(x.scale))
	anchored := func(p, q interval.Interval) interval.Interval {
		return x.Mul(p, x.Log(x.Add(x.Mul(p, like), x.Mul(q, unlike))))
	}
	return x.Sub(x.Add(anchored(right, left), anchored(left, right)), x.attraction(c))
}
