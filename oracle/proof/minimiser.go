package proof

import (
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// coefficients returns N of a candidate's M = Σ⁻¹W N WᵀΣ⁻¹, or of its part on S_F.
func (x coordinates) coefficients(candidate gmm.Form) rational.Matrix {
	if candidate.Left.Fisher { // M = Σ⁻¹U B n BᵀUᵀΣ⁻¹ and U = W [c_1 … c_K]
		half := x.c.Transposed().Times(rationals(candidate.Left.Basis))
		return half.Times(rationals(candidate.Symmetric())).Times(half.Transposed())
	}
	exact := x.seen.Left.Exact()
	var w rational.Matrix // Wᵀ
	for _, i := range x.basis {
		w = append(w, exact.Means[i])
	}
	inverse := rational.Inverse(x.gram)
	half := inverse.Times(w) // g⁻¹Wᵀ, as WᵀMW = gNg
	return half.Times(rationals(candidate.Matrix(x.seen))).Times(half.Transposed())
}

// functional returns γ of c = Σ⁻¹Wγ, or of the part of c on the subspace: γ = g⁻¹Wᵀc.
func (x coordinates) functional(c []float64) []*big.Rat {
	exact := x.seen.Left.Exact()
	var w rational.Matrix // Wᵀ
	for _, i := range x.basis {
		w = append(w, exact.Means[i])
	}
	column := rationals(mat.NewDense(1, len(c), c))[0]
	return rational.Inverse(x.gram).Apply(w.Apply(column))
}

func rationals(m mat.Matrix) rational.Matrix {
	rows, columns := m.Dims()
	out := make(rational.Matrix, rows)
	for i := range rows {
		for j := range columns {
			out[i] = append(out[i], new(big.Rat).SetFloat64(m.At(i, j)))
		}
	}
	return out
}

// rounded returns the point with entries of N rounded to dyadic numbers, by at most 2^−bits in the whitened M: an entry counts
// with the lengths of its two means, and one of γ with that of its mean. The bias is rounded to a multiple of 2^−bits.
func (x coordinates) rounded(at point, bits int) point {
	s := x.dimension()
	out := rational.New(s, s)
	for i := range s {
		for j := i; j < s; j++ {
			a, _ := x.gram[i][i].Float64()
			b, _ := x.gram[j][j].Float64()
			unit := bits + int(math.Ceil(math.Log2(float64(s)*math.Sqrt(a*b))))
			out[i][j] = dyadic(at.form[i][j], unit)
			out[j][i] = out[i][j]
		}
	}
	next := point{form: out}
	if at.bias != nil {
		next.bias = dyadic(at.bias, bits)
	}
	for i, entry := range at.shift {
		a, _ := x.gram[i][i].Float64()
		next.shift = append(next.shift, dyadic(entry, bits+int(math.Ceil(math.Log2(math.Sqrt(float64(s)*a))))))
	}
	return next
}

// dyadic returns the multiple of 2^−bits next to x.
func dyadic(x *big.Rat, bits int) *big.Rat {
	power := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(max(bits, -bits))))
	if bits < 0 {
		power.Inv(power)
	}
	scaled := new(big.Rat).Mul(x, power)
	twice := new(big.Int).Lsh(scaled.Num(), 1)
	twice.Add(twice, scaled.Denom())
	floor := new(big.Int).Div(twice, new(big.Int).Lsh(scaled.Denom(), 1)) // ⌊x + ½⌋
	return new(big.Rat).Quo(new(big.Rat).SetInt(floor), power)
}
