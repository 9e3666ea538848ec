package interval_test

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// mostFunctionUlps is how wide exp, log and √ of a point may be: their argument reductions leave a few guard bits.
const mostFunctionUlps = 4

// exponential returns lower ≤ e^x ≤ upper, |x| ≤ 2^12, with relative distance below 2^−bits, in rationals:
// the Taylor sum of x/2^m, |x/2^m| ≤ ¼, squared m times, whose remainder after N terms is at most 2 |r|^N/N!.
func exponential(x *big.Rat, bits int) (lower, upper *big.Rat) {
	const reduction = 14
	work := bits + 3*reduction + 16
	r := power2(x, -reduction)
	sum, term := big.NewRat(1, 1), big.NewRat(1, 1)
	for n := int64(1); term.Sign() != 0 && term.Num().BitLen()-term.Denom().BitLen() > -work; n++ {
		term.Mul(term, r)
		term = shortened(term.Quo(term, big.NewRat(n, 1)), 2*work, 0)
		sum.Add(sum, term)
	}
	// Each shortened term errs by 2^(−2 work) at most, and there are fewer than 2^work.
	slack := power2(big.NewRat(4, 1), -work)
	lower, upper = new(big.Rat).Sub(sum, slack), new(big.Rat).Add(sum, slack)
	for range reduction {
		lower = shortened(lower.Mul(lower, lower), work+relative(lower), -1)
		upper = shortened(upper.Mul(upper, upper), work+relative(upper), 1)
	}
	return lower, upper
}

// relative is how many bits after the point x > 0 has before its first digit.
func relative(x *big.Rat) int { return max(0, 2*(x.Denom().BitLen()-x.Num().BitLen())+4) }

// shortened rounds x to so many bits after the point, down for direction −1, up for +1.
func shortened(x *big.Rat, bits, direction int) *big.Rat {
	scaled := power2(x, bits)
	n := new(big.Int).Div(scaled.Num(), scaled.Denom()) // floor, as the denominator is positive
	if direction > 0 {
		n.Add(n, big.NewInt(1))
	}
	return power2(new(big.Rat).SetInt(n), -bits)
}

// exponents are operands for exp: to ±2^12, tiny ones among them.
func exponents() *rapid.Generator[operand] {
	return operands(50).Filter(func(o operand) bool {
		return new(big.Rat).Abs(o.lower).Cmp(big.NewRat(1<<11, 1)) < 0 && new(big.Rat).Abs(o.upper).Cmp(big.NewRat(1<<11, 1)) < 0
	})
}

func TestExpEnclosesTheTaylorSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		x := exponents().Draw(t, "x")
		got := c.Exp(x.Interval)
		lower, upper := exponential(x.member, int(precision)+64)
		if !got.Overlaps(interval.NewContext(precision+200).Hull(interval.NewContext(precision+200).FromRat(lower), interval.NewContext(precision+200).FromRat(upper))) {
			t.Fatalf("exp %#v = %v does not meet [%s, %s]", x, got, lower.FloatString(30), upper.FloatString(30))
		}
		if n := ulps(got, precision); x.isPoint() && n > mostFunctionUlps {
			t.Fatalf("exp %#v = %v is %v ulps wide", x, got, n)
		}
	})
}

// y ≤ log x exactly if e^y ≤ x.
func TestLogIsWhatExpInverts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		x := positive(300).Draw(t, "x")
		got := c.Log(x.Interval)
		below, _ := exponential(rational(got.Lower()), int(precision)+64)
		_, above := exponential(rational(got.Upper()), int(precision)+64)
		if below.Cmp(x.member) > 0 || above.Cmp(x.member) < 0 {
			t.Fatalf("log %#v = %v", x, got)
		}
		if n := ulps(got, precision); x.isPoint() && n > mostFunctionUlps {
			t.Fatalf("log %#v = %v is %v ulps wide", x, got, n)
		}
	})
}

// Next to 1, where the logarithm cancels, it is as tight.
func TestLogNextToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		u := power2(big.NewRat(rapid.SampledFrom([]int64{-1, 1}).Draw(t, "sign"), 1), -rapid.IntRange(2, 300).Draw(t, "e"))
		x := new(big.Rat).Add(big.NewRat(1, 1), u)
		got := c.Log(between(x, x))
		// u − u²/2 − |u|³ < log(1 + u) < u − u²/2 + |u|³ for |u| ≤ ½
		middle := new(big.Rat).Sub(u, power2(new(big.Rat).Mul(u, u), -1))
		cube := new(big.Rat).Abs(whole(u, 3))
		if rational(got.Lower()).Cmp(new(big.Rat).Add(middle, cube)) > 0 || rational(got.Upper()).Cmp(new(big.Rat).Sub(middle, cube)) < 0 || ulps(got, precision) > mostFunctionUlps {
			t.Fatalf("log(1 + %v) = %v, %v ulps wide", u.RatString(), got, ulps(got, precision))
		}
	})
}

