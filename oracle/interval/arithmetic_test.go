package interval_test

import (
	"errors"
	"math/big"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// arithmetic lists the operations that are exact in rationals, each with its counterpart there, which returns nil
// where it has no value.
var arithmetic = []struct {
	name    string
	enclose func(c *interval.Context, x, y interval.Interval) interval.Interval
	exact   func(x, y *big.Rat) *big.Rat
}{
	{"x + y", (*interval.Context).Add, func(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }},
	{"x − y", (*interval.Context).Sub, func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }},
	{"x y", (*interval.Context).Mul, func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }},
	{"x/y", (*interval.Context).Quo, quotient},
	{"hull", (*interval.Context).Hull, func(_, y *big.Rat) *big.Rat { return y }},
	{"hull'", (*interval.Context).Hull, func(x, _ *big.Rat) *big.Rat { return x }},
	{"x + error", (*interval.Context).AddError, func(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }},
	{"x − error", (*interval.Context).AddError, func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }},
	{"round", unary((*interval.Context).Round), func(x, _ *big.Rat) *big.Rat { return x }},
	{"−x", unary((*interval.Context).Neg), func(x, _ *big.Rat) *big.Rat { return new(big.Rat).Neg(x) }},
	{"|x|", unary((*interval.Context).Abs), func(x, _ *big.Rat) *big.Rat { return new(big.Rat).Abs(x) }},
	{"x²", unary((*interval.Context).Sqr), func(x, _ *big.Rat) *big.Rat { return new(big.Rat).Mul(x, x) }},
	{"x³", power(3), func(x, _ *big.Rat) *big.Rat { return whole(x, 3) }},
	{"x⁶", power(6), func(x, _ *big.Rat) *big.Rat { return whole(x, 6) }},
	{"x⁰", power(0), func(x, _ *big.Rat) *big.Rat { return big.NewRat(1, 1) }},
	{"x⁻⁵", power(-5), func(x, _ *big.Rat) *big.Rat { return quotient(big.NewRat(1, 1), whole(x, 5)) }},
	{"2⁷x", func(c *interval.Context, x, _ interval.Interval) interval.Interval { return c.Ldexp(x, 7) }, func(x, _ *big.Rat) *big.Rat { return power2(x, 7) }},
}

func unary(f func(*interval.Context, interval.Interval) interval.Interval) func(*interval.Context, interval.Interval, interval.Interval) interval.Interval {
	return func(c *interval.Context, x, _ interval.Interval) interval.Interval { return f(c, x) }
}

func power(n int) func(*interval.Context, interval.Interval, interval.Interval) interval.Interval {
	return func(c *interval.Context, x, _ interval.Interval) interval.Interval { return c.Pow(x, n) }
}

func quotient(x, y *big.Rat) *big.Rat {
	if y.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(x, y)
}

func extreme(x, y *big.Rat, sign int) *big.Rat {
	if x.Cmp(y)*sign >= 0 {
		return x
	}
	return y
}

func whole(x *big.Rat, n int) *big.Rat {
	out := big.NewRat(1, 1)
	for range n {
		out.Mul(out, x)
	}
	return out
}

// For all numbers in the operands the exact result lies in the enclosure; where there is none, it is a division by 0.
func TestArithmeticEnclosesExactResults(t *testing.T) {
	for _, op := range arithmetic {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			answers := 0
			rapid.Check(t, func(t *rapid.T) {
				precision := precisions().Draw(t, "precision")
				for range 20 {
					c := interval.NewContext(precision)
					x, y := operands(300).Draw(t, "x"), operands(300).Draw(t, "y")
					got := op.enclose(c, x.Interval, y.Interval)
					err, want := c.Err(), op.exact(x.member, y.member)
					nought := errors.Is(err, interval.ErrDivision) && !got.Valid() && (x.Contains(new(big.Rat)) || y.Contains(new(big.Rat)))
					if !nought && (err != nil || !got.Contains(want)) {
						t.Fatalf("%#v, %#v: %v does not contain the exact result, %v", x, y, got, err)
					}
					if err == nil {
						answers++
					}
				}
			})
			enough.Drawn(t, "answers", answers, 800)
		})
	}
}

// Of points, + − × ÷ and squares give neighbouring numbers at most, and the exact result alone where it has few bits.
func TestArithmeticOfPointsIsTight(t *testing.T) {
	for _, op := range arithmetic[:4] {
		t.Run(op.name, func(t *testing.T) {
			exact := 0
			rapid.Check(t, func(t *rapid.T) {
				precision := precisions().Draw(t, "precision")
				c := interval.NewContext(precision)
				x, y := dyadics(200).Draw(t, "x"), dyadics(200).Draw(t, "y")
				want := op.exact(x, y)
				if want == nil {
					return
				}
				got := op.enclose(c, between(x, x), between(y, y))
				if n := ulps(got, precision); n > 1 {
					t.Fatalf("%v and %v: %v is %v ulps wide", x.RatString(), y.RatString(), got, n)
				}
				if bits, isDyadic := significant(want); isDyadic && bits <= int(precision) {
					exact++
					if got.Width().Sign() != 0 {
						t.Fatalf("%v and %v: %v is not exact", x.RatString(), y.RatString(), got)
					}
				}
			})
			enough.Drawn(t, "exact results", exact, 10)
		})
	}
}

