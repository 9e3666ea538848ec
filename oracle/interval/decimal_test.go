package interval_test

import (
	"math/big"
	"strings"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// Decimals enclose the bounds, and the next ones inward do not.
func TestDecimalsEncloseTightly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := operands(rapid.SampledFrom([]int{3, 60, 2000}).Draw(t, "exponents")).Draw(t, "x")
		digits := rapid.IntRange(1, 40).Draw(t, "digits")
		lower, upper := x.Decimal(digits)
		for _, side := range []struct {
			text  string
			bound *big.Rat
			sign  int
		}{{lower, x.lower, -1}, {upper, x.upper, 1}} {
			value, ok := new(big.Rat).SetString(side.text)
			if !ok {
				t.Fatalf("%#v: %q is no number", x, side.text)
			}
			excess := new(big.Rat).Sub(value, side.bound)
			if side.sign < 0 {
				excess.Neg(excess)
			}
			// A step of the last digit is at most 10^(1−digits) of the value.
			step := new(big.Rat).Quo(new(big.Rat).Abs(value), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits-1)), nil)))
			if excess.Sign() < 0 || excess.Sign() > 0 && excess.Cmp(step) >= 0 && value.Sign() != 0 || written(side.text) > digits {
				t.Fatalf("%#v to %d digits: %q for %s", x, digits, side.text, side.bound.RatString())
			}
		}
	})
}

// written counts the significant digits of a decimal, but for zeros at its ends.
func written(decimal string) int {
	mantissa, _, _ := strings.Cut(strings.TrimPrefix(decimal, "-"), "e")
	return len(strings.TrimRight(strings.TrimLeft(strings.Replace(mantissa, ".", "", 1), "0"), "0"))
}

func TestString(t *testing.T) {
	c := interval.NewContext(64)
	for want, x := range map[string]interval.Interval{
		"[0, 0]":    c.FromInt(0),
		"[-0.5, 2]": between(big.NewRat(-1, 2), big.NewRat(2, 1)),
		"[0.333333333333333333315, 0.333333333333333333343]": c.FromRat(big.NewRat(1, 3)),
		"[1e+30, 1e+30]": interval.NewContext(200).Pow(c.FromInt(10), 30),
	} {
		if got := x.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Bounds too extreme for digits are written as bounds all the same.
func TestExtremeDecimals(t *testing.T) {
	c := interval.NewContext(64)
	tiny, huge := c.Exp(c.FromInt(-500_000)), c.Exp(c.FromInt(500_000))
	for text, x := range map[string]interval.Interval{"0 1e-157826": tiny, "1e+157826 +Inf": huge, "-1e-157826 0": c.Sub(c.FromInt(0), tiny), "-Inf -1e+157826": c.Sub(c.FromInt(0), huge)} {
		lower, upper := x.Decimal(5)
		if found := lower + " " + upper; found != text {
			t.Errorf("decimals %s, want %s", found, text)
		}
		if x.String() == "" {
			t.Error("no string")
		}
	}
}

// The least bound that there is can be written, and the message of a division by it.
func TestUnderflowingIntervalIsWritten(t *testing.T) {
	c := interval.NewContext(64)
	least := c.Exp(c.FromInt(-2_000_000))
	if text := least.String(); text != "[0, 1e-157826]" {
		t.Errorf("written as %s", text)
	}
	if q := c.Quo(c.FromInt(1), least); q.Valid() {
		t.Errorf("1 divided by an interval with 0 is %v", q)
	}
}
