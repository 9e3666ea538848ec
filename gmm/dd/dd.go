// Package dd is double-double arithmetic: an unevaluated sum of two float64
// values that carries about 106 bits.
//
// It exists for one purpose: residuals and Gram matrices of ill-conditioned
// covariances, where float64 loses all digits and math/big is too slow. The
// algorithms are the error-free transformations of Dekker and Knuth in the
// form given by Joldes, Muller and Popescu, "Tight and rigorous error bounds
// for basic building blocks of double-word arithmetic", ACM TOMS 44 (2017).
package dd

import (
	"math"
	"math/big"
)

// Epsilon bounds the relative error of Add, Sub, Mul, Div and Sqrt, and of
// rounding a rational. The tightest proved bounds are between 2^-104 and
// 2^-102; Add of operands of opposite sign is covered too.
const Epsilon = 0x1p-101

// Number is the exact sum Hi + Lo, normalised so that |Lo| ≤ ulp(Hi)/2. The
// zero value is 0. Values are meant for magnitudes between 1e-140 and 1e140;
// nothing here guards against overflow or underflow.
type Number struct{ Hi, Lo float64 }

// Of returns x, exactly.
func Of(x float64) Number { return Number{Hi: x} }

// FromRat returns the double-double nearest to r up to a relative error of Epsilon.
func FromRat(r *big.Rat) Number {
	if num, den := r.Num(), r.Denom(); num.IsInt64() && den.IsInt64() {
		if n, d := num.Int64(), den.Int64(); -exactInteger <= n && n <= exactInteger && d <= exactInteger {
			hi := float64(n) / float64(d)
			return Number{hi, math.FMA(-hi, float64(d), float64(n)) / float64(d)} // the remainder is exact
		}
	}
	hi, exact := r.Float64()
	if exact || math.IsInf(hi, 0) {
		return Number{Hi: hi}
	}
	rest := new(big.Rat).SetFloat64(hi)
	lo, _ := rest.Sub(r, rest).Float64()
	return Number{hi, lo}
}

// exactInteger is 2^53: all integers up to it are float64 values.
const exactInteger = 1 << 53

// Float64 returns the float64 nearest to x.
func (x Number) Float64() float64 { return x.Hi + x.Lo }

// Neg returns −x, exactly.
func (x Number) Neg() Number { return Number{-x.Hi, -x.Lo} }

// Add returns x + y.
func (x Number) Add(y Number) Number {
	s, e := twoSum(x.Hi, y.Hi)
	t, f := twoSum(x.Lo, y.Lo)
	s, e = fastTwoSum(s, e+t)
	s, e = fastTwoSum(s, e+f)
	return Number{s, e}
}

// Sub returns x − y.
func (x Number) Sub(y Number) Number { return x.Add(y.Neg()) }

// Mul returns x·y.
func (x Number) Mul(y Number) Number {
	p, e := twoProduct(x.Hi, y.Hi)
	e += math.FMA(x.Hi, y.Lo, x.Lo*y.Hi)
	p, e = fastTwoSum(p, e)
	return Number{p, e}
}

// Div returns x/y; y must not be 0.
func (x Number) Div(y Number) Number {
	q := x.Hi / y.Hi
	r := x.Sub(y.Mul(Of(q)))
	q2 := r.Hi / y.Hi
	r = r.Sub(y.Mul(Of(q2)))
	return Of(q).Add(Of(q2)).Add(Of(r.Hi / y.Hi))
}

// Sqrt returns √x for x ≥ 0.
func (x Number) Sqrt() Number {
	if x.Hi <= 0 {
		return Number{}
	}
	s := math.Sqrt(x.Hi)
	r := x.Sub(Of(s).Mul(Of(s)))
	return Of(s).Add(Of(r.Hi / (2 * s)))
}

// Dot returns Σ xᵢyᵢ of two slices of equal length. Its absolute error is at
// most 2·len(x)·Epsilon·Σ|xᵢyᵢ|.
//
// Within a block the sum is compensated (Ogita, Rump and Oishi, Accurate sum and
// dot product, SIAM J. Sci. Comput. 26, 2005): the rounding errors of all
// operations are summed beside the result. With n terms that leaves an error of
// (n + 4)² 2^-106 Σ|xᵢyᵢ|, which n ≤ 32 keeps within the bound.
func Dot(x, y []Number) Number {
	const block = 32
	var total Number
	for start := 0; start < len(x); start += block {
		end := min(start+block, len(x))
		var sum, rest float64
		for i, v := range x[start:end] {
			w := y[start+i]
			p, e := twoProduct(v.Hi, w.Hi)
			s, f := twoSum(sum, p)
			sum = s
			rest += e + f + math.FMA(v.Hi, w.Lo, v.Lo*w.Hi)
		}
		s, e := twoSum(sum, rest) // after cancellation the rest may be the larger
		if start == 0 {
			total = Number{s, e}
		} else {
			total = total.Add(Number{s, e})
		}
	}
	return total
}

// Norm bounds the Euclidean length of a vector from above, by a few units in the
// last place.
func Norm(x []Number) float64 {
	var sum float64
	for _, v := range x {
		sum += v.Hi * v.Hi
	}
	return math.Sqrt(sum) * (1 + float64(len(x)+4)*0x1p-53)
}

// twoSum returns the float64 sum of a and b and its exact rounding error.
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	bb := s - a
	return s, (a - (s - bb)) + (b - bb)
}

// fastTwoSum is twoSum for |a| ≥ |b|.
func fastTwoSum(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// twoProduct returns the float64 product of a and b and its exact rounding error.
func twoProduct(a, b float64) (p, e float64) {
	p = a * b
	return p, math.FMA(a, b, -p)
}
