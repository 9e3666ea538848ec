// Package dense holds what the solver does with dense matrices: memory that is used again, products and
// decompositions in it, and work that is shared out among cores.
package dense

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Arena hands out zeroed memory that is all given back at once, so that a step
// which is repeated allocates nothing from the second time on. The zero value is
// ready. What it handed out must not be used after Reset, or after Release of an
// earlier Mark.
type Arena struct {
	block []float64
	used  int
	heads []mat.Dense
	taken int
}

// Floats returns n zeros.
func (a *Arena) Floats(n int) []float64 {
	const smallest = 1024
	if a.used+n > len(a.block) { // what the old block holds lives on with its users
		a.block, a.used = make([]float64, max(2*len(a.block), n, smallest)), 0
	}
	s := a.block[a.used : a.used+n : a.used+n]
	a.used += n
	clear(s)
	return s
}

// Dense returns a zero matrix, at least one row and one column.
func (a *Arena) Dense(rows, columns int) *mat.Dense {
	return a.Over(rows, columns, a.Floats(rows*columns))
}

// Over returns a matrix that is a view of row-major data.
func (a *Arena) Over(rows, columns int, data []float64) *mat.Dense {
	const smallest = 64
	if a.taken == len(a.heads) {
		a.heads, a.taken = make([]mat.Dense, max(2*len(a.heads), smallest)), 0
	}
	head := &a.heads[a.taken]
	a.taken++
	head.SetRawMatrix(blas64.General{Rows: rows, Cols: columns, Stride: columns, Data: data})
	return head
}

// CopyOf returns a copy of b.
func (a *Arena) CopyOf(b *mat.Dense) *mat.Dense {
	rows, columns := b.Dims()
	out := a.Dense(rows, columns)
	out.Copy(b)
	return out
}

// Reset takes everything back.
func (a *Arena) Reset() { a.used, a.taken = 0, 0 }

// Mark is a moment of an Arena to which Release returns.
type Mark struct{ length, used, heads, taken int }

// Mark returns the present moment.
func (a *Arena) Mark() Mark { return Mark{len(a.block), a.used, len(a.heads), a.taken} }

// Release gives back what was handed out since m. A block that was begun since
// then holds nothing older.
func (a *Arena) Release(m Mark) {
	if a.used = 0; len(a.block) == m.length {
		a.used = m.used
	}
	if a.taken = 0; len(a.heads) == m.heads {
		a.taken = m.taken
	}
}
