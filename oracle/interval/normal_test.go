package interval_test

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// Values of Φ and φ to forty digits, by another program (mpmath).
func TestNormalKnownValues(t *testing.T) {
	for _, v := range []struct{ x, density, distribution string }{
		{"0", "0.3989422804014326779399460599343818684759", "0.5"},
		{"1", "0.2419707245191433497978301929355606548287", "0.8413447460685429485852325456320379224779"},
		{"-1", "0.2419707245191433497978301929355606548287", "0.1586552539314570514147674543679620775221"},
		{"3", "0.0044318484119380071756023526961210112431687318", "0.998650101968369905473348185232405022622170632"},
	} {
		for _, precision := range []uint{40, 90, 120} {
			c := interval.NewContext(precision)
			number := func(text string) *big.Rat { r, _ := new(big.Rat).SetString(text); return r }
			density, distribution := c.Normal(c.FromRat(number(v.x)))
			slack := c.FromRat(power2(big.NewRat(1, 1), -125)) // half a digit of the values, and more
			if !c.AddError(density, slack).Contains(number(v.density)) || !c.AddError(distribution, slack).Contains(number(v.distribution)) {
				t.Errorf("%s at %d bits: %v, %v, expected %s, %s", v.x, precision, density, distribution, v.density, v.distribution)
			}
		}
	}
}

// Φ(x) is narrow in relative terms on either side, agrees with another precision, with the complement and with float64.
func TestNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		x := operands(7).Filter(func(o operand) bool { return o.isPoint() && new(big.Rat).Abs(o.lower).Cmp(big.NewRat(100, 1)) < 0 }).Draw(t, "x")
		c, fine := interval.NewContext(precision), interval.NewContext(2*precision+64)
		density, distribution := c.Normal(x.Interval)
		better, best := fine.Normal(x.Interval)
		if !density.Includes(better) || !distribution.Includes(best) {
			t.Fatalf("%v: [%v, %v] does not include [%v, %v]", x, density, distribution, better, best)
		}
		const most = 8
		if u := ulps(distribution, precision); u > most {
			t.Fatalf("Φ(%v) = %v is %g ulps wide at %d bits", x, distribution, u, precision)
		}
		if u := ulps(density, precision); u > most {
			t.Fatalf("φ(%v) = %v is %g ulps wide at %d bits", x, density, u, precision)
		}
		_, other := fine.Normal(fine.Neg(x.Interval))
		if sum := fine.Add(best, other); !sum.Contains(big.NewRat(1, 1)) {
			t.Fatalf("Φ(x) + Φ(−x) = %v", sum)
		}
		value, _ := x.lower.Float64()
		got, _ := best.Lower().Float64()
		const rounding = 1e-12 // of math.Erfc, and of its argument up to 100
		if want := math.Erfc(-value/math.Sqrt2) / 2; math.Abs(got-want) > rounding*(1+value*value)*want+math.SmallestNonzeroFloat64 {
			t.Fatalf("Φ(%v) = %g, in float64 %g", value, got, want)
		}
	})
}

// Of an interval, Φ and φ include those of every point in it.
func TestNormalOfIntervals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := interval.NewContext(precisions().Draw(t, "precision"))
		x := operands(4).Filter(func(o operand) bool {
			return new(big.Rat).Abs(o.lower).Cmp(big.NewRat(60, 1)) < 0 && new(big.Rat).Abs(o.upper).Cmp(big.NewRat(60, 1)) < 0
		}).Draw(t, "x")
		density, distribution := c.Normal(x.Interval)
		exact := interval.NewContext(600)
		inner, outer := exact.Normal(exact.FromRat(x.member))
		if !density.Includes(inner) || !distribution.Includes(outer) {
			t.Fatalf("[%v, %v] does not include [%v, %v]", density, distribution, inner, outer)
		}
	})
}

func BenchmarkNormal(b *testing.B) {
	for _, x := range []struct {
		name  string
		value int64
	}{{"1", 1}, {"-8", -8}, {"-40", -40}} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				c := interval.NewContext(128)
				c.Normal(c.FromInt(x.value))
			}
		})
	}
}
