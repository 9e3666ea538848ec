package interval_test

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// doubles draws intervals of all sizes with ends that are no round numbers.
func doubles() *rapid.Generator[interval.Double] {
	return rapid.Custom(func(t *rapid.T) interval.Double {
		end := rapid.Custom(func(t *rapid.T) float64 {
			return math.Ldexp(float64(rapid.Int64Range(-1<<53, 1<<53).Draw(t, "mantissa")), rapid.IntRange(-1120, 960).Draw(t, "exponent"))
		})
		a, b := end.Draw(t, "a"), end.Draw(t, "b")
		return interval.Double{Lo: min(a, b), Hi: max(a, b)}
	})
}

// Each operation contains the exact result at the ends and at a point between them.
func TestDoublesContainExactResults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := doubles().Draw(t, "x"), doubles().Draw(t, "y")
		exact := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
		within := func(what string, d interval.Double, r *big.Rat) {
			if !math.IsInf(d.Lo, -1) && r.Cmp(exact(d.Lo)) < 0 || !math.IsInf(d.Hi, 1) && r.Cmp(exact(d.Hi)) > 0 {
				t.Fatalf("%s: [%g, %g] does not contain an exact result", what, d.Lo, d.Hi)
			}
		}
		for _, a := range []float64{x.Lo, x.Middle(), x.Hi} {
			for _, b := range []float64{y.Lo, y.Middle(), y.Hi} {
				p, q := exact(a), exact(b)
				within("sum", x.Add(y), new(big.Rat).Add(p, q))
				within("difference", x.Sub(y), new(big.Rat).Sub(p, q))
				within("product", x.Mul(y), new(big.Rat).Mul(p, q))
				if b != 0 {
					within("quotient", x.Quo(y), new(big.Rat).Quo(p, q))
				}
			}
			if a >= 0 {
				root := x.Sqrt()
				if low := exact(root.Lo); low.Mul(low, low).Cmp(exact(a)) > 0 {
					t.Fatalf("root: %g is above that of %g", root.Lo, a)
				}
				if high := exact(root.Hi); high.Mul(high, high).Cmp(exact(a)) < 0 {
					t.Fatalf("root: %g is below that of %g", root.Hi, a)
				}
			}
		}
		within("fraction", interval.DoubleOf(big.NewRat(1, 3)), big.NewRat(1, 3))
	})
}

// What has no bounds is the whole line, and no NaN comes out of it.
func TestDoublesWithoutBounds(t *testing.T) {
	zero, one := interval.Exactly(0), interval.Exactly(1)
	line := one.Quo(zero)
	huge := interval.Exactly(math.MaxFloat64)
	for what, x := range map[string]interval.Double{
		"0·line": zero.Mul(line), "line−line": line.Sub(line), "line+line": line.Add(line), "line/line": line.Quo(line), "root": interval.Exactly(-1).Sqrt(),
	} {
		if math.IsNaN(x.Lo) || math.IsNaN(x.Hi) || x.Bounded() {
			t.Errorf("%s is [%g, %g]", what, x.Lo, x.Hi)
		}
	}
	if over := huge.Mul(huge); over.Lo != math.MaxFloat64 || !math.IsInf(over.Hi, 1) {
		t.Errorf("an overflow is [%g, %g], not from the largest number on", over.Lo, over.Hi)
	}
	c := interval.NewContext(64)
	if x := c.FromDouble(interval.Double{Lo: 0.1, Hi: 0.2}).Double(); x.Lo > 0.1 || x.Hi < 0.2 || x.Lo < 0.09 || x.Hi > 0.21 {
		t.Errorf("there and back: [%g, %g]", x.Lo, x.Hi)
	}
}
