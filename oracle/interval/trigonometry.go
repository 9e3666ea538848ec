package interval

import (
	"math/big"
	"math/bits"
	"sync"
)

// SinCos returns sin x and cos x.
//
// For a narrow x, with any integer n (that taken makes r small),
//
//	sin x = sin(r + nπ/2), and cos likewise,   r = x − nπ/2
//	cos r = Σ_{i<N} (−1)^i r^(2i)/(2i)! + R,       |R| ≤ |r|^(2N)/(2N)!
//	sin r = Σ_{i<N} (−1)^i r^(2i+1)/(2i+1)! + R,   |R| ≤ |r|^(2N+1)/(2N+1)!
//
// (Lagrange's remainder) in intervals. A wide x, and one beyond 2^4096, has [−1, 1].
func (c *Context) SinCos(x Interval) (sin, cos Interval) {
	if !c.accepts("SinCos", x) {
		return Interval{}, Interval{}
	}
	const (
		narrow = 1.0
		most   = 4096 // bits of x before the point
	)
	size := x.Magnitude().MantExp(nil)
	if x.Width().Cmp(big.NewFloat(narrow)) > 0 || size > most {
		all := Interval{big.NewFloat(-1), big.NewFloat(1)}
		return all, all
	}
	inner := c.with(uint(max(0, size)) + 12)
	quarter := inner.Ldexp(inner.Pi(), -1)
	turns := new(big.Float).SetPrec(inner.precision).Quo(x.lo, quarter.lo)
	n, _ := turns.Add(turns, big.NewFloat(0.5)).Int(nil)
	rest := inner.Sub(x, inner.Mul(inner.FromFloat(new(big.Float).SetInt(n)), quarter))
	sin, cos = inner.sineSeries(rest)
	switch new(big.Int).And(n, big.NewInt(3)).Int64() {
	case 1:
		sin, cos = cos, inner.Neg(sin)
	case 2:
		sin, cos = inner.Neg(sin), inner.Neg(cos)
	case 3:
		sin, cos = inner.Neg(cos), sin
	}
	return c.adopt(inner, inner.unit(sin)), c.adopt(inner, inner.unit(cos))
}

// sineSeries encloses sin r and cos r, by nested sums: 1 − r²/(1·2) (1 − r²/(3·4) (1 − …)), and r (1 − r²/(2·3) (1 − …)).
func (c *Context) sineSeries(r Interval) (sin, cos Interval) {
	if c.err != nil {
		return Interval{}, Interval{}
	}
	terms, remainder := sineTerms(r.Magnitude().MantExp(nil), c.precision)
	square, one := c.Sqr(r), c.FromInt(1)
	sin, cos = one, one
	inverses := c.inverses(2 * terms)
	for i := 2*terms - 2; i >= 2; i -= 2 {
		cos = c.Sub(one, c.Mul(c.Mul(square, inverses[i-1]), cos))
		sin = c.Sub(one, c.Mul(c.Mul(square, inverses[i]), sin))
	}
	left := c.Ldexp(one, remainder)
	return c.AddError(c.Mul(r, sin), c.Mul(left, r)), c.AddError(cos, left)
}

// inversesKnown keeps results of inverses, which every node of a quadrature asks for.
var inversesKnown sync.Map // {n, precision} → []Interval

// inverses encloses 1/(i(i+1)) for i = 0 … n−1, from i = 1 on.
func (c *Context) inverses(n int) []Interval {
	key := [2]uint{uint(n), c.precision}
	if known, ok := inversesKnown.Load(key); ok {
		return known.([]Interval)
	}
	list, one := make([]Interval, n), c.FromInt(1)
	for i := 1; i < n; i++ {
		list[i] = c.Quo(one, c.FromInt(int64(i)*int64(i+1)))
	}
	const most = 1 << 10 // bits: a few MB in all
	if c.err == nil && c.precision <= most {
		inversesKnown.Store(key, list)
	}
	return list
}

// sineTerms returns N and s with |r|^(2N)/(2N)! ≤ 2^s where |r| < 2^e; N ≥ 1 is the least with s < −precision, or r is 0.
func sineTerms(e int, precision uint) (terms, s int) {
	factor := func(i int) int { return e + 1 - bits.Len(uint(i)) } // 2^factor ≥ |r|/i
	for s >= -int(precision) {
		terms++
		s += factor(2*terms-1) + factor(2*terms)
	}
	return terms, s
}

// unit returns what of x lies in [−1, 1].
func (c *Context) unit(x Interval) Interval {
	if c.err != nil {
		return Interval{}
	}
	return Interval{larger(x.lo, big.NewFloat(-1)), smaller(x.hi, big.NewFloat(1))}
}
