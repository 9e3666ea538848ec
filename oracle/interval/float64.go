package interval

import (
	"math"
	"math/big"
)

// Float64 is a closed finite interval with float64 bounds, for quick sifting: each
// operation rounds to nearest, as IEEE 754 has it, and takes the next float64 outward, which
// encloses the exact result, among subnormal numbers too.
//
// Where an operation has no answer, bounds overflow included, the result is
// invalid: both bounds are NaN, and so is what is computed from it. The zero Float64 is [0, 0].
type Float64 struct{ lo, hi float64 }

// NewFloat64 returns [lo, hi]; it is invalid unless lo ≤ hi and both are finite.
func NewFloat64(lo, hi float64) Float64 {
	if !(lo <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return Float64{math.NaN(), math.NaN()}
	}
	return Float64{lo, hi}
}

// outward returns [lo, hi] widened by one float64 on either side.
func outward(lo, hi float64) Float64 {
	return NewFloat64(math.Nextafter(lo, math.Inf(-1)), math.Nextafter(hi, math.Inf(1)))
}

// Float64 returns x with its bounds rounded outward; it is invalid if x is, or beyond the range of a float64.
func (x Interval) Float64() Float64 {
	if !x.Valid() {
		return Float64{math.NaN(), math.NaN()}
	}
	lo, below := x.lo.Float64()
	if below == big.Above {
		lo = math.Nextafter(lo, math.Inf(-1))
	}
	hi, above := x.hi.Float64()
	if above == big.Below {
		hi = math.Nextafter(hi, math.Inf(1))
	}
	return NewFloat64(lo, hi)
}

// FromFloat64 returns x, rounded outward only if the context has less than 53 bits.
func (c *Context) FromFloat64(x Float64) Interval {
	if c.err == nil && !x.Valid() {
		return c.fail(ErrInvalid, "FromFloat64")
	}
	if c.err != nil {
		return Interval{}
	}
	return c.Round(Interval{big.NewFloat(x.lo), big.NewFloat(x.hi)})
}

// Valid tells whether x is an interval.
func (x Float64) Valid() bool { return x.lo <= x.hi }

// Lower returns the lower bound, NaN if x is invalid.
func (x Float64) Lower() float64 { return x.lo }

// Upper returns the upper bound, NaN if x is invalid.
func (x Float64) Upper() float64 { return x.hi }

// Sign returns +1 if every number in x is positive, −1 if every one is negative, and 0
// if x contains 0 or is invalid.
func (x Float64) Sign() int {
	switch {
	case x.lo > 0:
		return 1
	case x.hi < 0:
		return -1
	}
	return 0
}

// Neg returns −x, exactly.
func (x Float64) Neg() Float64 { return Float64{-x.hi, -x.lo} }

// Add returns x + y.
func (x Float64) Add(y Float64) Float64 { return outward(x.lo+y.lo, x.hi+y.hi) }

// Sub returns x − y.
func (x Float64) Sub(y Float64) Float64 { return outward(x.lo-y.hi, x.hi-y.lo) }

// Mul returns x y.
func (x Float64) Mul(y Float64) Float64 {
	a, b, c, d := float64(x.lo*y.lo), float64(x.lo*y.hi), float64(x.hi*y.lo), float64(x.hi*y.hi)
	return outward(min(a, b, c, d), max(a, b, c, d))
}

// Sqr returns x².
func (x Float64) Sqr() Float64 {
	a, b := float64(x.lo*x.lo), float64(x.hi*x.hi)
	if x.lo <= 0 && x.hi >= 0 {
		return NewFloat64(0, outward(0, max(a, b)).hi)
	}
	return outward(min(a, b), max(a, b))
}

// Quo returns x/y; it is invalid if y contains 0.
func (x Float64) Quo(y Float64) Float64 {
	if y.Sign() == 0 {
		return Float64{math.NaN(), math.NaN()}
	}
	a, b, c, d := x.lo/y.lo, x.lo/y.hi, x.hi/y.lo, x.hi/y.hi
	return outward(min(a, b, c, d), max(a, b, c, d))
}
