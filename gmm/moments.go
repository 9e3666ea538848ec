package gmm

import (
	"gonum.org/v1/gonum/mat"
)

// Mean returns Σ_k w_k μ_k of means given as the columns of an m×K matrix.
func Mean(weights []float64, means mat.Matrix) *mat.VecDense {
	m, _ := means.Dims()
	mean := mat.NewVecDense(m, nil)
	mean.MulVec(means, mat.NewVecDense(len(weights), weights))
	return mean
}

// RawScatter returns the between-component scatter C = Σ_k w_k μ_k μ_kᵀ of
// means given as the columns of an m×K matrix.
func RawScatter(weights []float64, means mat.Matrix) *mat.SymDense {
	m, k := means.Dims()
	c := mat.NewSymDense(m, nil)
	for j := range k {
		c.SymRankOne(c, weights[j], mat.NewVecDense(m, mat.Col(nil, j, means)))
	}
	return c
}

// CentredScatter returns B = C − μ̄μ̄ᵀ of means given as the columns of an m×K
// matrix, summed about the mean so that a far origin costs no digits.
func CentredScatter(weights []float64, means mat.Matrix) *mat.SymDense {
	m, k := means.Dims()
	mean := Mean(weights, means)
	b := mat.NewSymDense(m, nil)
	for j := range k {
		x := mat.NewVecDense(m, mat.Col(nil, j, means))
		x.SubVec(x, mean)
		b.SymRankOne(b, weights[j], x)
	}
	return b
}
