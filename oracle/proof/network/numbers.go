package network

import (
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
)

// numbers is an arithmetic in which formulas are written: float64 to look for a proof, or intervals, which enclose the exact
// result, to have one.
type numbers[T any] interface {
	FromRat(*big.Rat) T
	FromInt(int64) T
	Add(x, y T) T
	Sub(x, y T) T
	Mul(x, y T) T
	Quo(x, y T) T
	Neg(T) T
	Abs(T) T
	Sqr(T) T
	Sqrt(T) T
	Exp(T) T
	Log(T) T
	Pi() T
	Normal(T) (density, distribution T) // of the standard normal law
}

var (
	_ numbers[interval.Interval] = (*interval.Context)(nil)
	_ numbers[float64]           = doubles{}
)

// doubles are float64.
type doubles struct{}

func (doubles) FromRat(r *big.Rat) float64 { x, _ := r.Float64(); return x }
func (doubles) FromInt(n int64) float64    { return float64(n) }
func (doubles) Add(x, y float64) float64   { return x + y }
func (doubles) Sub(x, y float64) float64   { return x - y }
func (doubles) Mul(x, y float64) float64   { return x * y }
func (doubles) Quo(x, y float64) float64   { return x / y }
func (doubles) Neg(x float64) float64      { return -x }
func (doubles) Abs(x float64) float64      { return math.Abs(x) }
func (doubles) Sqr(x float64) float64      { return x * x }
func (doubles) Sqrt(x float64) float64     { return math.Sqrt(x) }
func (doubles) Exp(x float64) float64      { return math.Exp(x) }
func (doubles) Log(x float64) float64      { return math.Log(x) }
func (doubles) Pi() float64                { return math.Pi }

func (doubles) Normal(x float64) (density, distribution float64) {
	return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi), math.Erfc(-x/math.Sqrt2) / 2
}

// half returns x/2.
func half[T any](n numbers[T], x T) T { return n.Quo(x, n.FromInt(2)) }

// sum returns Σ_{i<count} f(i).
func sum[T any](n numbers[T], count int, f func(int) T) T {
	total := n.FromInt(0)
	for i := range count {
		total = n.Add(total, f(i))
	}
	return total
}

// list returns f(0), …, f(count−1).
func list[T any](count int, f func(int) T) []T {
	out := make([]T, count)
	for i := range out {
		out[i] = f(i)
	}
	return out
}
