package subspace

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// SVD returns the span of the r eigenvectors of E[xxᵀ] = Σ + C that belong
// to its largest eigenvalues: what the singular vectors of infinitely many samples
// span. Its error is Davis and Kahan's bound ‖E‖/(λ_r − λ_{r+1} − ‖E‖), E being all
// that rounding changed; 1 where the gap does not exceed it. It panics unless
// 1 ≤ r ≤ d.
func SVD(m *gmm.Mixture, r int) Subspace {
	return secondMoment(m).leading(r)
}

// SampleSVD returns an orthonormal basis, d×r, of the span of the r
// leading right singular vectors of n samples, the rows of an n×d matrix that is
// not centred. It panics unless 1 ≤ r ≤ min(n, d).
func SampleSVD(samples *mat.Dense, r int) *mat.Dense {
	if n, d := samples.Dims(); r < 1 || r > min(n, d) {
		panic(fmt.Sprintf("oracle: no %d singular vectors of %d samples in %d dimensions", r, n, d))
	}
	return dense.Leading(mat.DenseCopyOf(samples.T()), r)
}

// Captured tells how much of E[xxᵀ] = S a subspace of s dimensions with projector P captures, tr(PS), what
// the best one does, λ_1(S) + … + λ_s(S), and all there is, tr S; with a bound of the error of best − captured: that of
// S, s‖E‖ by Weyl's inequality on either side, of P, 2s‖P − P̂‖λ_1, and of products.
func Captured(m *gmm.Mixture, space Subspace) (captured, best, all, err float64) {
	s := space.Dimension()
	if s == 0 {
		return 0, 0, 1, 0
	}
	moment := secondMoment(m)
	captured, all = mat.Trace(dense.Congruent(moment.matrix, space.Basis)), mat.Trace(moment.matrix)
	for _, value := range moment.values[:s] {
		best += value
	}
	largest := moment.values[0] + moment.err
	products := float64(32*len(moment.values)) * dense.Roundoff * all
	return captured, best, all, float64(s) * (2*moment.err + 2*space.Error*largest + products)
}

// spectrum is a symmetric positive definite matrix S, d×d, with its computed
// eigenvalues, descending, and eigenvectors. S is within err, spectral norm, of
// the exact matrix and of QΛQᵀ, where Q is orthogonal exactly and within skew of
// the eigenvectors.
type spectrum struct {
	matrix    *mat.Dense
	values    []float64
	vectors   *mat.Dense
	err, skew float64
}

// secondMoment is E[xxᵀ] = Σ + Σ_k w_k μ_k μ_kᵀ.
func secondMoment(m *gmm.Mixture) spectrum {
	var s mat.Dense
	s.Add(m.Covariance(), gmm.RawScatter(m.Weights(), m.Means().T()))
	// Each of K + 1 terms is rounded up to K + 5 times; the sizes of the terms sum
	// to at most tr S in the Frobenius norm.
	rounding := float64(m.Components()+8) * dense.Roundoff * mat.Trace(&s)
	return decompose(dense.Symmetric(&s), rounding)
}

// decompose takes the eigenvalues and bounds their errors by residuals: with
// η = ‖VᵀV − I‖ the orthogonal polar factor Q of V has ‖V − Q‖ ≤ η, and
// ‖S − QΛQᵀ‖ ≤ ‖S − VΛVᵀ‖ + η(2 + η)‖Λ‖.
func decompose(s *mat.Dense, rounding float64) spectrum {
	d, _ := s.Dims()
	values, vectors := dense.Eigen(s)
	out := spectrum{matrix: s, values: make([]float64, d), vectors: mat.NewDense(d, d, nil)}
	for i := range d {
		out.values[i] = values[d-1-i]
		out.vectors.SetCol(i, mat.Col(nil, d-1-i, vectors))
	}
	size := math.Max(math.Abs(out.values[0]), math.Abs(out.values[d-1]))
	products := float64(2*d+4) * float64(d) * dense.Roundoff // of two d×d matrices of unit columns
	var gram, rebuilt mat.Dense                              // VᵀV − I, VΛVᵀ
	gram.Mul(out.vectors.T(), out.vectors)
	gram.Sub(&gram, dense.Identity(d))
	out.skew = mat.Norm(&gram, 2) + products
	rebuilt.Mul(dense.TimesDiagonal(out.vectors, out.values), out.vectors.T())
	rebuilt.Sub(s, &rebuilt)
	out.err = rounding + mat.Norm(&rebuilt, 2) + (2*products+out.skew*(2+out.skew))*size
	return out
}

// leading is the span of the r leading eigenvectors. Davis and Kahan's sin Θ
// theorem compares QΛQᵀ, whose leading eigenvalues are at least λ_r, with the
// exact matrix, whose others are at most λ_{r+1} + err by Weyl's inequality.
func (s spectrum) leading(r int) Subspace {
	d := len(s.values)
	if r < 1 || r > d {
		panic(fmt.Sprintf("oracle: no subspace of dimension %d in %d dimensions", r, d))
	}
	basis := dense.Columns(s.vectors, 0, r)
	if r == d {
		return Subspace{Basis: basis} // everything
	}
	sine := 1.0
	if gap := s.values[r-1] - s.values[r] - s.err; gap > 0 {
		sine = math.Min(1, s.err/gap+2*s.skew)
	}
	return Subspace{basis, sine}
}
