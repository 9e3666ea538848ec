package gmm

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Coupling tells how strongly a component's covariance couples the Fisher subspace to its complement.
type Coupling struct {
	// Component is k, from 0.
	Component int
	// Direction is the functional x ↦ wᵀx out of the Fisher subspace that Σ_k couples most to it: d coordinates of w, of
	// variance 1 under Σ̄ and uncorrelated under Σ̄ with the Fisher subspace. Its sign is arbitrary.
	Direction []float64
	// Size is ‖QΣ_kP‖_op ≥ 0 in coordinates whitened by Σ̄, P the projector on the Fisher subspace and Q = I − P.
	Size float64
}

// Couplings returns the couplings of all components, the largest first, in float64; none where the covariance is shared, or there are
// no directions inside the Fisher subspace or none outside of it. It fails, with ErrIllConditioned, where Σ̄ is singular to double precision.
func (m *Mixture) Couplings() ([]Coupling, error) {
	s, d := m.FisherDimension(), m.Dimension()
	if m.Shared() || s == 0 || s == d {
		return nil, nil
	}
	if m.definite.factor == nil {
		return nil, tooSkewed(d)
	}
	root := m.definite.factor.RawU().(*mat.TriDense).RawTriangular() // Σ̄ = RᵀR
	solve := func(a *mat.Dense, transpose blas.Transpose) {
		blas64.Trsm(blas.Left, transpose, 1, root, a.RawMatrix())
	}
	whitened := mat.DenseCopyOf(m.Means().T())
	solve(whitened, blas.Trans)
	inside := leadingBasis(whitened, s)
	lifted := mat.DenseCopyOf(inside)
	solve(lifted, blas.NoTrans)
	var couplings []Coupling
	for k := range m.own {
		image := new(mat.Dense)
		image.Mul(m.Own(k), lifted)
		solve(image, blas.Trans)
		for range 2 { // once more takes away what rounding leaves of it
			var within, along mat.Dense
			within.Mul(inside.T(), image)
			along.Mul(inside, &within)
			image.Sub(image, &along)
		}
		var svd mat.SVD
		if !svd.Factorize(image, mat.SVDThin) {
			panic("gmm: the singular values did not converge")
		}
		var left mat.Dense
		svd.UTo(&left)
		direction := mat.NewDense(d, 1, mat.Col(nil, 0, &left))
		solve(direction, blas.NoTrans)
		couplings = append(couplings, Coupling{Component: k, Direction: mat.Col(nil, 0, direction), Size: svd.Values(nil)[0]})
	}
	slices.SortStableFunc(couplings, func(a, b Coupling) int { return cmp.Compare(b.Size, a.Size) })
	return couplings, nil
}

// leadingBasis returns the first s left singular vectors of a with its columns scaled to length 1, d×s.
func leadingBasis(a *mat.Dense, s int) *mat.Dense {
	rows, columns := a.Dims()
	scaled := mat.NewDense(rows, columns, nil)
	for c := range columns {
		if size := blas64.Nrm2(blas64.Vector{N: rows, Inc: columns, Data: a.RawMatrix().Data[c:]}); size > 0 && !math.IsInf(size, 0) {
			for r := range rows {
				scaled.Set(r, c, a.At(r, c)/size)
			}
		}
	}
	var svd mat.SVD
	if !svd.Factorize(scaled, mat.SVDThin) {
		panic("gmm: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	return mat.DenseCopyOf(u.Slice(0, rows, 0, s))
}
