package dense

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// AddTo adds factor·x to a vector.
func AddTo(into []float64, factor float64, x []float64) {
	for i, v := range x {
		into[i] += factor * v
	}
}

// Dot is Σ a_i b_i.
func Dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// AddOuter adds factor·abᵀ.
func AddOuter(into *mat.Dense, factor float64, a, b []float64) {
	for i, x := range a {
		AddTo(into.RawRowView(i), factor*x, b)
	}
}

// Product writes AB into a matrix that is neither.
func Product(into, a, b *mat.Dense) {
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// ProductLeft writes AᵀB into a matrix that is neither.
func ProductLeft(into, a, b *mat.Dense) {
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// ProductRight writes ABᵀ into a matrix that is neither.
func ProductRight(into, a, b *mat.Dense) {
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// Times returns AB.
func Times(a, b mat.Matrix) *mat.Dense {
	out := new(mat.Dense)
	out.Mul(a, b)
	return out
}

// AddScaled adds factor·A.
func AddScaled(into *mat.Dense, factor float64, a *mat.Dense) {
	rows, _ := into.Dims()
	for i := range rows {
		AddTo(into.RawRowView(i), factor, a.RawRowView(i))
	}
}

// ScaleAndAdd replaces P by factor·P + A.
func ScaleAndAdd(p *mat.Dense, factor float64, a *mat.Dense) {
	rows, _ := p.Dims()
	for i := range rows {
		row, from := p.RawRowView(i), a.RawRowView(i)
		for j := range row {
			row[j] = factor*row[j] + from[j]
		}
	}
}

// Inner is ⟨A, B⟩ = Σ A_ij B_ij.
func Inner(a, b *mat.Dense) float64 {
	var sum float64
	rows, _ := a.Dims()
	for i := range rows {
		other := b.RawRowView(i)
		for j, x := range a.RawRowView(i) {
			sum += x * other[j]
		}
	}
	return sum
}

// Norm is ‖A‖_F.
func Norm(a *mat.Dense) float64 { return math.Sqrt(Inner(a, a)) }

// Symmetrise replaces A by ½(A + Aᵀ).
func Symmetrise(a *mat.Dense) {
	n, _ := a.Dims()
	for i := range n {
		for j := range i {
			mean := (a.At(i, j) + a.At(j, i)) / 2
			a.Set(i, j, mean)
			a.Set(j, i, mean)
		}
	}
}

// Transpose writes Aᵀ.
func Transpose(into, a *mat.Dense) {
	rows, _ := a.Dims()
	for i := range rows {
		for j, x := range a.RawRowView(i) {
			into.Set(j, i, x)
		}
	}
}

// WeightedColumns returns A diag(w).
func WeightedColumns(a *mat.Dense, w []float64) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(_, j int, x float64) float64 { return x * w[j] }, out)
	return out
}

// RootColumns returns A diag(w)^½; what rounding made negative counts as 0.
func RootColumns(a *mat.Dense, w []float64) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(_, j int, x float64) float64 { return x * math.Sqrt(max(0, w[j])) }, out)
	return out
}

// WeightedRows returns diag(w) A.
func WeightedRows(w []float64, a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(i, _ int, x float64) float64 { return x * w[i] }, out)
	return out
}

// Eigen returns the eigenvalues, ascending, and the eigenvectors, as columns, of a
// symmetric matrix, of which the upper triangle is read.
func Eigen(a mat.Matrix) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data), true) {
		panic("solver: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}

// SingularValues returns those of A, descending.
func SingularValues(a mat.Matrix) []float64 {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		panic("solver: the singular values did not converge")
	}
	return svd.Values(nil)
}

// SmallestEigenvalue returns that of a symmetric matrix, working in memory of the arena.
func SmallestEigenvalue(memory *Arena, a *mat.Dense) float64 {
	n, _ := a.Dims()
	symmetric := blas64.Symmetric{Uplo: blas.Upper, N: n, Stride: n, Data: memory.CopyOf(a).RawMatrix().Data}
	values, work := memory.Floats(n), memory.Floats(3*n)
	if !lapack64.Syev(lapack.EVNone, symmetric, values, work, len(work)) {
		panic("solver: the eigenvalues did not converge")
	}
	return values[0]
}

// Singular returns the thin singular value decomposition A = U diag(s) Vᵀ in
// memory of the arena; A is overwritten.
func Singular(memory *Arena, a *mat.Dense) (u *mat.Dense, s []float64, vt *mat.Dense) {
	rows, columns := a.Dims()
	n := min(rows, columns)
	u, vt, s = memory.Dense(rows, n), memory.Dense(n, columns), memory.Floats(n)
	size := memory.Floats(1)
	lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.RawMatrix(), u.RawMatrix(), vt.RawMatrix(), s, size, -1)
	work := memory.Floats(int(size[0]))
	if !lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.RawMatrix(), u.RawMatrix(), vt.RawMatrix(), s, work, len(work)) {
		panic("solver: the Singular values did not converge")
	}
	return u, s, vt
}

// FullSingular returns the singular value decomposition A = U diag(s) Vᵀ with square U and V.
func FullSingular(a *mat.Dense) (u *mat.Dense, s []float64, v *mat.Dense) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDFull) {
		panic("solver: the singular values did not converge")
	}
	u, v = new(mat.Dense), new(mat.Dense)
	svd.UTo(u)
	svd.VTo(v)
	return u, svd.Values(nil), v
}
