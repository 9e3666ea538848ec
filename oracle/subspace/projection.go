package subspace

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// FisherProjection returns PA: each column's orthogonal projection, with respect
// to ⟨a, b⟩ = aᵀΣb, on the Fisher subspace. It panics if a does not have d rows.
func FisherProjection(m *gmm.Mixture, a *mat.Dense) (*mat.Dense, error) {
	d, r := a.Dims()
	if d != m.Dimension() {
		panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
	}
	w, err := m.WhitenFisher()
	if err != nil {
		return nil, err
	}
	if w.Means == nil {
		return mat.NewDense(d, r, nil), nil
	}
	// Whitened covectors f_i of the frame satisfy ⟨f_i, a⟩ = f_iᵀΣa = (Λ⁻¹BᵀUᵀ a)_i.
	s, _ := w.Means.Dims()
	frame := w.Columns(m, dense.Identity(s))
	var covariant, coefficients, out mat.Dense
	covariant.Mul(m.Covariance(), a)
	coefficients.Mul(frame.T(), &covariant)
	out.Mul(frame, &coefficients)
	return &out, nil
}
