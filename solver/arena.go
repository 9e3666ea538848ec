package solver

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// arena hands out zeroed memory that is all given back at once, so that a step
// which is repeated allocates nothing from the second time on. The zero value is
// ready. What it handed out must not be used after reset, or after release of an
// earlier mark.
type arena struct {
	block []float64
	used  int
	heads []mat.Dense
	taken int
}

// floats returns n zeros.
func (a *arena) floats(n int) []float64 {
	const smallest = 1024
	if a.used+n > len(a.block) { // what the old block holds lives on with its users
		a.block, a.used = make([]float64, max(2*len(a.block), n, smallest)), 0
	}
	s := a.block[a.used : a.used+n : a.used+n]
	a.used += n
	clear(s)
	return s
}

// dense returns a zero matrix, at least one row and one column.
func (a *arena) dense(rows, columns int) *mat.Dense {
	return a.over(rows, columns, a.floats(rows*columns))
}

// over returns a matrix that is a view of row-major data.
func (a *arena) over(rows, columns int, data []float64) *mat.Dense {
	const smallest = 64
	if a.taken == len(a.heads) {
		a.heads, a.taken = make([]mat.Dense, max(2*len(a.heads), smallest)), 0
	}
	head := &a.heads[a.taken]
	a.taken++
	head.SetRawMatrix(blas64.General{Rows: rows, Cols: columns, Stride: columns, Data: data})
	return head
}

// copyOf returns a copy of b.
func (a *arena) copyOf(b *mat.Dense) *mat.Dense {
	rows, columns := b.Dims()
	out := a.dense(rows, columns)
	out.Copy(b)
	return out
}

func (a *arena) reset() { a.used, a.taken = 0, 0 }

// mark is a moment of an arena to which release returns.
type mark struct{ length, used, heads, taken int }

func (a *arena) mark() mark { return mark{len(a.block), a.used, len(a.heads), a.taken} }

// release gives back what was handed out since m. A block that was begun since
// then holds nothing older.
func (a *arena) release(m mark) {
	if a.used = 0; len(a.block) == m.length {
		a.used = m.used
	}
	if a.taken = 0; len(a.heads) == m.heads {
		a.taken = m.taken
	}
}
