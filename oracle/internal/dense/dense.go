// Package dense has what the oracle's rooms ask of small dense matrices.
package dense

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Roundoff is the unit roundoff of float64, 2^-53.
const Roundoff = 0x1p-53

// Eigen returns the eigenvalues, ascending, and eigenvectors of a symmetric matrix.
func Eigen(a *mat.Dense) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, Symmetric(mat.DenseCopyOf(a)).RawMatrix().Data), true) {
		panic("oracle: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}

// SVD returns the thin singular value decomposition U diag(values) Vᵀ, values descending.
func SVD(a mat.Matrix) (u *mat.Dense, values []float64, v *mat.Dense) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	u, v = new(mat.Dense), new(mat.Dense)
	svd.UTo(u)
	svd.VTo(v)
	return u, svd.Values(nil), v
}

// SingularValues returns those of a matrix, descending.
func SingularValues(a mat.Matrix) []float64 {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		panic("oracle: the singular values did not converge")
	}
	return svd.Values(nil)
}

// Leading returns the s leading left singular vectors; nil for s = 0.
func Leading(a *mat.Dense, s int) *mat.Dense {
	if s == 0 {
		return nil
	}
	u, _, _ := SVD(a)
	return Columns(u, 0, s)
}

// Columns copies the columns from first to before end.
func Columns(a *mat.Dense, first, end int) *mat.Dense {
	rows, _ := a.Dims()
	return mat.DenseCopyOf(a.Slice(0, rows, first, end))
}

// Symmetric replaces a square matrix by its symmetric part, and returns it.
func Symmetric(a *mat.Dense) *mat.Dense {
	n, _ := a.Dims()
	for i := range n {
		for j := range i {
			mean := (a.At(i, j) + a.At(j, i)) / 2
			a.Set(i, j, mean)
			a.Set(j, i, mean)
		}
	}
	return a
}

// Identity returns I.
func Identity(n int) *mat.Dense {
	out := mat.NewDense(n, n, nil)
	for i := range n {
		out.Set(i, i, 1)
	}
	return out
}

// Congruent returns BᵀMB.
func Congruent(m, b mat.Matrix) *mat.Dense {
	var half mat.Dense
	half.Mul(m, b)
	out := new(mat.Dense)
	out.Mul(b.T(), &half)
	return out
}

// Absolute returns the entries' absolute values.
func Absolute(a mat.Matrix) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, a)
	return out
}

// TimesDiagonal returns A diag(s).
func TimesDiagonal(a mat.Matrix, s []float64) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(_, j int, x float64) float64 { return x * s[j] }, a)
	return out
}

// Scaled returns the entries a_ij (l_i r_j)^power.
func Scaled(l []float64, a mat.Matrix, r []float64, power float64) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(i, j int, x float64) float64 { return x * math.Pow(l[i]*r[j], power) }, a)
	return out
}

// AddScaled adds factor·x to a vector.
func AddScaled(into []float64, factor float64, x []float64) {
	blas64.Axpy(factor, blas64.Vector{N: len(x), Inc: 1, Data: x}, blas64.Vector{N: len(x), Inc: 1, Data: into})
}

// Dot is Σ a_i b_i.
func Dot(a, b []float64) float64 {
	return blas64.Dot(blas64.Vector{N: len(a), Inc: 1, Data: a}, blas64.Vector{N: len(a), Inc: 1, Data: b})
}

// Inner is ⟨A, B⟩ = Σ A_ij B_ij.
func Inner(a, b *mat.Dense) float64 {
	var sum float64
	rows, columns := a.Dims()
	for i := range rows {
		for j := range columns {
			sum += a.At(i, j) * b.At(i, j)
		}
	}
	return sum
}

// ColumnNorms returns the Euclidean norms of the columns, whose squares neither overflow nor vanish.
func ColumnNorms(a *mat.Dense) []float64 {
	rows, columns := a.Dims()
	out := make([]float64, columns)
	for i := range rows {
		for j, x := range a.RawRowView(i) {
			out[j] += x * x
		}
	}
	for j := range out {
		out[j] = math.Sqrt(out[j])
	}
	return out
}

// Distances returns |a_j − a_i| for all pairs of columns.
func Distances(a *mat.Dense) [][]float64 {
	rows, columns := a.Dims()
	out := make([][]float64, columns)
	for j := range out {
		out[j] = make([]float64, columns)
		for i := range j {
			var square float64
			for r := range rows {
				d := a.At(r, j) - a.At(r, i)
				square += d * d
			}
			out[j][i] = math.Sqrt(square)
			out[i][j] = out[j][i]
		}
	}
	return out
}

// AddOuter adds factor·a_j b_jᵀ for columns of two matrices.
func AddOuter(into *mat.Dense, factor float64, a, b *mat.Dense, j int) {
	rows, columns := into.Dims()
	for r := range rows {
		row, x := into.RawRowView(r), factor*a.At(r, j)
		for c := range columns {
			row[c] += x * b.At(c, j)
		}
	}
}

// FullSVD returns the singular value decomposition U diag(values) Vᵀ with square U and V, values descending.
func FullSVD(a mat.Matrix) (u *mat.Dense, values []float64, v *mat.Dense) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDFull) {
		panic("oracle: the singular values did not converge")
	}
	u, v = new(mat.Dense), new(mat.Dense)
	svd.UTo(u)
	svd.VTo(v)
	return u, svd.Values(nil), v
}
