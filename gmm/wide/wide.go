// Package wide is arithmetic in numbers of 512 bits, math/big's Float.
//
// It exists for one purpose: to whiten exact mixtures whose covariance is so nearly singular, or
// whose means so far from each other in size, that the 106 bits of package dd do not show the directions
// that separate them. It is a hundred times slower.
package wide

import (
	"math"
	"math/big"

	"contrastcheck/gmm/dd"
)

// precision is the number of bits of every result.
const precision = 512

// Epsilon bounds, with room to spare, the relative error of one operation and of rounding a rational: 2^-512.
const Epsilon = 0x1p-511

// Zero returns 0.
func Zero() *big.Float { return new(big.Float).SetPrec(precision) }

// Of returns x, exactly. It panics if x is NaN.
func Of(x float64) *big.Float { return Zero().SetFloat64(x) }

// fromRat returns the number nearest to r.
func fromRat(r *big.Rat) *big.Float { return Zero().SetRat(r) }

// Rows returns the numbers nearest to rationals.
func Rows(rows [][]*big.Rat) [][]*big.Float {
	out := Table(len(rows), 0)
	for i, row := range rows {
		for _, r := range row {
			out[i] = append(out[i], fromRat(r))
		}
	}
	return out
}

// Table returns rows×columns zeros.
func Table(rows, columns int) [][]*big.Float {
	out := make([][]*big.Float, rows)
	for i := range out {
		out[i] = make([]*big.Float, columns)
		for j := range out[i] {
			out[i][j] = Zero()
		}
	}
	return out
}

// Dot returns Σ xᵢyᵢ of two slices of equal length. Its absolute error is at most
// len(x)·Epsilon·Σ|xᵢyᵢ|.
func Dot(x, y []*big.Float) *big.Float {
	sum, product := Zero(), Zero()
	for i := range x {
		sum.Add(sum, product.Mul(x[i], y[i]))
	}
	return sum
}

// Norm bounds the Euclidean length of a vector from above.
func Norm(x []*big.Float) *big.Float {
	sum := Dot(x, x)
	return sum.Mul(sum.Sqrt(sum), Of(1+0x1p-50))
}

// Double returns the double-double number nearest to x, with a relative error of at most dd.Epsilon.
func Double(x *big.Float) dd.Number {
	hi, _ := x.Float64()
	if math.IsInf(hi, 0) {
		return dd.Of(hi)
	}
	lo, _ := Zero().Sub(x, Of(hi)).Float64()
	return dd.Number{Hi: hi, Lo: lo}
}

// Upper returns a float64 that is at least x ≥ 0.
func Upper(x *big.Float) float64 {
	value, accuracy := x.Float64()
	if accuracy == big.Below {
		value = math.Nextafter(value, math.Inf(1))
	}
	return value
}