func TestSqrtIsWhatSquaringInverts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		x := operands(300).Filter(func(o operand) bool { return o.lower.Sign() >= 0 }).Draw(t, "x")
		got := c.Sqrt(x.Interval)
		below, above := rational(got.Lower()), rational(got.Upper())
		if below.Sign() < 0 || below.Mul(below, below).Cmp(x.member) > 0 || above.Mul(above, above).Cmp(x.member) < 0 {
			t.Fatalf("√%#v = %v", x, got)
		}
		if n := ulps(got, precision); x.isPoint() && n > 1 {
			t.Fatalf("√%#v = %v is %v ulps wide", x, got, n)
		}
	})
}

// π = 20 arctan 1/7 + 8 arctan 3/79 (Euler), the alternating series cut after a negative and after a positive term.
func TestPiIsEulers(t *testing.T) {
	arctan := func(x *big.Rat, terms int64) *big.Rat {
		sum, power, square := new(big.Rat), new(big.Rat).Set(x), new(big.Rat).Mul(x, x)
		for i := range terms {
			term := new(big.Rat).Quo(power, big.NewRat(2*i+1, 1))
			if i%2 == 1 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Mul(power, square)
		}
		return sum
	}
	sum := func(terms int64) *big.Rat {
		a := new(big.Rat).Mul(big.NewRat(20, 1), arctan(big.NewRat(1, 7), terms))
		return a.Add(a, new(big.Rat).Mul(big.NewRat(8, 1), arctan(big.NewRat(3, 79), terms)))
	}
	lower, upper := sum(90), sum(91) // apart by less than 7^−180 < 2^−505
	for precision := uint(interval.MinPrecision); precision < 400; precision++ {
		got := interval.NewContext(precision).Pi()
		if !got.Contains(lower) || !got.Contains(upper) || ulps(got, precision) > 1 {
			t.Errorf("π to %d bits is %v", precision, got)
		}
	}
}

// Functional identities hold where both sides are enclosed.
func TestIdentities(t *testing.T) {
	identities := []struct {
		name        string
		left, right func(c *interval.Context, x, y interval.Interval) interval.Interval
	}{
		{"exp(x + y) = exp x exp y",
			func(c *interval.Context, x, y interval.Interval) interval.Interval { return c.Exp(c.Add(x, y)) },
			func(c *interval.Context, x, y interval.Interval) interval.Interval { return c.Mul(c.Exp(x), c.Exp(y)) }},
		{"log(x y) = log x + log y",
			func(c *interval.Context, x, y interval.Interval) interval.Interval { return c.Log(c.Mul(x, y)) },
			func(c *interval.Context, x, y interval.Interval) interval.Interval { return c.Add(c.Log(x), c.Log(y)) }},
		{"log(exp x) = x",
			func(c *interval.Context, x, _ interval.Interval) interval.Interval { return c.Log(c.Exp(x)) },
			func(_ *interval.Context, x, _ interval.Interval) interval.Interval { return x }},
		{"(√x)² = x",
			func(c *interval.Context, x, _ interval.Interval) interval.Interval { return c.Sqr(c.Sqrt(x)) },
			func(_ *interval.Context, x, _ interval.Interval) interval.Interval { return x }},
		{"x⁵ x⁻³ = x²",
			func(c *interval.Context, x, _ interval.Interval) interval.Interval {
				return c.Mul(c.Pow(x, 5), c.Pow(x, -3))
			},
			func(c *interval.Context, x, _ interval.Interval) interval.Interval { return c.Sqr(x) }},
	}
	for _, identity := range identities {
		t.Run(identity.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := interval.NewContext(precisions().Draw(t, "precision"))
				x, y := positive(8).Draw(t, "x"), positive(8).Draw(t, "y")
				small := func(o operand) interval.Interval { return c.Ldexp(o.Interval, -36) } // exp stays in range
				left, right := identity.left(c, small(x), small(y)), identity.right(c, small(x), small(y))
				if c.Err() != nil || !left.Overlaps(right) {
					t.Fatalf("%#v, %#v: %v and %v, %v", x, y, left, right, c.Err())
				}
			})
		})
	}
}

// Of a wide interval, exp, log and √ enclose what they give of each of its numbers.
func TestFunctionsAreInclusionMonotone(t *testing.T) {
	for name, f := range map[string]func(*interval.Context, interval.Interval) interval.Interval{
		"exp": (*interval.Context).Exp, "log": (*interval.Context).Log, "√": (*interval.Context).Sqrt,
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := interval.NewContext(precisions().Draw(t, "precision"))
				x := positive(8).Draw(t, "x")
				wide := f(c, c.Ldexp(x.Interval, -36))
				fine := interval.NewContext(600)
				if thin := f(fine, fine.Ldexp(between(x.member, x.member), -36)); !wide.Includes(thin) {
					t.Fatalf("%#v: %v does not include %v", x, wide, thin)
				}
			})
		})
	}
}
