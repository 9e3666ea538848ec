package comparison

import (
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

// Map is a representation, x ↦ Aᵀx + b, of the columns of a table.
type Map struct {
	A *mat.Dense // d×r
	B []float64  // r numbers; nil stands for zeros
}

// Centred is the map with b = −Aᵀμ, of which the mean μ has the image 0.
func (m Map) Centred(mean []float64) Map {
	_, r := m.A.Dims()
	var b mat.VecDense
	b.MulVec(m.A.T(), mat.NewVecDense(len(mean), mean))
	m.B = make([]float64, r)
	for j := range m.B {
		m.B[j] = -b.AtVec(j)
	}
	return m
}

// Biased is the map with b added to its own; it panics if that has another length than A has columns.
func (m Map) Biased(b []float64) Map {
	_, r := m.A.Dims()
	if len(b) != r {
		panic("comparison: a bias does not fit its representation")
	}
	out := make([]float64, r)
	copy(out, m.B)
	for j, x := range b {
		out[j] += x
	}
	m.B = out
	return m
}

// Rows maps the n samples of a table with d columns, rounded to float64: row i of the result, n×r, is Aᵀx_i + b, to (d + 1)·2⁻⁵³ (Σ|x||a| + |b|) to first
// order, as any order of summation has it (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1).
func (m Map) Rows(t *tables.Table) *mat.Dense {
	all := t.All()
	_, r := m.A.Dims()
	out := mat.NewDense(len(all), r, nil)
	const atOnce = 1 << 10 // so that a big table is never there twice
	for first := 0; first < len(all); first += atOnce {
		last := min(first+atOnce, len(all))
		part := out.Slice(first, last, 0, r).(*mat.Dense)
		part.Mul(t.Rows(all[first:last]), m.A)
	}
	for j, b := range m.B {
		for i := range all {
			out.Set(i, j, out.At(i, j)+b)
		}
	}
	return out
}
