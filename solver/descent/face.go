package descent

import (
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// face is a positive semidefinite M = V diag(n) Vᵀ in the relative interior of
// its face of the cone: V is m×ρ orthonormal, n > 0; V is nil if ρ = 0.
type face struct {
	v *mat.Dense
	n []float64
}

// positivePart keeps the eigenvalues of m that exceed threshold.
func positivePart(m *mat.Dense, threshold float64) face {
	n, _ := m.Dims()
	values, vectors := dense.Eigen(m)
	first := 0
	for first < n && values[first] <= threshold {
		first++
	}
	if first == n {
		return face{}
	}
	return face{v: mat.DenseCopyOf(vectors.Slice(0, n, first, n)), n: values[first:]}
}

// Rank returns ρ.
func (c face) Rank() int { return len(c.n) }

// matrix returns V diag(n) Vᵀ, m×m.
func (c face) matrix(m int) *mat.Dense {
	if c.v == nil {
		return mat.NewDense(m, m, nil)
	}
	out := dense.Times(dense.WeightedColumns(c.v, c.n), c.v.T())
	dense.Symmetrise(out)
	return out
}

// Root returns V diag(n)^½, a matrix A with AAᵀ = M; nil if M = 0.
func (c face) Root() *mat.Dense {
	if c.v == nil {
		return nil
	}
	return dense.RootColumns(c.v, c.n)
}

// kernel returns Q A for the projector Q = I − VVᵀ on the kernel.
func (c face) kernel(a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	if c.v == nil {
		return out
	}
	out.Sub(out, dense.Times(c.v, dense.Times(c.v.T(), a)))
	return out
}
