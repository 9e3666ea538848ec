package oracle

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// FisherSubspace returns an orthonormal basis, d×s, of span{Σ⁻¹μ_k} in original
// coordinates; nil if s = 0.
func FisherSubspace(m *gmm.Mixture) *mat.Dense {
	s := m.FisherDimension().Value
	if s == 0 {
		return nil
	}
	k, d := m.Components(), m.Dimension()
	span := mat.NewDense(d, k, nil)
	for j, row := range m.Gram().Precision {
		var size float64
		for _, x := range row {
			size = math.Hypot(size, x.Float64())
		}
		for i, x := range row {
			if size > 0 {
				span.Set(i, j, x.Float64()/size)
			}
		}
	}
	return leadingSpace(span, s)
}

// PrincipalAngles returns the principal angles between the column spaces of two
// matrices of full column rank with the same number of rows, ascending, in
// radians within [0, π/2]; as many as the smaller space has dimensions. Angles
// below π/4 come from sines, the others from cosines, so that both ends keep
// full precision (Björck and Golub, Math. Comp. 27, 1973). It panics if the
// numbers of rows differ.
func PrincipalAngles(a, b *mat.Dense) []float64 {
	_, ca := a.Dims()
	_, cb := b.Dims()
	if ca < cb {
		a, b, ca, cb = b, a, cb, ca
	}
	qa, qb := leadingSpace(a, ca), leadingSpace(b, cb)
	var cosines, projected, rest mat.Dense
	cosines.Mul(qa.T(), qb)
	projected.Mul(qa, &cosines)
	rest.Sub(qb, &projected)
	c := singularValues(&cosines) // descending
	s := singularValues(&rest)    // descending
	angles := make([]float64, cb)
	for i := range angles {
		if cosine := min(1, c[i]); cosine < math.Sqrt2/2 {
			angles[i] = math.Acos(cosine)
		} else {
			angles[i] = math.Asin(min(1, s[cb-1-i]))
		}
	}
	return angles
}

// leadingSpace returns the s leading left singular vectors.
func leadingSpace(a *mat.Dense, s int) *mat.Dense {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	rows, _ := u.Dims()
	return mat.DenseCopyOf(u.Slice(0, rows, 0, s))
}

func singularValues(a *mat.Dense) []float64 {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		panic("oracle: the singular values did not converge")
	}
	return svd.Values(nil)
}
