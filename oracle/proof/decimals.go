package proof

import (
	"math/big"
	"strings"

	"contrastcheck/oracle/interval"
)

// decimals rounds the numbers in the intervals to so many significant digits of the largest, and tells
// whether the intervals are narrow enough to settle every digit.
func decimals(values []interval.Interval, digits int) (texts []string, settled bool) {
	largest := new(big.Float)
	for _, v := range values {
		if m := v.Magnitude(); m.Cmp(largest) > 0 {
			largest = m
		}
	}
	places := digits
	if largest.Sign() > 0 {
		size, _ := largest.Rat(nil)
		if exponent := order(size); exponent > -mostZeros {
			places = digits - exponent - 1
		}
	}
	for _, v := range values {
		lower, upper := fixed(v.Lower(), places), fixed(v.Upper(), places)
		if lower != upper {
			return nil, false
		}
		texts = append(texts, lower)
	}
	return texts, true
}

// mostZeros limits the zeros after the point: the digits of smaller numbers, which are as good as 0, are counted from
// the point.
const mostZeros = 30

// order returns ⌊log₁₀ x⌋ for x > 0.
func order(x *big.Rat) int {
	text := new(big.Float).SetPrec(64).SetRat(x).Text('e', 30)
	exponent := 0
	if i := strings.IndexByte(text, 'e'); i >= 0 {
		for _, digit := range text[i+2:] {
			exponent = 10*exponent + int(digit-'0')
		}
		if text[i+1] == '-' {
			exponent = -exponent
		}
	}
	return exponent
}

// fixed rounds x to nearest at the given number of places after the point, which may be negative: then zeros stand
// before the point.
func fixed(x *big.Float, places int) string {
	exact, _ := x.Rat(nil)
	if places >= 0 {
		return positiveZero(exact.FloatString(places))
	}
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-places)), nil))
	return positiveZero(new(big.Rat).Quo(exact, power).FloatString(0) + strings.Repeat("0", -places))
}

// positiveZero takes the sign from a zero.
func positiveZero(text string) string {
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}
