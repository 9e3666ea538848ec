package proof

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// coefficients returns N of a candidate's M = Σ⁻¹W N WᵀΣ⁻¹, or of its part on S_F.
func (x coordinates) coefficients(p gmm.Pairs, candidate gmm.Form) matrix {
	if candidate.Left.Fisher { // M = Σ⁻¹U B n BᵀUᵀΣ⁻¹ and U = W [c_1 … c_K]
		half := x.c.transposed().times(rationals(candidate.Left.Basis))
		return half.times(rationals(candidate.Symmetric())).times(half.transposed())
	}
	exact := p.Left.Exact()
	var w matrix // Wᵀ
	for _, i := range x.basis {
		w = append(w, exact.Means[i])
	}
	inverse := inverse(x.gram)
	half := inverse.times(w) // g⁻¹Wᵀ, as WᵀMW = gNg
	return half.times(rationals(candidate.Matrix(p))).times(half.transposed())
}

func rationals(m mat.Matrix) matrix {
	rows, columns := m.Dims()
	out := make(matrix, rows)
	for i := range rows {
		for j := range columns {
			out[i] = append(out[i], new(big.Rat).SetFloat64(m.At(i, j)))
		}
	}
	return out
}

// rounded returns N with entries rounded to dyadic numbers, by at most 2^−bits in the whitened M: an entry counts
// with the lengths of its two means.
func (x coordinates) rounded(n matrix, bits int) matrix {
	s := x.dimension()
	out := newMatrix(s, s)
	for i := range s {
		for j := i; j < s; j++ {
			a, _ := x.gram[i][i].Float64()
			b, _ := x.gram[j][j].Float64()
			unit := bits + int(math.Ceil(math.Log2(float64(s)*math.Sqrt(a*b))))
			out[i][j] = dyadic(n[i][j], unit)
			out[j][i] = out[i][j]
		}
	}
	return out
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
