package proof

import (
	"math/big"
	"strings"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	c := interval.NewContext(400)
	point := func(text string) interval.Interval {
		r, _ := new(big.Rat).SetString(text)
		return c.FromRat(r)
	}
	for _, test := range []struct {
		value  string
		digits int
		want   string
	}{
		{"1.23456", 3, "1.23"}, {"-0.0056", 3, "-0.00560"}, {"-0.00023925065", 4, "-0.0002393"}, {"123456", 2, "1.2e+05"},
		{"123456", 6, "123456"}, {"0", 3, "0"}, {"-1.1e-31", 4, "-1.100e-31"}, {"0.99999", 3, "1.00"}, {"0.0000009996", 3, "0.00000100"},
		{"9.5", 1, "1e+01"}, {"0.000000123", 2, "1.2e-07"}, {"1e-120", 1, "1e-120"}, {"0.1", 60, "0.1" + strings.Repeat("0", 59)},
	} {
		if got := newNumber(point(test.value), test.digits); got != (Number{Text: test.want, Digits: test.digits}) {
			t.Errorf("%s to %d digits: %+v, want %s", test.value, test.digits, got, test.want)
		}
	}
	between := func(low, high string) interval.Interval { return c.Hull(point(low), point(high)) }
	for _, test := range []struct {
		value interval.Interval
		want  Number
	}{
		{between("1.234", "1.236"), Number{Text: "1.2", Digits: 2}},
		{between("-1e-41", "9e-41"), Number{Text: "0", Below: "1e-40"}},
		{between("-1e-41", "1e-40"), Number{Text: "0", Below: "1e-39"}},
		{between("0", "3e-5"), Number{Text: "0", Below: "1e-04"}},
		{between("0.4", "2"), Number{Text: "0", Below: "1e+01"}},
	} {
		if got := newNumber(test.value, 3); got != test.want {
			t.Errorf("%v: %+v, want %+v", test.value, got, test.want)
		}
	}
}

// What is written is within half a unit of the last digit, and has the digits asked for.
func TestSignificantRoundsToNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(1, 40).Draw(t, "digits")
		x := new(big.Float).SetMantExp(big.NewFloat(float64(rapid.Int64Range(1, 1<<52).Draw(t, "mantissa"))), rapid.IntRange(-300, 200).Draw(t, "exponent"))
		text := significant(x, digits)
		got, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q is no number", text)
		}
		exact, _ := x.Rat(nil)
		off := new(big.Rat).Sub(got, exact)
		if limit := new(big.Rat).Quo(tenTo(order(exact)-digits+1), big.NewRat(2, 1)); off.Abs(off).Cmp(limit) > 0 {
			t.Fatalf("%v to %d digits: %s is off by more than half a unit", x, digits, text)
		}
		mantissa, _, _ := strings.Cut(text, "e")
		if n := len(strings.TrimLeft(strings.Replace(mantissa, ".", "", 1), "0")); n != digits {
			t.Fatalf("%v to %d digits: %s has %d", x, digits, text, n)
		}
	})
}
