package cosine

import (
	"math"

	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// shape is that of the parameters: rows of A, of which the first are in the Fisher subspace, and columns.
type shape struct{ fisher, noise, columns int }

// seen are the embeddings of a representation.
func (f *search) seen(s shape, a *mat.Dense) (gaussians, bool) {
	means := mat.NewDense(s.columns, len(f.law.weights), nil)
	means.Mul(a.Slice(0, s.fisher, 0, s.columns).T(), f.means)
	covariance := mat.NewSymDense(s.columns, nil)
	covariance.SymOuterK(1, a.T())
	return newGaussians(means, covariance)
}

// function is L(A) with its gradient: 2A ∂L/∂G, and on the Fisher subspace Σ m_k(∂L/∂ν_k)ᵀ too, by rules of a precision.
func (f *search) function(s shape, of precision) descent.Function {
	rows := s.fisher + s.noise
	return func(θ, gradient []float64) float64 {
		a, slope := f.plain(s, θ), mat.NewDense(rows, s.columns, gradient)
		g, ok := f.seen(s, a)
		if !ok {
			return math.NaN()
		}
		l, axes, err := f.layout(g, of)
		if err != nil {
			return math.NaN()
		}
		means, covariance := mat.NewDense(s.columns, len(f.law.weights), nil), mat.NewDense(s.columns, s.columns, nil)
		value, _ := f.value(g, l, axes, means, covariance)
		slope.Mul(a, covariance)
		slope.Scale(2, slope)
		var inner mat.Dense
		inner.Mul(f.means, means.T())
		top := slope.Slice(0, s.fisher, 0, s.columns).(*mat.Dense)
		inner.Add(top, &inner)
		top.Mul(f.even, &inner)
		return value
	}
}

// symmetries are directions along which the loss does not change: A itself, turns of the embedding, and turns of the noise.
func (s shape) symmetries(θ []float64) *mat.Dense {
	rows := s.fisher + s.noise
	a := mat.NewDense(rows, s.columns, θ)
	flat := [][]float64{θ}
	turn := func(set func(out *mat.Dense)) {
		out := mat.NewDense(rows, s.columns, nil)
		set(out)
		flat = append(flat, out.RawMatrix().Data)
	}
	for i := range s.columns {
		for j := range i {
			turn(func(out *mat.Dense) {
				for k := range rows {
					out.Set(k, i, a.At(k, j))
					out.Set(k, j, -a.At(k, i))
				}
			})
		}
	}
	for i := s.fisher; i < rows; i++ {
		for j := s.fisher; j < i; j++ {
			turn(func(out *mat.Dense) {
				for k := range s.columns {
					out.Set(i, k, a.At(j, k))
					out.Set(j, k, -a.At(i, k))
				}
			})
		}
	}
	out := mat.NewDense(len(θ), len(flat), nil)
	for i, x := range flat {
		out.SetCol(i, x)
	}
	return out
}

// plain is A of the parameters.
func (f *search) plain(s shape, θ []float64) *mat.Dense {
	a := mat.DenseCopyOf(mat.NewDense(s.fisher+s.noise, s.columns, θ))
	var top mat.Dense
	top.Mul(f.even, a.Slice(0, s.fisher, 0, s.columns))
	a.Slice(0, s.fisher, 0, s.columns).(*mat.Dense).Copy(&top)
	return a
}

// evening is (I + Σw m mᵀ)^{−½}.
func evening(means *mat.Dense, weights []float64) *mat.Dense {
	s, _ := means.Dims()
	second := mat.NewSymDense(s, nil)
	for i := range s {
		second.SetSym(i, i, 1)
	}
	for k, w := range weights {
		second.SymRankOne(second, w, means.ColView(k))
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(second, true) {
		panic("cosine: the second moment has no eigenvalues")
	}
	var vectors, scaled, out mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	scaled.Apply(func(_, j int, x float64) float64 { return x / math.Sqrt(values[j]) }, &vectors)
	out.Mul(&scaled, vectors.T())
	return &out
}

// canonical turns the embedding so that the columns of A are orthogonal, the longest first.
func canonical(a *mat.Dense) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("cosine: a representation has no singular values")
	}
	var v, turned mat.Dense
	svd.VTo(&v)
	turned.Mul(a, &v)
	a.Copy(&turned)
}

// upright makes the largest entry of each column positive, and entries 0 that are rounding beside it.
func upright(a *mat.Dense) {
	const alike, rounding = 1 - 1e-6, 0x1p-44
	rows, columns := a.Dims()
	for j := range columns {
		var largest float64
		for i := range rows {
			if x := a.At(i, j); math.Abs(x)*alike > math.Abs(largest) {
				largest = x
			}
		}
		for i := range rows {
			x := math.Copysign(1, largest) * a.At(i, j)
			if math.Abs(x) < rounding*math.Abs(largest) {
				x = 0
			}
			a.Set(i, j, x)
		}
	}
}