// significant returns how many bits a dyadic number needs, and false for others.
func significant(x *big.Rat) (bits int, isDyadic bool) {
	if x.Denom().BitLen()-1 != int(x.Denom().TrailingZeroBits()) {
		return 0, false
	}
	return x.Num().BitLen() - int(x.Num().TrailingZeroBits()), true
}

// What encloses more in its operands encloses more in its result.
func TestArithmeticIsInclusionMonotone(t *testing.T) {
	for _, op := range arithmetic {
		t.Run(op.name, func(t *testing.T) {
			compared := 0
			rapid.Check(t, func(t *rapid.T) {
				precision := precisions().Draw(t, "precision")
				x, y := operands(100).Draw(t, "x"), operands(100).Draw(t, "y")
				c := interval.NewContext(precision)
				wide := op.enclose(c, x.Interval, y.Interval)
				thin := op.enclose(c, between(x.member, x.member), between(y.member, y.member))
				if c.Err() != nil {
					return
				}
				compared++
				if !wide.Includes(thin) {
					t.Fatalf("%#v, %#v: %v does not include %v", x, y, wide, thin)
				}
			})
			enough.Drawn(t, "compared", compared, 40)
		})
	}
}

// An operand may be both operands, and is never changed.
func TestAliasing(t *testing.T) {
	for _, op := range arithmetic {
		t.Run(op.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				precision := precisions().Draw(t, "precision")
				x := operands(100).Draw(t, "x")
				other := between(x.lower, x.upper)
				got := op.enclose(interval.NewContext(precision), x.Interval, x.Interval)
				want := op.enclose(interval.NewContext(precision), x.Interval, other)
				if got.String() != want.String() {
					t.Fatalf("%#v with itself gives %v, with a copy %v", x, got, want)
				}
				if got.Valid() { // bounds that are handed out are copies
					got.Lower().SetInt64(7)
					got.Upper().SetInt64(7)
				}
				if got.String() != want.String() || rational(x.Lower()).Cmp(x.lower) != 0 || rational(x.Upper()).Cmp(x.upper) != 0 {
					t.Fatalf("%#v has changed", x)
				}
			})
		})
	}
}

// Numbers that come in are enclosed, tightly, and exactly where they have few bits.
func TestConversionsEnclose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		n, d := rapid.Int64().Draw(t, "n"), rapid.Int64Range(1, 1<<40).Draw(t, "d")
		x := big.NewRat(n, d)
		float := new(big.Float).SetPrec(200).SetRat(x)
		for _, made := range []struct {
			got  interval.Interval
			want *big.Rat
		}{{c.FromRat(x), x}, {c.FromInt(n), big.NewRat(n, 1)}, {c.FromFloat(float), rational(float)}} {
			bits, isDyadic := significant(made.want)
			if exact := isDyadic && bits <= int(precision); !made.got.Contains(made.want) || ulps(made.got, precision) > 1 || exact && made.got.Width().Sign() != 0 {
				t.Fatalf("%v from %v", made.got, made.want.RatString())
			}
		}
	})
}

// Sign, Contains, Includes, Overlaps, Magnitude and Width are what they are of the bounds.
func TestQuestions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := operands(60).Draw(t, "x"), operands(60).Draw(t, "y")
		sign := 0
		if x.lower.Sign() == x.upper.Sign() {
			sign = x.lower.Sign()
		}
		width := new(big.Rat).Sub(x.upper, x.lower)
		magnitude := extreme(new(big.Rat).Abs(x.lower), new(big.Rat).Abs(x.upper), 1)
		switch {
		case x.Sign() != sign,
			x.Contains(y.member) != (x.lower.Cmp(y.member) <= 0 && y.member.Cmp(x.upper) <= 0),
			x.Includes(y.Interval) != (x.lower.Cmp(y.lower) <= 0 && y.upper.Cmp(x.upper) <= 0),
			x.Overlaps(y.Interval) != (x.lower.Cmp(y.upper) <= 0 && y.lower.Cmp(x.upper) <= 0),
			rational(x.Magnitude()).Cmp(magnitude) != 0,
			rational(x.Width()).Cmp(width) < 0,
			rational(x.Width()).Cmp(new(big.Rat).Mul(width, big.NewRat(1<<62+1, 1<<62))) > 0:
			t.Fatalf("%#v, %#v: %d %v %v", x, y, x.Sign(), x.Magnitude(), x.Width())
		}
	})
}

// big.Float.Sub rounds 0 − y as it would y, and then negates: towards the wrong side.
func TestDifferencesFromZero(t *testing.T) {
	c := interval.NewContext(interval.MinPrecision)
	zero, odd := c.FromInt(0), between(big.NewRat(257, 1), big.NewRat(257, 1)) // of nine bits
	for _, x := range []interval.Interval{c.Sub(zero, odd), c.AddError(zero, odd)} {
		if !x.Contains(big.NewRat(-257, 1)) {
			t.Errorf("0 − 257 is not in %v", x)
		}
	}
	long := new(big.Rat).Add(big.NewRat(1, 1), power2(big.NewRat(1, 1), -70))
	if width := rational(between(new(big.Rat).Neg(long), new(big.Rat)).Width()); width.Cmp(long) < 0 {
		t.Errorf("[−%v, 0] is only %v wide", long.RatString(), width.RatString())
	}
}
