package interval_test

import (
	"math/big"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// operand is an interval with exact bounds and a number that lies in it.
type operand struct {
	interval.Interval
	lower, member, upper *big.Rat
}

func (o operand) GoString() string { return o.Interval.String() + " ∋ " + o.member.RatString() }

func (o operand) isPoint() bool { return o.lower.Cmp(o.upper) == 0 }

// precisions are those of the contexts under test, coarse ones above all.
func precisions() *rapid.Generator[uint] {
	return rapid.OneOf(rapid.UintRange(interval.MinPrecision, 24), rapid.UintRange(25, 400))
}

// dyadics are numbers m 2^e, |m| < 2^40, |e| ≤ most, 0 and small whole numbers among them.
func dyadics(most int) *rapid.Generator[*big.Rat] {
	return rapid.Custom(func(t *rapid.T) *big.Rat {
		m := rapid.OneOf(rapid.Int64Range(-4, 4), rapid.Int64Range(-1<<40, 1<<40)).Draw(t, "m")
		e := rapid.OneOf(rapid.Just(0), rapid.IntRange(-most, most)).Draw(t, "e")
		return power2(big.NewRat(m, 1), e)
	})
}

// operands are points, thin and wide intervals, around 0 among them.
func operands(mostExponent int) *rapid.Generator[operand] {
	return rapid.Custom(func(t *rapid.T) operand {
		a := dyadics(mostExponent).Draw(t, "a")
		b := a
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0, 1: // a point
		case 2: // thin
			b = new(big.Rat).Mul(a, new(big.Rat).Add(big.NewRat(1, 1), power2(big.NewRat(1, 1), -rapid.IntRange(1, 80).Draw(t, "thin"))))
		case 3:
			b = dyadics(mostExponent).Draw(t, "b")
		}
		if a.Cmp(b) > 0 {
			a, b = b, a
		}
		along := big.NewRat(rapid.Int64Range(0, 8).Draw(t, "eighths"), 8)
		member := new(big.Rat).Sub(b, a)
		member.Add(member.Mul(member, along), a)
		return operand{between(a, b), a, member, b}
	})
}

// positive are operands of positive numbers.
func positive(mostExponent int) *rapid.Generator[operand] {
	return operands(mostExponent).Filter(func(o operand) bool { return o.lower.Sign() > 0 })
}

// between returns [a, b] for dyadic a ≤ b, exactly.
func between(a, b *big.Rat) interval.Interval {
	exact := interval.NewContext(interval.MaxPrecision)
	return exact.Hull(exact.FromRat(a), exact.FromRat(b))
}

// power2 returns 2^e x.
func power2(x *big.Rat, e int) *big.Rat {
	scale := new(big.Int).Lsh(big.NewInt(1), uint(max(e, -e)))
	if e < 0 {
		return new(big.Rat).Quo(x, new(big.Rat).SetInt(scale))
	}
	return new(big.Rat).Mul(x, new(big.Rat).SetInt(scale))
}

// rational is the exact value of a bound.
func rational(x *big.Float) *big.Rat {
	r, _ := x.Rat(nil)
	return r
}

// ulps returns the width of x in units of 2^(1−precision) times its largest number, which is how far apart
// two neighbours are at most.
func ulps(x interval.Interval, precision uint) float64 {
	if x.Width().Sign() == 0 {
		return 0
	}
	n, _ := new(big.Float).Quo(x.Width(), new(big.Float).SetMantExp(x.Magnitude(), 1-int(precision))).Float64()
	return n
}
