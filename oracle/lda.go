package oracle

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// LDADirections returns the directions of linear discriminant analysis: the
// generalised eigenvectors a_i of the centred between-component scatter,
//
//	B a = λ Σ a,   B = Σ_k w_k (μ_k − μ̄)(μ_k − μ̄)ᵀ,   a_iᵀ Σ a_j = 1{i=j},
//
// as columns, d×q, with their eigenvalues, descending and positive; nil if all
// means coincide. q ≤ K − 1 is the rank of the centred means, and the columns span
// span{Σ⁻¹(μ_k − μ̄)}. They are computed in the whitened Fisher subspace, where B
// has relative error of the order of the whitening's; no verdict rests on them. The
// error is that of whitening, gmm.ErrIllConditioned.
func LDADirections(m *gmm.Mixture) (directions *mat.Dense, values []float64, err error) {
	centred, err := m.Centre()
	if err != nil {
		return nil, nil, err
	}
	w, err := centred.WhitenFisher()
	if err != nil || w.Means == nil {
		return nil, nil, err
	}
	ascending, vectors := eigen(mat.DenseCopyOf(gmm.RawScatter(centred.Weights(), w.Means)))
	q := len(ascending)
	turned := mat.NewDense(q, q, nil)
	for i := range q {
		values = append(values, math.Max(0, ascending[q-1-i]))
		turned.SetCol(i, mat.Col(nil, q-1-i, vectors))
	}
	return w.Columns(centred, turned), values, nil
}

// LDASubspace returns an orthonormal basis of the span of the r leading LDA
// directions, all of them if there are fewer; nil if all means coincide. It panics
// if r < 1. The error is that of LDADirections.
func LDASubspace(m *gmm.Mixture, r int) (*mat.Dense, error) {
	if r < 1 {
		panic("oracle: a subspace needs at least one direction")
	}
	directions, values, err := LDADirections(m)
	if err != nil || directions == nil {
		return nil, err
	}
	d, _ := directions.Dims()
	r = min(r, len(values))
	return leadingSpace(mat.DenseCopyOf(directions.Slice(0, d, 0, r)), r), nil
}
