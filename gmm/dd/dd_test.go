package dd_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm/dd"
)

const precision = 400

func exact(x dd.Number) *big.Float {
	hi := new(big.Float).SetPrec(precision).SetFloat64(x.Hi)
	return hi.Add(hi, new(big.Float).SetPrec(precision).SetFloat64(x.Lo))
}

func random(rng *rand.Rand) dd.Number {
	x := math.Ldexp(rng.NormFloat64(), rng.IntN(80)-40)
	return dd.Of(x).Add(dd.Of(x * 0x1p-54 * rng.Float64()))
}

// The four operations and the square root stay within Epsilon of the value that 400 bits give.
func TestOperationsWithinEpsilon(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	big2 := func() *big.Float { return new(big.Float).SetPrec(precision) }
	for range 20000 {
		x, y := random(rng), random(rng)
		if rng.IntN(4) == 0 { // nearly cancelling operands
			y = x.Neg().Add(dd.Of(x.Hi * 0x1p-50))
		}
		ex, ey := exact(x), exact(y)
		for _, c := range []struct {
			name string
			got  dd.Number
			want *big.Float
		}{
			{"add", x.Add(y), big2().Add(ex, ey)},
			{"sub", x.Sub(y), big2().Sub(ex, ey)},
			{"mul", x.Mul(y), big2().Mul(ex, ey)},
			{"div", x.Div(y), big2().Quo(ex, ey)},
			{"sqrt", x.Mul(x).Sqrt(), big2().Sqrt(exact(x.Mul(x)))},
		} {
			diff, _ := big2().Sub(exact(c.got), c.want).Float64()
			size, _ := c.want.Float64()
			if math.Abs(diff) > dd.Epsilon*math.Abs(size) {
				t.Fatalf("%s of %v and %v: relative error %g exceeds %g", c.name, x, y, diff/size, dd.Epsilon)
			}
		}
	}
}

func TestFromRat(t *testing.T) {
	for _, s := range []string{"0", "1/3", "-22/7", "5.006", "1e-30", "123456789012345678901234567890",
		"9007199254740992/9007199254740991", "9007199254740993/7", "-1/9007199254740993", "0.123456789012345"} {
		r, _ := new(big.Rat).SetString(s)
		x := dd.FromRat(r)
		back := new(big.Rat).SetFloat64(x.Hi)
		back.Add(back, new(big.Rat).SetFloat64(x.Lo))
		diff, _ := back.Sub(back, r).Float64()
		size, _ := r.Float64()
		if math.Abs(diff) > dd.Epsilon*math.Abs(size) {
			t.Errorf("FromRat(%s) is off by %g", s, diff)
		}
	}
}

// Dot stays within its bound, for lengths on both sides of a block and for sums
// that cancel.
func TestDotWithinItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		n := 1 + rng.IntN(100)
		x, y := make([]dd.Number, n), make([]dd.Number, n)
		want, size := new(big.Float).SetPrec(precision), 0.0
		for i := range n {
			x[i], y[i] = random(rng), random(rng)
			if i > 0 && rng.IntN(2) == 0 {
				x[i], y[i] = x[i-1].Neg(), y[i-1].Add(dd.Of(y[i-1].Hi*0x1p-40))
			}
			product := new(big.Float).SetPrec(precision).Mul(exact(x[i]), exact(y[i]))
			want.Add(want, product)
			size += math.Abs(x[i].Hi * y[i].Hi)
		}
		diff, _ := new(big.Float).SetPrec(precision).Sub(exact(dd.Dot(x, y)), want).Float64()
		if bound := 2 * float64(n) * dd.Epsilon * size; math.Abs(diff) > bound {
			t.Fatalf("a sum of %d products is off by %g, the bound is %g", n, diff, bound)
		}
	}
}

func ExampleDot() {
	// In float64 this sum is 0.
	x := []dd.Number{dd.Of(1e16), dd.Of(1), dd.Of(-1e16)}
	y := []dd.Number{dd.Of(1), dd.Of(1), dd.Of(1)}
	fmt.Println(dd.Dot(x, y).Float64())
	// Output: 1
}
