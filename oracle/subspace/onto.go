package subspace

import (
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Onto returns PA: each column's orthogonal projection, with respect to ⟨a, b⟩ = aᵀΣ̄b, on the span of the columns V of a matrix of full rank, V(VᵀΣ̄V)⁻¹VᵀΣ̄A, in float64. It fails, with
// gmm.ErrIllConditioned, where that shows Σ̄ as singular.
func Onto(m *gmm.Mixture, v [][]*big.Rat, a *mat.Dense) (*mat.Dense, error) {
	d, r := a.Dims()
	if len(v[0]) == 0 {
		return mat.NewDense(d, r, nil), nil
	}
	columns := mat.NewDense(d, len(v[0]), nil)
	columns.Apply(func(i, j int, _ float64) float64 {
		x, _ := v[i][j].Float64()
		return x
	}, columns)
	var chol mat.Cholesky
	if !chol.Factorize(m.Covariance()) {
		return nil, gmm.ErrIllConditioned
	}
	var root mat.TriDense
	chol.UTo(&root) // Σ̄ = UᵀU
	var whitened, image, inside, kept mat.Dense
	whitened.Mul(&root, columns)
	image.Mul(&root, a)
	basis := Orthonormal(&whitened)
	inside.Mul(basis.T(), &image)
	kept.Mul(basis, &inside)
	out := new(mat.Dense)
	if err := out.Solve(&root, &kept); err != nil {
		return nil, gmm.ErrIllConditioned
	}
	return out, nil
}
