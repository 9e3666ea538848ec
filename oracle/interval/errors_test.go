package interval_test

import (
	"errors"
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"
)

// Where there is no answer, the context says why, gives no interval, and stays so.
func TestErrors(t *testing.T) {
	r := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	zero, one, three := between(r(0), r(0)), between(r(1), r(1)), between(r(3), r(3))
	around, reaching, below := between(r(-1), r(2)), between(r(0), r(2)), between(r(-2), r(-1))
	tiny := new(big.Rat).SetFrac(big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), 5000))
	justBelow := between(tiny, r(4))
	large := interval.NewContext(64).Ldexp(one, interval.MaxExponent-1)
	for _, c := range []struct {
		name string
		of   func(c *interval.Context) interval.Interval
		want error
	}{
		{"1/0", func(c *interval.Context) interval.Interval { return c.Quo(one, zero) }, interval.ErrDivision},
		{"1/[−1, 2]", func(c *interval.Context) interval.Interval { return c.Quo(one, around) }, interval.ErrDivision},
		{"1/[0, 2]", func(c *interval.Context) interval.Interval { return c.Quo(one, reaching) }, interval.ErrDivision},
		{"0/0", func(c *interval.Context) interval.Interval { return c.Quo(zero, zero) }, interval.ErrDivision},
		{"[−1, 2]⁻²", func(c *interval.Context) interval.Interval { return c.Pow(around, -2) }, interval.ErrDivision},
		{"log 0", func(c *interval.Context) interval.Interval { return c.Log(zero) }, interval.ErrLogarithm},
		{"log [0, 2]", func(c *interval.Context) interval.Interval { return c.Log(reaching) }, interval.ErrLogarithm},
		{"log [−2, −1]", func(c *interval.Context) interval.Interval { return c.Log(below) }, interval.ErrLogarithm},
		{"√[−2^−5000, 4]", func(c *interval.Context) interval.Interval { return c.Sqrt(justBelow) }, interval.ErrRoot},
		{"√[−2, −1]", func(c *interval.Context) interval.Interval { return c.Sqrt(below) }, interval.ErrRoot},
		{"e^(10^6)", func(c *interval.Context) interval.Interval { return c.Exp(c.FromInt(1_000_000)) }, interval.ErrOverflow},
		{"e^(2^62)", func(c *interval.Context) interval.Interval { return c.Exp(c.FromInt(1 << 62)) }, interval.ErrOverflow},
		{"e^(2^(2^20 − 1))", func(c *interval.Context) interval.Interval { return c.Exp(large) }, interval.ErrOverflow},
		{"large + large", func(c *interval.Context) interval.Interval { return c.Add(large, large) }, interval.ErrOverflow},
		{"large large", func(c *interval.Context) interval.Interval { return c.Mul(large, large) }, interval.ErrOverflow},
		{"large/2^−9", func(c *interval.Context) interval.Interval { return c.Quo(large, c.Ldexp(one, -9)) }, interval.ErrOverflow},
		{"large²", func(c *interval.Context) interval.Interval { return c.Sqr(large) }, interval.ErrOverflow},
		{"3^(10^6)", func(c *interval.Context) interval.Interval { return c.Pow(three, 1_000_000) }, interval.ErrOverflow},
		{"2^(2^40)", func(c *interval.Context) interval.Interval { return c.Ldexp(one, 1<<40) }, interval.ErrOverflow},
		{"∞", func(c *interval.Context) interval.Interval { return c.FromFloat(new(big.Float).SetInf(true)) }, interval.ErrOverflow},
		{"Σ large", func(c *interval.Context) interval.Interval {
			s := c.NewSum()
			s.Add(large)
			s.AddMul(large, one)
			return s.Interval()
		}, interval.ErrOverflow},
		{"no operand", func(c *interval.Context) interval.Interval { return c.Add(one, interval.Interval{}) }, interval.ErrInvalid},
		{"no summand", func(c *interval.Context) interval.Interval {
			s := c.NewSum()
			s.AddMul(interval.Interval{}, one)
			return s.Interval()
		}, interval.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			context := interval.NewContext(64)
			got := c.of(context)
			if first := context.Err(); got.Valid() || !errors.Is(first, c.want) {
				t.Fatalf("%v, %v", got, first)
			} else if again := context.Add(one, one); again.Valid() || context.Err() != first {
				t.Errorf("then %v, %v", again, context.Err())
			}
		})
	}
}

func TestPrecisionOutOfRange(t *testing.T) {
	for _, precision := range []uint{0, interval.MinPrecision - 1, interval.MaxPrecision + 1} {
		c := interval.NewContext(precision)
		if got := c.FromInt(1); got.Valid() || !errors.Is(c.Err(), interval.ErrPrecision) || c.NewSum().Interval().Valid() {
			t.Errorf("%d bits: %v, %v", precision, got, c.Err())
		}
	}
}

// Numbers too small for the limits are still enclosed.
func TestUnderflowEncloses(t *testing.T) {
	c := interval.NewContext(64)
	tiny := c.Ldexp(c.FromInt(1), 1-interval.MaxExponent)
	for name, x := range map[string]interval.Interval{
		"tiny²": c.Sqr(tiny), "tiny³": c.Pow(tiny, 3), "2^−9 tiny": c.Ldexp(tiny, -9), "e^(−10^6)": c.Exp(c.FromInt(-1_000_000)),
		"e^(−2^62)": c.Exp(c.FromInt(-1 << 62)), "tiny/2^9": c.Quo(tiny, c.FromInt(512)),
	} {
		if c.Err() != nil || x.Lower().Sign() != 0 || x.Upper().Sign() <= 0 || x.Upper().MantExp(nil) > 1-interval.MaxExponent {
			t.Errorf("%s is %v, %v", name, x, c.Err())
		}
	}
	if x := c.Neg(c.Sqr(tiny)); x.Lower().Sign() >= 0 || x.Upper().Sign() != 0 {
		t.Errorf("−tiny² is %v", x)
	}
}

// The zero Interval contains nothing and says nothing.
func TestInvalidInterval(t *testing.T) {
	var x interval.Interval
	lower, upper := x.Decimal(3)
	if x.Valid() || x.Contains(new(big.Rat)) || x.Includes(x) || x.Overlaps(x) || x.Sign() != 0 || x.String() != "invalid" ||
		lower != "-Inf" || upper != "+Inf" || !x.Lower().IsInf() || !x.Upper().IsInf() || !x.Width().IsInf() || !x.Magnitude().IsInf() {
		t.Errorf("%v [%v, %v] %v", x, lower, upper, x.Width())
	}
}
