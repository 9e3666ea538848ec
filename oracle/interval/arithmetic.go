package interval

import "math/big"

// Add returns x + y.
func (c *Context) Add(x, y Interval) Interval {
	if !c.accepts2("Add", x, y) {
		return Interval{}
	}
	lo, hi := c.bounds()
	return c.enclose(add(lo, x.lo, y.lo), add(hi, x.hi, y.hi), "Add")
}

// add sets z to x + y, rounded down or up as z's mode says, and returns it.
//
// big.Float.Add aligns its operands, of which one may be 2^MaxExponent times the other. So a y far below the last bits of x and
// z gives way to a larger one of its sign: with |x| in [2^(e−1), 2^e), x and the numbers near it that z can be are multiples
// of 2^(e−q+1), q being the larger precision and 2. As |y| < 2^(e−q), x + y and x ± 2^(e−q) lie between the same two
// multiples, and round alike.
func add(z, x, y *big.Float) *big.Float {
	if x.Sign() == 0 || y.Sign() == 0 {
		return z.Add(x, y)
	}
	ex, ey := x.MantExp(nil), y.MantExp(nil)
	if ex < ey {
		x, y, ex, ey = y, x, ey, ex
	}
	if least := ex - int(max(x.Prec(), z.Prec())) - 2; ey <= least {
		y = new(big.Float).SetMantExp(big.NewFloat(float64(y.Sign())), least)
	}
	return z.Add(x, y)
}

// Sub returns x − y, of two independent numbers even if x and y are one Interval.
func (c *Context) Sub(x, y Interval) Interval {
	if !c.accepts2("Sub", x, y) {
		return Interval{}
	}
	lo, hi := c.bounds()
	return c.enclose(add(lo, x.lo, negative(y.hi)), add(hi, x.hi, negative(y.lo)), "Sub")
}

// Mul returns x y, of two independent numbers even if x and y are one Interval; see Sqr.
func (c *Context) Mul(x, y Interval) Interval {
	if !c.accepts2("Mul", x, y) {
		return Interval{}
	}
	lo, hi := c.bounds()
	c.multiply(lo, hi, x, y)
	return c.enclose(lo, hi, "Mul")
}

// multiply sets lo and hi, which must not be bounds of x or y, to bounds of x y.
func (c *Context) multiply(lo, hi *big.Float, x, y Interval) {
	if x.mixed() && y.mixed() {
		l, h := c.bounds()
		lo.Mul(x.lo, y.hi)
		if l.Mul(x.hi, y.lo); l.Cmp(lo) < 0 {
			lo.Set(l)
		}
		hi.Mul(x.lo, y.lo)
		if h.Mul(x.hi, y.hi); h.Cmp(hi) > 0 {
			hi.Set(h)
		}
		return
	}
	a, b, p, q := corners(x, y)
	lo.Mul(a, b)
	hi.Mul(p, q)
}

// mixed tells whether x has both negative and positive numbers.
func (x Interval) mixed() bool { return x.lo.Sign() < 0 && x.hi.Sign() > 0 }

// corners returns bounds of x and y with x y = [a b, p q], unless both are mixed.
// (Moore, Kearfott, Cloud, table 2.1.)
func corners(x, y Interval) (a, b, p, q *big.Float) {
	switch {
	case x.lo.Sign() >= 0:
		switch {
		case y.lo.Sign() >= 0:
			return x.lo, y.lo, x.hi, y.hi
		case y.hi.Sign() <= 0:
			return x.hi, y.lo, x.lo, y.hi
		}
		return x.hi, y.lo, x.hi, y.hi
	case x.hi.Sign() <= 0:
		switch {
		case y.lo.Sign() >= 0:
			return x.lo, y.hi, x.hi, y.lo
		case y.hi.Sign() <= 0:
			return x.hi, y.hi, x.lo, y.lo
		}
		return x.lo, y.hi, x.lo, y.lo
	case y.lo.Sign() >= 0:
		return x.lo, y.hi, x.hi, y.hi
	}
	return x.hi, y.lo, x.lo, y.lo
}

// Quo returns x/y; ErrDivision if y contains 0.
func (c *Context) Quo(x, y Interval) Interval {
	if !c.accepts2("Quo", x, y) {
		return Interval{}
	}
	switch y.Sign() {
	case 0:
		return c.fail(ErrDivision, "Quo of", x, y)
	case -1:
		x, y = negated(x), negated(y)
	}
	least, most := y.hi, y.lo // divisors that make a positive x least and most
	lo, hi := c.bounds()
	if x.lo.Sign() >= 0 {
		lo.Quo(x.lo, least)
	} else {
		lo.Quo(x.lo, most)
	}
	if x.hi.Sign() >= 0 {
		hi.Quo(x.hi, most)
	} else {
		hi.Quo(x.hi, least)
	}
	return c.enclose(lo, hi, "Quo")
}

// Neg returns −x, exactly.
func (c *Context) Neg(x Interval) Interval {
	if !c.accepts("Neg", x) {
		return Interval{}
	}
	return negated(x)
}

func negated(x Interval) Interval {
	return Interval{negative(x.hi), negative(x.lo)}
}

// negative returns −x, exactly. Differences are sums with it, for big.Float.Sub rounds 0 − x the wrong way: it rounds x as asked,
// and negates the result.
func negative(x *big.Float) *big.Float { return new(big.Float).Neg(x) }

// Abs returns |x|, exactly.
func (c *Context) Abs(x Interval) Interval {
	switch {
	case !c.accepts("Abs", x):
		return Interval{}
	case x.lo.Sign() >= 0:
		return x
	case x.hi.Sign() <= 0:
		return negated(x)
	}
	return Interval{new(big.Float), x.Magnitude()}
}

// Hull returns the smallest interval that includes x and y, exactly.
func (c *Context) Hull(x, y Interval) Interval {
	if !c.accepts2("Hull", x, y) {
		return Interval{}
	}
	return Interval{smaller(x.lo, y.lo), larger(x.hi, y.hi)}
}

func smaller(x, y *big.Float) *big.Float {
	if x.Cmp(y) <= 0 {
		return x
	}
	return y
}

func larger(x, y *big.Float) *big.Float {
	if x.Cmp(y) >= 0 {
		return x
	}
	return y
}

// Ldexp returns 2^n x, exactly within the limits of MaxExponent.
func (c *Context) Ldexp(x Interval, n int) Interval {
	if !c.accepts("Ldexp", x) {
		return Interval{}
	}
	// Twice the limit takes every bound that is not 0 out of range.
	n = max(-2*MaxExponent-1, min(2*MaxExponent+1, n))
	return c.enclose(new(big.Float).SetMantExp(x.lo, n), new(big.Float).SetMantExp(x.hi, n), "Ldexp")
}

// AddError returns an enclosure of x + e for every e with |e| ≤ |t| for some t in bound:
// bounds of truncation errors are added with it.
func (c *Context) AddError(x, bound Interval) Interval {
	if !c.accepts2("AddError", x, bound) {
		return Interval{}
	}
	e := bound.Magnitude()
	lo, hi := c.bounds()
	return c.enclose(add(lo, x.lo, negative(e)), add(hi, x.hi, e), "AddError")
}

// Min returns an enclosure of the smaller of every number in x and every one in y, exactly.
func (c *Context) Min(x, y Interval) Interval {
	if !c.accepts2("Min", x, y) {
		return Interval{}
	}
	return Interval{smaller(x.lo, y.lo), smaller(x.hi, y.hi)}
}
