package interval

import (
	"math/big"
	"testing"
)

func TestSmoke(t *testing.T) {
	c := NewContext(128)
	t.Log(c.Pi(), c.Exp(c.FromInt(1)), c.Log(c.FromInt(2)), c.Log(c.FromInt(10)), c.Sqrt(c.FromInt(2)))
	x := c.FromRat(big.NewRat(1, 3))
	t.Log(x, c.Log(c.Exp(x)), c.Pow(x, -7), c.Quo(x, c.FromInt(-7)))
	t.Log(c.Exp(c.FromInt(700000)), c.Exp(c.FromInt(-700000)), c.Exp(c.FromInt(-1<<40)))
	t.Log(x.Decimal(5))
	t.Log(c.Err())
	t.Log(c.Exp(c.FromInt(1e12)), c.Err())
}
func BenchmarkExp(b *testing.B) {
	c := NewContext(128)
	x := c.FromRat(big.NewRat(-10, 3))
	b.ReportAllocs()
	for b.Loop() {
		c.Exp(x)
	}
}
func BenchmarkLog(b *testing.B) {
	c := NewContext(128)
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		c.Log(x)
	}
}
func BenchmarkMul(b *testing.B) {
	c := NewContext(128)
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		c.Mul(x, x)
	}
}
func BenchmarkAdd(b *testing.B) {
	c := NewContext(128)
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		c.Add(x, x)
	}
}
func BenchmarkQuo(b *testing.B) {
	c := NewContext(128)
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		c.Quo(x, x)
	}
}
func BenchmarkAddMul(b *testing.B) {
	c := NewContext(128)
	s := c.NewSum()
	x := c.FromRat(big.NewRat(10, 3))
	b.ReportAllocs()
	for b.Loop() {
		s.AddMul(x, x)
	}
}
