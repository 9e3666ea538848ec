package gmm

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// The magnitudes that a nonzero number may have, and the smallest variance.
// What lies between is safe to read; the solver and the oracle have limits of
// their own on whitened means.
const (
	smallestMagnitude = 1e-200
	largestMagnitude  = 1e30
	smallestVariance  = 1e-30
)

// magnitudes is what InputError says is expected of a number's size.
const magnitudes = "between 1e-200 and 1e30 in size, or 0"

// longestNumber limits the text of one number, so that no file can ask for an
// unbounded integer.
const longestNumber = 1000

// ParseNumber reads a decimal ("0.1", "-2.5e-3") or a fraction ("-1/3")
// exactly. It refuses with ErrNumber what is neither, a zero denominator, and
// a nonzero number outside 1e-200 … 1e30 in size.
func ParseNumber(text string) (*big.Rat, error) {
	refuse := func(expected string) (*big.Rat, error) {
		return nil, &InputError{Expected: expected, Found: strconv.Quote(text), Reason: ErrNumber}
	}
	switch {
	case len(text) > longestNumber:
		return refuse(fmt.Sprintf("a number of at most %d characters", longestNumber))
	case !isDecimal(text) && !isFraction(text):
		return refuse("a decimal or a fraction")
	}
	if _, denominator, isFraction := strings.Cut(text, "/"); isFraction && strings.Trim(denominator, "0") == "" {
		return refuse("a fraction with a nonzero denominator")
	}
	if !withinExponent(text) {
		return refuse("a number " + magnitudes)
	}
	r, ok := rational(text)
	if !ok {
		return refuse("a decimal or a fraction")
	}
	if size := new(big.Rat).Abs(r); size.Sign() != 0 && (size.Cmp(smallestRat) < 0 || size.Cmp(largestRat) > 0) {
		return refuse("a number " + magnitudes)
	}
	return r, nil
}

// Sized words what size is expected of a number that is refused for its size; "" for what is none.
func Sized(err error) string {
	var refused *InputError
	if !errors.As(err, &refused) || !strings.HasSuffix(refused.Expected, magnitudes) {
		return ""
	}
	return " " + strings.TrimSuffix(magnitudes, ", or 0")
}

// rational reads a decimal or a fraction. Rat.SetString would take the parts of a fraction
// for octal where they begin with a 0.
func rational(text string) (*big.Rat, bool) {
	above, below, isFraction := strings.Cut(text, "/")
	if !isFraction {
		return new(big.Rat).SetString(text)
	}
	numerator, ok := new(big.Int).SetString(above, 10)
	denominator, okBelow := new(big.Int).SetString(below, 10)
	if !ok || !okBelow {
		return nil, false
	}
	return new(big.Rat).SetFrac(numerator, denominator), true
}

var (
	smallestRat = new(big.Rat).SetFloat64(smallestMagnitude)
	largestRat  = new(big.Rat).SetFloat64(largestMagnitude)
)

// withinExponent tells whether a decimal's written exponent is one that a
// number of at most longestNumber digits can need.
func withinExponent(text string) bool {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(text[i+1:])
	return err == nil && -2*longestNumber <= exponent && exponent <= 2*longestNumber
}

// FormatNumber writes r as the shortest text that ParseNumber reads back
// exactly: a decimal where one of at most 25 digits exists, else a fraction.
func FormatNumber(r *big.Rat) string {
	const digits = 25
	if r.IsInt() {
		return r.Num().String()
	}
	if new(big.Int).Rem(tenTo(digits), r.Denom()).Sign() != 0 { // no decimal of so few places
		return r.RatString()
	}
	for places := 1; places <= digits; places++ {
		text := r.FloatString(places)
		if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(r) == 0 {
			return text
		}
	}
	return r.RatString()
}

func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

// Rationals returns the exact values of finite floats.
func Rationals(xs ...float64) []*big.Rat {
	rs := make([]*big.Rat, len(xs))
	for i, x := range xs {
		rs[i] = new(big.Rat).SetFloat64(x)
	}
	return rs
}

func doubled(rows [][]*big.Rat) [][]dd.Number {
	out := make([][]dd.Number, len(rows))
	for i, row := range rows {
		out[i] = make([]dd.Number, len(row))
		for j, x := range row {
			out[i][j] = dd.FromRat(x)
		}
	}
	return out
}

func rounded(rows [][]dd.Number) *mat.Dense {
	a := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		for j, x := range row {
			a.Set(i, j, x.Float64())
		}
	}
	return a
}

func symmetricOf(rows [][]dd.Number) *mat.SymDense {
	a := mat.NewSymDense(len(rows), nil)
	for i, row := range rows {
		for j := i; j < len(row); j++ {
			a.SetSym(i, j, row[j].Float64())
		}
	}
	return a
}
