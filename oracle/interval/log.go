package interval

import (
	"math"
	"math/big"
)

// Log returns the natural logarithm of x; ErrLogarithm unless every number in x is positive.
//
// For a narrow x, with any integer n and number y (those taken bring q next to 1),
//
//	log x = n ln 2 + y + log q,   q = 2^−n x e^−y
//	log q = 2 artanh s = 2 Σ_{i<N} s^(2i+1)/(2i+1) + R,   s = (q−1)/(q+1)
//	|R| ≤ 2 |s|^(2N+1) / ((2N+1)(1−s²)) ≤ |s|^(2N+1)   where |s| ≤ ½, N ≥ 1
//
// in intervals. A wide x is done at its ends, as log increases.
func (c *Context) Log(x Interval) Interval {
	if !c.accepts("Log", x) {
		return Interval{}
	}
	if x.lo.Sign() <= 0 {
		return c.fail(ErrLogarithm, "Log of", x)
	}
	const narrow = -16 // log₂ of the relative width
	if !x.isPoint() && x.Width().MantExp(nil)-x.lo.MantExp(nil) > narrow {
		return c.Hull(c.Log(Interval{x.lo, x.lo}), c.Log(Interval{x.hi, x.hi}))
	}
	var mantissa big.Float
	n := x.lo.MantExp(&mantissa)
	m, _ := mantissa.Float64()
	if m < 0.75 {
		m, n = 2*m, n-1
	}
	var y float64
	const near = 1.0 / 256
	if math.Abs(m-1) > near { // otherwise the series is short, and y would cancel
		y = math.Log(m)
	}
	// n ln 2 + y may lose the bits of near, the sum a few more.
	inner := c.with(24)
	q := inner.Ldexp(x, -n)
	shift := inner.Mul(inner.FromInt(int64(n)), ln2.at(inner))
	if y != 0 {
		point := inner.FromFloat(big.NewFloat(y))
		q = inner.Mul(q, inner.Exp(inner.Neg(point)))
		shift = inner.Add(shift, point)
	}
	return c.adopt(inner, inner.Add(shift, inner.logSeries(q)))
}

// logSeries encloses log q for q > 0 with |q−1| ≤ |q+1|/2.
func (c *Context) logSeries(q Interval) Interval {
	one := c.FromInt(1)
	s := c.Quo(c.Sub(q, one), c.Add(q, one))
	if c.err == nil && s.lo.Sign() == 0 && s.hi.Sign() == 0 {
		return s
	}
	e := s.Magnitude().MantExp(nil) // |s| < 2^e
	if c.err != nil || e >= 0 {
		return c.fail(ErrInvalid, "reduction of a logarithm to", q)
	}
	terms := 1 + (int(c.precision)+1)/(-2*e)
	square, sum := c.Sqr(s), c.FromInt(0)
	for i := terms - 1; i >= 0; i-- {
		sum = c.Add(c.Mul(sum, square), c.Quo(one, c.FromInt(int64(2*i+1))))
	}
	return c.AddError(c.Ldexp(c.Mul(s, sum), 1), c.Ldexp(one, e*(2*terms+1)))
}
