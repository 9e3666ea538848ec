package interval

import (
	"math/big"
	"math/bits"
)

// Sqr returns x², which is never negative.
func (c *Context) Sqr(x Interval) Interval {
	if !c.accepts("Sqr", x) {
		return Interval{}
	}
	x = c.Abs(x)
	lo, hi := c.bounds()
	return c.enclose(lo.Mul(x.lo, x.lo), hi.Mul(x.hi, x.hi), "Sqr")
}

// pow returns xⁿ, with x⁰ = 1. For n < 0 it is 1/x^|n|, ErrDivision if x contains 0.
func (c *Context) pow(x Interval, n int) Interval {
	if !c.accepts("pow", x) {
		return Interval{}
	}
	magnitude := uint(n)
	if n < 0 {
		if x.Sign() == 0 {
			return c.fail(ErrDivision, "negative power of", x)
		}
		magnitude = -magnitude
	}
	// About 2n roundings, each of relative size at most 2^(1−precision).
	inner := c.with(uint(bits.Len(magnitude)) + 4)
	var power Interval
	switch {
	case magnitude%2 == 0:
		power = inner.power(inner.Abs(x), magnitude)
	case x.lo.Sign() >= 0:
		power = inner.power(x, magnitude)
	case x.hi.Sign() <= 0:
		power = inner.Neg(inner.power(inner.Neg(x), magnitude))
	default:
		below := inner.power(inner.Neg(Interval{x.lo, x.lo}), magnitude)
		above := inner.power(Interval{x.hi, x.hi}, magnitude)
		power = inner.Hull(inner.Neg(below), above)
	}
	if n < 0 {
		power = inner.Quo(inner.FromInt(1), power)
	}
	return c.adopt(inner, power)
}

// power returns xⁿ for x ≥ 0 by repeated squaring.
func (c *Context) power(x Interval, n uint) Interval {
	result := c.FromInt(1)
	for i := bits.Len(n) - 1; i >= 0 && c.err == nil; i-- {
		result = c.Sqr(result)
		if n>>i&1 == 1 {
			result = c.Mul(result, x)
		}
	}
	return result
}

// Sqrt returns √x; ErrRoot if x has negative numbers.
func (c *Context) Sqrt(x Interval) Interval {
	if !c.accepts("Sqrt", x) {
		return Interval{}
	}
	if x.lo.Sign() < 0 {
		return c.fail(ErrRoot, "Sqrt of", x)
	}
	lo, hi := c.bounds()
	root, exponent, _ := floorRoot(x.lo, c.precision)
	setInt(lo, root, exponent)
	root, exponent, exact := floorRoot(x.hi, c.precision)
	if !exact {
		root.Add(root, big.NewInt(1))
	}
	setInt(hi, root, exponent)
	return c.enclose(lo, hi, "Sqrt")
}

// floorRoot returns a whole number n, of more bits than precision unless exact, and e with n 2^e ≤ √x < (n+1) 2^e,
// for x ≥ 0; exact tells whether n 2^e = √x.
func floorRoot(x *big.Float, precision uint) (n *big.Int, e int, exact bool) {
	if x.Sign() == 0 {
		return new(big.Int), 0, true
	}
	// x = m 2^e with a whole number m of at least 2 precision + 2 bits, and e even.
	shift := max(x.MinPrec(), 2*precision+2)
	e = x.MantExp(nil) - int(shift)
	if e%2 != 0 {
		e--
	}
	m, _ := new(big.Float).SetMantExp(x, -e).Int(nil)
	n = new(big.Int).Sqrt(m)
	return n, e / 2, new(big.Int).Mul(n, n).Cmp(m) == 0
}

// setInt sets z to n 2^e, rounded in z's way.
func setInt(z *big.Float, n *big.Int, e int) {
	z.SetInt(n)
	z.SetMantExp(z, e)
}
