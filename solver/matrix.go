package solver

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// product writes AB into a matrix that is neither.
func product(into, a, b *mat.Dense) {
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// productLeft writes AᵀB into a matrix that is neither.
func productLeft(into, a, b *mat.Dense) {
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// productRight writes ABᵀ into a matrix that is neither.
func productRight(into, a, b *mat.Dense) {
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, a.RawMatrix(), b.RawMatrix(), 0, into.RawMatrix())
}

// addScaled adds factor·A.
func addScaled(into *mat.Dense, factor float64, a *mat.Dense) {
	rows, _ := into.Dims()
	for i := range rows {
		addTo(into.RawRowView(i), factor, a.RawRowView(i))
	}
}

// scaleAndAdd replaces P by factor·P + A.
func scaleAndAdd(p *mat.Dense, factor float64, a *mat.Dense) {
	rows, _ := p.Dims()
	for i := range rows {
		row, from := p.RawRowView(i), a.RawRowView(i)
		for j := range row {
			row[j] = factor*row[j] + from[j]
		}
	}
}

// inner is ⟨A, B⟩ = Σ A_ij B_ij.
func inner(a, b *mat.Dense) float64 {
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

func norm2(a *mat.Dense) float64 { return math.Sqrt(inner(a, a)) }

func symmetrise(a *mat.Dense) {
	n, _ := a.Dims()
	for i := range n {
		for j := range i {
			mean := (a.At(i, j) + a.At(j, i)) / 2
			a.Set(i, j, mean)
			a.Set(j, i, mean)
		}
	}
}

func scaledBy(factor float64, a *mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Scale(factor, a)
	return out
}

// weightedColumns returns A diag(w).
func weightedColumns(a *mat.Dense, w []float64) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(_, j int, x float64) float64 { return x * w[j] }, out)
	return out
}

// weightedRows returns diag(w) A.
func weightedRows(w []float64, a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(i, _ int, x float64) float64 { return x * w[i] }, out)
	return out
}

// eigen returns the eigenvalues, ascending, and the eigenvectors, as columns, of a
// symmetric matrix, of which the upper triangle is read.
func eigen(a mat.Matrix) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data), true) {
		panic("solver: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}

// smallestEigenvalue returns that of a symmetric matrix, working in memory of the arena.
func smallestEigenvalue(memory *arena, a *mat.Dense) float64 {
	n, _ := a.Dims()
	symmetric := blas64.Symmetric{Uplo: blas.Upper, N: n, Stride: n, Data: memory.copyOf(a).RawMatrix().Data}
	values, work := memory.floats(n), memory.floats(3*n)
	if !lapack64.Syev(lapack.EVNone, symmetric, values, work, len(work)) {
		panic("solver: the eigenvalues did not converge")
	}
	return values[0]
}

// singular returns the thin singular value decomposition A = U diag(s) Vᵀ in
// memory of the arena; A is overwritten.
func singular(memory *arena, a *mat.Dense) (u *mat.Dense, s []float64, vt *mat.Dense) {
	rows, columns := a.Dims()
	n := min(rows, columns)
	u, vt, s = memory.dense(rows, n), memory.dense(n, columns), memory.floats(n)
	size := memory.floats(1)
	lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.RawMatrix(), u.RawMatrix(), vt.RawMatrix(), s, size, -1)
	work := memory.floats(int(size[0]))
	if !lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.RawMatrix(), u.RawMatrix(), vt.RawMatrix(), s, work, len(work)) {
		panic("solver: the singular values did not converge")
	}
	return u, s, vt
}
