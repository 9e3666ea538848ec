package proof

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"contrastcheck/oracle/interval"
)

// Number is a real number in decimals, rounded to nearest.
type Number struct {
	Text   string // such as "-0.000239", "1.20e-31", or "0"
	Digits int    // significant digits of Text, each one right; those asked for of an exact 0
	Below  string // where no digit is known, a power of ten that the number's size is below; "" else
}

// newNumber returns the number in an interval to so many significant digits, or to as many as the
// interval settles.
func newNumber(v interval.Interval, digits int) Number {
	if v.Magnitude().Sign() == 0 {
		return Number{Text: "0", Digits: digits}
	}
	if v.Sign() != 0 {
		for n := digits; n > 0; n-- {
			if text := significant(v.Lower(), n); text == significant(v.Upper(), n) {
				return Number{Text: text, Digits: n}
			}
		}
	}
	size, _ := v.Magnitude().Rat(nil)
	return Number{Text: "0", Below: fmt.Sprintf("1e%+03d", order(size)+1)}
}

// lacking estimates how many more bits of accuracy settle so many digits of what an interval holds;
// none, where it may be 0 and accuracy is smallest already.
func lacking(v interval.Interval, digits, accuracy int) int {
	if v.Sign() == 0 {
		const step = 80
		return max(0, min(step, smallest-accuracy))
	}
	const least, spare = 24, 8 // a digit next to a tie may need many
	relative, _ := new(big.Float).Quo(v.Width(), v.Magnitude()).Float64()
	return max(least, int(math.Log2(relative)+float64(digits)*math.Log2(10))+spare)
}

// smallest is the accuracy in bits beyond which no digits are sought of numbers that may be 0: 1e-40, and a few.
const smallest = 141

// order returns ⌊log₁₀ x⌋ for x > 0.
func order(x *big.Rat) int {
	text := new(big.Float).SetPrec(64).SetRat(x).Text('e', 30)
	var exponent int
	fmt.Sscanf(text[strings.IndexByte(text, 'e')+1:], "%d", &exponent)
	switch { // the text is rounded
	case x.Cmp(tenTo(exponent)) < 0:
		return exponent - 1
	case x.Cmp(tenTo(exponent+1)) >= 0:
		return exponent + 1
	}
	return exponent
}

// tenTo returns 10^n.
func tenTo(n int) *big.Rat {
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
	if n < 0 {
		power.Inv(power)
	}
	return power
}

// significant rounds x to nearest at so many significant digits.
func significant(x *big.Float, digits int) string {
	if x.Sign() == 0 {
		return "0"
	}
	exact, _ := x.Rat(nil)
	size := new(big.Rat).Abs(exact)
	exponent := order(size)
	mantissa := size.Mul(size, tenTo(digits-1-exponent)).FloatString(0)
	if len(mantissa) > digits { // 9.99 has become 10.0
		mantissa, exponent = mantissa[:digits], exponent+1
	}
	sign := ""
	if x.Sign() < 0 {
		sign = "-"
	}
	const mostZeros = 6 // after the point, before the digits
	switch {
	case exponent < 0 && exponent >= -mostZeros:
		return sign + "0." + strings.Repeat("0", -exponent-1) + mantissa
	case exponent >= 0 && exponent < digits:
		return sign + pointed(mantissa, exponent+1)
	}
	return sign + pointed(mantissa, 1) + fmt.Sprintf("e%+03d", exponent)
}

// pointed writes the point after so many digits, unless there are no more.
func pointed(digits string, whole int) string {
	if whole == len(digits) {
		return digits
	}
	return digits[:whole] + "." + digits[whole:]
}
