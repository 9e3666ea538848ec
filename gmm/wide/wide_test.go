package wide

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/gmm/dd"

	"pgregory.net/rapid"
)

var rationals = rapid.Custom(func(t *rapid.T) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(rapid.Int64().Draw(t, "above"), rapid.Int64Range(1, math.MaxInt64).Draw(t, "below")),
		new(big.Rat).SetFloat64(math.Ldexp(1, rapid.IntRange(-100, 100).Draw(t, "scale"))))
})

func abs(x *big.Rat) *big.Rat { return new(big.Rat).Abs(x) }

func TestDotIsWithinItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		x := rapid.SliceOfN(rationals, n, n).Draw(t, "x")
		y := rapid.SliceOfN(rationals, n, n).Draw(t, "y")
		exact, sizes := new(big.Rat), new(big.Rat)
		for i := range x {
			product := new(big.Rat).Mul(x[i], y[i])
			exact.Add(exact, product)
			sizes.Add(sizes, abs(product))
		}
		rows := Rows([][]*big.Rat{x, y})
		got, _ := Dot(rows[0], rows[1]).Rat(nil)
		// Both factors are rounded, too.
		bound := sizes.Mul(sizes, new(big.Rat).SetFloat64(float64(n+2)*Epsilon))
		if off := abs(exact.Sub(exact, got)); off.Cmp(bound) > 0 {
			t.Fatalf("off by %s, bound %s", off.FloatString(200), bound.FloatString(200))
		}
	})
}

func TestDoubleAndUpper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rationals.Draw(t, "r")
		x := fromRat(r)
		d := Double(x)
		got := new(big.Rat).Add(new(big.Rat).SetFloat64(d.Hi), new(big.Rat).SetFloat64(d.Lo))
		bound := new(big.Rat).Mul(abs(r), new(big.Rat).SetFloat64(dd.Epsilon))
		if off := got.Sub(got, r); abs(off).Cmp(bound) > 0 {
			t.Fatalf("Double(%s) = %v", r, d)
		}
		if above := new(big.Float).SetFloat64(Upper(x.Abs(x))); above.Cmp(x) < 0 {
			t.Fatalf("Upper(|%s|) = %v", r, above)
		}
	})
	if Upper(Zero()) != 0 {
		t.Fatal("Upper(0) is not 0")
	}
	if tiny := new(big.Float).SetMantExp(big.NewFloat(1), -3000); Upper(tiny) != math.SmallestNonzeroFloat64 {
		t.Fatalf("Upper(2^-3000) = %v", Upper(tiny))
	}
}

func TestNormIsAtLeastTheLength(t *testing.T) {
	x := []*big.Float{Of(3), Of(-4)}
	if n := Norm(x); n.Cmp(Of(5)) < 0 || n.Cmp(Of(5.0001)) > 0 {
		t.Fatalf("the norm of (3, -4) is %v", n)
	}
}
