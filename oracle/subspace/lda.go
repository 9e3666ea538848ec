package subspace

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// LDA returns an orthonormal basis, d×min(r, q), of the span of the r leading directions of linear
// discriminant analysis; nil if all means coincide. No verdict rests on it. The error is that of whitening,
// gmm.ErrIllConditioned. It panics if r < 1.
func LDA(m *gmm.Mixture, r int) (*mat.Dense, error) {
	if r < 1 {
		panic("oracle: a subspace needs at least one direction")
	}
	directions, values, err := discriminants(m)
	if err != nil || directions == nil {
		return nil, err
	}
	r = min(r, len(values))
	return dense.Leading(dense.Columns(directions, 0, r), r), nil
}

// discriminants returns the generalised eigenvectors a_i of the centred between-component scatter,
//
//	B a = λ Σ a,   B = Σ_k w_k (μ_k − μ̄)(μ_k − μ̄)ᵀ,   a_iᵀ Σ a_j = 1{i=j},
//
// as columns, d×q, with their eigenvalues, descending and positive; nil if all means coincide. q ≤ K − 1 is the
// rank of the centred means, and the columns span span{Σ⁻¹(μ_k − μ̄)}. They are computed in the whitened Fisher
// subspace, where B has relative error of the order of the whitening's.
func discriminants(m *gmm.Mixture) (directions *mat.Dense, values []float64, err error) {
	centred, err := m.Centre()
	if err != nil {
		return nil, nil, err
	}
	w, err := centred.WhitenFisher()
	if err != nil || w.Means == nil {
		return nil, nil, err
	}
	ascending, vectors := dense.Eigen(mat.DenseCopyOf(gmm.RawScatter(centred.Weights(), w.Means)))
	q := len(ascending)
	turned := mat.NewDense(q, q, nil)
	for i := range q {
		values = append(values, max(0, ascending[q-1-i]))
		turned.SetCol(i, mat.Col(nil, q-1-i, vectors))
	}
	return w.Columns(centred, turned), values, nil
}
