package interval_test

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"
)

// benchmark times one operation on a number that no binary fraction equals, at 128 bits.
func benchmark(b *testing.B, operation func(c *interval.Context, x interval.Interval)) {
	c := interval.NewContext(128)
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		operation(c, x)
	}
}

func BenchmarkAdd(b *testing.B) {
	benchmark(b, func(c *interval.Context, x interval.Interval) { c.Add(x, x) })
}

func BenchmarkMul(b *testing.B) {
	benchmark(b, func(c *interval.Context, x interval.Interval) { c.Mul(x, x) })
}

func BenchmarkQuo(b *testing.B) {
	benchmark(b, func(c *interval.Context, x interval.Interval) { c.Quo(x, x) })
}

func BenchmarkExp(b *testing.B) {
	benchmark(b, func(c *interval.Context, x interval.Interval) { c.Exp(x) })
}

func BenchmarkLog(b *testing.B) {
	benchmark(b, func(c *interval.Context, x interval.Interval) { c.Log(x) })
}

func BenchmarkAddMul(b *testing.B) {
	c := interval.NewContext(128)
	s, x := c.NewSum(), c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		s.AddMul(x, x)
	}
}
