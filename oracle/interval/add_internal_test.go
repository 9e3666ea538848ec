package interval

import (
	"math/big"
	"testing"

	"contrastcheck/internal/enough"

	"pgregory.net/rapid"
)

// Sums are those of big.Float, to the last bit and in both directions, however far apart the operands are.
func TestAddIsExactlyRounded(t *testing.T) {
	replaced := 0
	number := rapid.Custom(func(t *rapid.T) *big.Float {
		// Powers of two and their neighbours, where the spacing changes, and any others.
		bits := rapid.UintRange(1, 130).Draw(t, "bits")
		m := new(big.Int).Lsh(big.NewInt(1), bits)
		m.Add(m, big.NewInt(rapid.OneOf(rapid.Int64Range(-1, 1), rapid.Int64()).Draw(t, "beside a power of two")))
		x := new(big.Float).SetPrec(bits + 70).SetInt(m)
		if rapid.Bool().Draw(t, "short") {
			x.SetPrec(max(1, x.MinPrec()))
		}
		if rapid.Bool().Draw(t, "negative") {
			x.Neg(x)
		}
		return x
	})
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			x, y := number.Draw(t, "x"), number.Draw(t, "y")
			precision := rapid.UintRange(MinPrecision, 130).Draw(t, "precision")
			at := int(max(x.Prec(), precision)) + 2 // where y gives way
			gap := rapid.OneOf(rapid.IntRange(at-3, at+3), rapid.IntRange(0, 400)).Draw(t, "gap")
			y.SetMantExp(y, x.MantExp(nil)-y.MantExp(nil)-gap)
			if gap >= at && x.Sign() != 0 && y.Sign() != 0 {
				replaced++
			}
			if rapid.Bool().Draw(t, "swapped") {
				x, y = y, x
			}
			for _, mode := range []big.RoundingMode{big.ToNegativeInf, big.ToPositiveInf} {
				z := func() *big.Float { return new(big.Float).SetPrec(precision).SetMode(mode) }
				if got, want := add(z(), x, y), z().Add(x, y); got.Cmp(want) != 0 {
					t.Fatalf("%v + %v to %d bits %v is %v, want %v", x, y, precision, mode, got, want)
				}
			}
		}
	})
	enough.Drawn(t, "sums of operands far apart", replaced, 200)
}
