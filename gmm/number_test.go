package gmm_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "0.1": "1/10", "-1/3": "-1/3", "+2": "2", "1e3": "1000", ".5": "1/2", "5.": "5", "-2.5E-3": "-1/400", "4/6": "2/3",
	} {
		got, err := gmm.ParseNumber(text)
		if err != nil || got.RatString() != want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " 1", "1 ", "NaN", "Inf", "-inf", "1/0", "1/00", "0x10", "1_000", "1/2/3", "1/-2", "1.5/2", "--1", "e5", ".",
		"1e31", "1e-201", "1e99999", "1e9999999999", "١", strings.Repeat("1", 1001),
	} {
		got, err := gmm.ParseNumber(text)
		if !errors.Is(err, gmm.ErrNumber) {
			t.Errorf("ParseNumber(%q) = %v, %v, want ErrNumber", text, got, err)
		}
	}
}

func TestFormatNumberRoundTrips(t *testing.T) {
	for _, text := range []string{"0", "-7", "1/2", "-1/3", "5.006", "123456789012345678901234567890/7", "0.0000000000000000000000001"} {
		want, _ := new(big.Rat).SetString(text)
		got, err := gmm.ParseNumber(gmm.FormatNumber(want))
		if err != nil || got.Cmp(want) != 0 {
			t.Errorf("%s is written as %q, which reads as %v, %v", text, gmm.FormatNumber(want), got, err)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"1", "-1/3", "2.5e-3", "1e9999", "1/0", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := gmm.ParseNumber(text)
		if err != nil {
			if !errors.Is(err, gmm.ErrNumber) {
				t.Fatalf("ParseNumber(%q): %v is not ErrNumber", text, err)
			}
			return
		}
		again, err := gmm.ParseNumber(gmm.FormatNumber(got))
		if err == nil && again.Cmp(got) != 0 {
			t.Fatalf("%q is written as %q, which reads as %v", text, gmm.FormatNumber(got), again)
		}
	})
}

// A leading zero is no sign of octal numbers, neither in decimals nor in fractions.
func TestLeadingZerosAreDecimal(t *testing.T) {
	for text, want := range map[string]string{"010": "10", "010/1": "10", "1/010": "1/10", "-007/08": "-7/8", "+09/3": "3", "00.5": "1/2", "010.5": "21/2", "010e1": "100"} {
		r, err := gmm.ParseNumber(text)
		if err != nil || r.RatString() != want {
			t.Errorf("%s is read as %v (%v), want %s", text, r, err, want)
		}
	}
}
