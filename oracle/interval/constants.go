package interval

import "sync"

// Pi returns π.
func (c *Context) Pi() Interval {
	if c.err != nil {
		return Interval{}
	}
	return c.round(pi.at(c))
}

// pi is Machin's π = 16 arctan(1/5) − 4 arctan(1/239).
var pi = constant{enclose: func(c *Context) Interval {
	return c.Sub(c.Mul(c.FromInt(16), c.arctan(5)), c.Mul(c.FromInt(4), c.arctan(239)))
}}

// ln2 is log 2 = 18 artanh(1/26) − 2 artanh(1/4801) + 8 artanh(1/8749).
var ln2 = constant{enclose: func(c *Context) Interval {
	sum := c.Sub(c.Mul(c.FromInt(18), c.artanh(26)), c.Mul(c.FromInt(2), c.artanh(4801)))
	return c.Add(sum, c.Mul(c.FromInt(8), c.artanh(8749)))
}}

// constant is a number, enclosed once for each precision in whole words.
type constant struct {
	enclose func(*Context) Interval
	known   sync.Map // precision (uint) → Interval
}

// at returns an enclosure to at least c's precision.
func (k *constant) at(c *Context) Interval {
	precision := wholeWords(c.precision)
	if x, ok := k.known.Load(precision); ok {
		return x.(Interval)
	}
	inner := &Context{precision: precision + 64}
	x := (&Context{precision: precision}).adopt(inner, k.enclose(inner))
	k.known.Store(precision, x)
	return x
}

// arctan encloses arctan(1/n), and artanh artanh(1/n), n ≥ 2.
func (c *Context) arctan(n int64) Interval { return c.reciprocals(n, -1) }
func (c *Context) artanh(n int64) Interval { return c.reciprocals(n, 1) }

// reciprocals encloses, for n ≥ 2 and sign ±1,
//
//	Σ_i sign^i / ((2i+1) n^(2i+1)),   what follows i < N being at most n^−(2N) in size
//
// as a geometric series with ratio n^−2 ≤ ¼ bounds it by (4/3) n^−(2N+1)/(2N+1).
func (c *Context) reciprocals(n, sign int64) Interval {
	sum, power := c.FromInt(0), c.Quo(c.FromInt(1), c.FromInt(n)) // sign^i / n^(2i+1)
	ratio := c.FromInt(sign * n * n)
	for i := int64(0); power.Magnitude().MantExp(nil) >= -int(c.precision); i++ {
		sum = c.Add(sum, c.Quo(power, c.FromInt(2*i+1)))
		power = c.Quo(power, ratio)
	}
	return c.AddError(sum, c.Mul(power, c.FromInt(2)))
}
