package interval

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"strings"
)

// String returns "[lower, upper]" in decimals, rounded outward, with about two digits more
// than the bounds have in common; "invalid" if x is invalid.
func (x Interval) String() string {
	if !x.Valid() {
		return "invalid"
	}
	bits := int(max(x.lo.MinPrec(), x.hi.MinPrec()))
	if !x.isPoint() {
		bits = x.Magnitude().MantExp(nil) - x.Width().MantExp(nil)
	}
	lower, upper := x.Decimal(3 + int(float64(max(0, bits))*math.Log10(2)))
	return fmt.Sprintf("[%s, %s]", lower, upper)
}

// Decimal returns decimals of so many significant digits, at least 1, lower ≤ every number in x ≤ upper,
// such as "-0.00123" and "1.23e+30"; the nearest such, and "-Inf" and "+Inf" if x is invalid.
func (x Interval) Decimal(digits int) (lower, upper string) {
	if !x.Valid() {
		return "-Inf", "+Inf"
	}
	return decimal(x.lo, digits, -1), decimal(x.hi, digits, 1)
}

// decimal returns x rounded to digits, downward for direction −1, upward for +1.
func decimal(x *big.Float, digits, direction int) string {
	if x.Sign() == 0 {
		return "0"
	}
	digits = max(1, digits)
	// A power of ten of moderate size is exact with so many bits, and so is a product with it.
	binary := x.MantExp(nil)
	c := &Context{precision: x.MinPrec() + uint(4*digits) + 64 + uint(4*min(max(binary, -binary), 1<<10))}
	up := direction*x.Sign() > 0
	if text, beyond := extreme(x, binary, up); beyond {
		return text
	}
	magnitude := new(big.Float).Abs(x)
	e := int(math.Floor(float64(binary-1)*math.Log10(2))) + 1 - digits
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	for ; ; e++ {
		m := c.times10(Interval{magnitude, magnitude}, -e).whole(up)
		if m.CmpAbs(limit) < 0 {
			if x.Sign() < 0 {
				m.Neg(m)
			}
			return format(m, e)
		}
	}
}

// extreme returns a bound of a number that is too small or too large to be written in digits: beyond
// 2^±524288, which lies beyond 10^±157826.
func extreme(x *big.Float, binary int, up bool) (text string, beyond bool) {
	const most = 1 << 19 // half of MaxExponent, so that 10^n is in range
	sign := ""
	if x.Sign() < 0 {
		sign = "-"
	}
	switch {
	case binary < -most && up:
		return sign + "1e-157826", true
	case binary < -most:
		return "0", true
	case binary > most && up:
		return cmp.Or(sign, "+") + "Inf", true
	case binary > most:
		return sign + "1e+157826", true
	}
	return "", false
}

// times10 returns 10^n x.
func (c *Context) times10(x Interval, n int) Interval {
	power := c.pow(c.FromInt(10), max(n, -n))
	if n < 0 {
		return c.Quo(x, power)
	}
	return c.Mul(x, power)
}

// whole returns a whole number below or above every number in x ≥ 0.
func (x Interval) whole(above bool) *big.Int {
	if !above {
		m, _ := x.lo.Int(nil)
		return m
	}
	m, accuracy := x.hi.Int(nil)
	if accuracy == big.Below {
		m.Add(m, big.NewInt(1))
	}
	return m
}

// format writes m 10^e without trailing zeros, with an exponent where that is much shorter.
func format(m *big.Int, e int) string {
	sign, digits := "", m.String()
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return "0"
	}
	e += len(digits) - len(short)
	point := len(short) + e // digits before the decimal point
	const least, most = -4, 21
	switch {
	case point <= least || point > most:
		fraction := short[1:]
		if fraction != "" {
			fraction = "." + fraction
		}
		return fmt.Sprintf("%s%s%se%+03d", sign, short[:1], fraction, point-1)
	case point <= 0:
		return sign + "0." + strings.Repeat("0", -point) + short
	case e >= 0:
		return sign + short + strings.Repeat("0", e)
	}
	return sign + short[:point] + "." + short[point:]
}
