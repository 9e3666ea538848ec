package descent

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// curvatures are the eigenvalues of ∇²f off the flat directions, ascending, with their directions, one a column, and their error.
type curvatures struct {
	values     []float64
	directions *mat.Dense
	err, step  float64
}

// curvatures differentiates the gradient along a basis of what is not flat.
func (s searched) curvatures(p place) curvatures {
	n := len(p.at)
	basis := s.steep(p.at)
	if basis == nil {
		return curvatures{}
	}
	_, k := basis.Dims()
	h := math.Cbrt(0x1p-52) * max(1, floats.Norm(p.at, math.Inf(1)))
	if s.Step != nil {
		h = s.Step(p.at)
	}
	images := mat.NewDense(n, k, nil)
	trial := make([]float64, n)
	up, down := make([]float64, n), make([]float64, n)
	for j := range k {
		v := mat.Col(nil, j, basis)
		floats.AddScaledTo(trial, p.at, h, v)
		s.f(trial, up)
		floats.AddScaledTo(trial, p.at, -h, v)
		s.f(trial, down)
		floats.Sub(up, down)
		floats.Scale(1/(2*h), up)
		images.SetCol(j, up)
	}
	var inner, skew mat.Dense
	inner.Mul(basis.T(), images)
	skew.Sub(&inner, inner.T())
	symmetric := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			symmetric.SetSym(i, j, (inner.At(i, j)+inner.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) { // NaN, at the edge of where f is defined
		return curvatures{}
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	c := curvatures{values: eigen.Values(nil), directions: mat.NewDense(n, k, nil), step: h}
	c.directions.Mul(basis, &vectors)
	rounding := 0x1p-50 * (1 + math.Abs(p.value)) / h
	c.err = max(mat.Norm(&skew, 2)/2, rounding)
	return c
}

// steep is an orthonormal basis of what is orthogonal to the flat directions, one a column; nil where nothing is.
func (s searched) steep(θ []float64) *mat.Dense {
	n := len(θ)
	all := mat.NewDense(n, n, nil)
	for i := range n {
		all.Set(i, i, 1)
	}
	if s.Flat == nil {
		return all
	}
	flat := s.Flat(θ)
	if flat == nil {
		return all
	}
	var svd mat.SVD
	if !svd.Factorize(flat, mat.SVDFull) {
		panic("descent: the flat directions have no singular values")
	}
	rank := svd.Rank(1e-9)
	if rank == n {
		return nil
	}
	var u mat.Dense
	svd.UTo(&u)
	return mat.DenseCopyOf(u.Slice(0, n, rank, n))
}
