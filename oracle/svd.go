package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// SVDSubspace returns the span of the r eigenvectors of E[xxᵀ] = Σ + C that belong
// to its largest eigenvalues: what the singular vectors of infinitely many samples
// span. Its error is Davis and Kahan's bound ‖E‖/(λ_r − λ_{r+1} − ‖E‖), E being all
// that rounding changed; 1 where the gap does not exceed it. It panics unless
// 1 ≤ r ≤ d.
func SVDSubspace(m *gmm.Mixture, r int) Subspace {
	return secondMoment(m).leading(r)
}

// SampleSVDSubspace returns an orthonormal basis, d×r, of the span of the r
// leading right singular vectors of n samples, the rows of an n×d matrix that is
// not centred. It panics unless 1 ≤ r ≤ min(n, d).
func SampleSVDSubspace(samples *mat.Dense, r int) *mat.Dense {
	if n, d := samples.Dims(); r < 1 || r > min(n, d) {
		panic(fmt.Sprintf("oracle: no %d singular vectors of %d samples in %d dimensions", r, n, d))
	}
	return leadingSpace(mat.DenseCopyOf(samples.T()), r)
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
	rounding := float64(m.Components()+8) * unitRoundoff * mat.Trace(&s)
	return decompose(symmetric(&s), rounding)
}

// decompose takes the eigenvalues and bounds their errors by residuals: with
// η = ‖VᵀV − I‖ the orthogonal polar factor Q of V has ‖V − Q‖ ≤ η, and
// ‖S − QΛQᵀ‖ ≤ ‖S − VΛVᵀ‖ + η(2 + η)‖Λ‖.
func decompose(s *mat.Dense, rounding float64) spectrum {
	d, _ := s.Dims()
	values, vectors := eigen(s)
	out := spectrum{matrix: s, values: make([]float64, d), vectors: mat.NewDense(d, d, nil)}
	for i := range d {
		out.values[i] = values[d-1-i]
		out.vectors.SetCol(i, mat.Col(nil, d-1-i, vectors))
	}
	size := math.Max(math.Abs(out.values[0]), math.Abs(out.values[d-1]))
	products := float64(2*d+4) * float64(d) * unitRoundoff // of two d×d matrices of unit columns
	out.skew = mat.Norm(gramLessIdentity(out.vectors), 2) + products
	var scaled, rebuilt mat.Dense
	scaled.Apply(func(_, j int, x float64) float64 { return x * out.values[j] }, out.vectors)
	rebuilt.Mul(&scaled, out.vectors.T())
	rebuilt.Sub(s, &rebuilt)
	out.err = rounding + mat.Norm(&rebuilt, 2) + (2*products+out.skew*(2+out.skew))*size
	return out
}

// gramLessIdentity returns VᵀV − I.
func gramLessIdentity(v *mat.Dense) *mat.Dense {
	var gram mat.Dense
	gram.Mul(v.T(), v)
	gram.Apply(func(i, j int, x float64) float64 {
		if i == j {
			return x - 1
		}
		return x
	}, &gram)
	return &gram
}

// leading is the span of the r leading eigenvectors. Davis and Kahan's sin Θ
// theorem compares QΛQᵀ, whose leading eigenvalues are at least λ_r, with the
// exact matrix, whose others are at most λ_{r+1} + err by Weyl's inequality.
func (s spectrum) leading(r int) Subspace {
	d := len(s.values)
	if r < 1 || r > d {
		panic(fmt.Sprintf("oracle: no subspace of dimension %d in %d dimensions", r, d))
	}
	basis := mat.DenseCopyOf(s.vectors.Slice(0, d, 0, r))
	if r == d {
		return Subspace{Basis: basis} // everything
	}
	sine := 1.0
	if gap := s.values[r-1] - s.values[r] - s.err; gap > 0 {
		sine = math.Min(1, s.err/gap+2*s.skew)
	}
	return Subspace{basis, sine}
}
