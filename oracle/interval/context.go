package interval

import (
	"errors"
	"fmt"
	"math/big"
)

// What a Context's Err wraps.
var (
	ErrPrecision = errors.New("interval: precision out of range")
	ErrInvalid   = errors.New("interval: invalid operand")
	ErrDivision  = errors.New("interval: division by an interval that contains 0")
	ErrRoot      = errors.New("interval: square root of an interval that reaches below 0")
	ErrLogarithm = errors.New("interval: logarithm of an interval that reaches 0")
	ErrOverflow  = errors.New("interval: overflow")
)

// Precisions that NewContext accepts, in bits.
const (
	MinPrecision = 8
	MaxPrecision = 1 << 16
)

// MaxExponent limits the size of bounds: |bound| < 2^MaxExponent, about 10^315653;
// beyond is ErrOverflow. A bound that is not 0 and below 2^−MaxExponent is rounded outward
// to ±2^−MaxExponent or 0. The limits keep big.Float, whose exponents have 32
// bits, far from its own overflow, and its sums from needing long shifts.
const MaxExponent = 1 << 20

// least is the smallest positive bound, 2^−MaxExponent.
var least = new(big.Float).SetMantExp(big.NewFloat(1), -MaxExponent)

// Context does interval arithmetic: each operation returns an enclosure of the
// exact result for all reals in its operands, whose bounds are rounded outward to
// the context's precision. Operands may be of any precision; they are never changed.
//
// An operation that has no such answer returns an invalid Interval, the first one
// is recorded (see Err), and from then on every operation returns an invalid Interval.
// A Context serves one goroutine at a time. Create it with NewContext.
type Context struct {
	precision uint
	err       error
}

// NewContext returns a context that rounds to precision bits. If that is less than MinPrecision
// or more than MaxPrecision, its Err is ErrPrecision from the start.
func NewContext(precision uint) *Context {
	c := &Context{precision: precision}
	if precision < MinPrecision || precision > MaxPrecision {
		c.err = fmt.Errorf("%w: expected %d to %d bits, found %d", ErrPrecision, MinPrecision, MaxPrecision, precision)
	}
	return c
}

// Err returns the first error, nil if every operation so far had an answer.
func (c *Context) Err() error { return c.err }

// fail records an error, unless there was one before, and returns an invalid Interval.
func (c *Context) fail(err error, operation string, operands ...Interval) Interval {
	if c.err == nil {
		for i, x := range operands {
			if i > 0 {
				operation += " and"
			}
			operation += " " + x.String()
		}
		c.err = fmt.Errorf("%w: in %s", err, operation)
	}
	return Interval{}
}

// accepts tells whether an operation can go ahead; if not, the error is recorded.
func (c *Context) accepts(operation string, x Interval) bool {
	if c.err == nil && !x.Valid() {
		c.fail(ErrInvalid, operation)
	}
	return c.err == nil
}

// accepts2 is accepts for two operands.
func (c *Context) accepts2(operation string, x, y Interval) bool {
	return c.accepts(operation, x) && c.accepts(operation, y)
}

// bounds returns two numbers to compute a lower and an upper bound in.
func (c *Context) bounds() (lo, hi *big.Float) {
	pair := new([2]big.Float)
	return pair[0].SetPrec(c.precision).SetMode(big.ToNegativeInf), pair[1].SetPrec(c.precision).SetMode(big.ToPositiveInf)
}

// enclose returns [lo, hi] with the limits of MaxExponent observed. Each operation ends with it.
func (c *Context) enclose(lo, hi *big.Float, operation string) Interval {
	if lo.MantExp(nil) > MaxExponent || hi.MantExp(nil) > MaxExponent {
		return c.fail(ErrOverflow, operation)
	}
	if tiny(lo) {
		if lo.Sign() > 0 {
			lo = new(big.Float)
		} else {
			lo = new(big.Float).Neg(least)
		}
	}
	if tiny(hi) {
		if hi.Sign() < 0 {
			hi = new(big.Float)
		} else {
			hi = least
		}
	}
	return Interval{lo, hi}
}

// tiny tells whether 0 < |x| < 2^−MaxExponent.
func tiny(x *big.Float) bool { return x.Sign() != 0 && x.MantExp(nil) <= -MaxExponent }

// FromRat returns an enclosure of r, [r, r] if its bits suffice.
func (c *Context) FromRat(r *big.Rat) Interval {
	if c.err != nil {
		return Interval{}
	}
	lo, hi := c.bounds()
	return c.enclose(lo.SetRat(r), hi.SetRat(r), "FromRat")
}

// FromInt returns an enclosure of n, [n, n] if its bits suffice.
func (c *Context) FromInt(n int64) Interval {
	if c.err != nil {
		return Interval{}
	}
	lo, hi := c.bounds()
	return c.enclose(lo.SetInt64(n), hi.SetInt64(n), "FromInt")
}

// FromFloat returns an enclosure of x, [x, x] if its bits suffice. An infinite x is an ErrOverflow.
func (c *Context) FromFloat(x *big.Float) Interval {
	if c.err != nil {
		return Interval{}
	}
	if x.IsInf() {
		return c.fail(ErrOverflow, "FromFloat")
	}
	lo, hi := c.bounds()
	return c.enclose(lo.Set(x), hi.Set(x), "FromFloat")
}

// round returns x rounded outward to the context's precision.
func (c *Context) round(x Interval) Interval {
	if !c.accepts("round", x) {
		return Interval{}
	}
	lo, hi := c.bounds()
	return c.enclose(lo.Set(x.lo), hi.Set(x.hi), "round")
}

// with returns a context for intermediate results with at least so many more bits,
// filled up to whole words, which cost nothing.
func (c *Context) with(more uint) *Context {
	return &Context{precision: wholeWords(c.precision + more), err: c.err}
}

func wholeWords(bits uint) uint { return (bits + 63) / 64 * 64 }

// adopt rounds a result of an intermediate context, with that context's error.
func (c *Context) adopt(inner *Context, x Interval) Interval {
	if c.err == nil {
		c.err = inner.err
	}
	if c.err != nil {
		return Interval{}
	}
	return c.round(x)
}
