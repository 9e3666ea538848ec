package interval_test

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"

	"pgregory.net/rapid"
)

// A sum encloses what it sums, and no more than one operation after the other would.
func TestSumEnclosesTheExactSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := precisions().Draw(t, "precision")
		c := interval.NewContext(precision)
		s, exact, steps := c.NewSum(), new(big.Rat), c.FromInt(0)
		for range rapid.IntRange(0, 8).Draw(t, "terms") {
			x, y := operands(60).Draw(t, "x"), operands(60).Draw(t, "y")
			if rapid.Bool().Draw(t, "product") {
				s.AddMul(x.Interval, y.Interval)
				exact.Add(exact, new(big.Rat).Mul(x.member, y.member))
				steps = c.Add(steps, c.Mul(x.Interval, y.Interval))
			} else {
				s.Add(x.Interval)
				exact.Add(exact, x.member)
				steps = c.Add(steps, x.Interval)
			}
		}
		if got := s.Interval(); !got.Contains(exact) || !steps.Includes(got) {
			t.Fatalf("%v, of %v, step by step %v", got, exact.RatString(), steps)
		}
	})
}
