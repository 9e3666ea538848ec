package gmm

import (
	"fmt"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Frame is a list of m independent covectors on R^d, the columns of F, in which
// symmetric forms are written: a Form with coefficients N is M = F N Fᵀ.
//
// A Fisher frame has F = Σ⁻¹U·Basis with Basis K×m, so its columns lie in the
// Fisher subspace exactly, whatever the rounding of Basis. A full frame has
// F = Basis, d×d.
type Frame struct {
	Fisher bool
	Basis  *mat.Dense
}

// Form is the symmetric matrix M = F N Fᵀ on R^d, written in a frame. N is m×m.
// In a frame that nearly whitens the covariance it keeps full relative
// precision, which the entries of M lose when Σ is ill-conditioned.
type Form struct {
	Frame Frame
	N     *mat.SymDense
}

// Plain returns the form of a d×d symmetric matrix given in original coordinates.
func Plain(m mat.Symmetric) Form {
	d := m.SymmetricDim()
	n := mat.NewSymDense(d, nil)
	n.CopySym(m)
	return Form{identityFrame(d), n}
}

// Columns returns F, d×m, in original coordinates.
func (f Frame) Columns(m *Mixture) *mat.Dense {
	if !f.Fisher {
		return f.Basis
	}
	_, s := f.Basis.Dims()
	x := m.Gram().Precision
	columns := mat.NewDense(m.Dimension(), max(s, 1), nil)
	if s == 0 {
		return columns
	}
	for i := range m.Dimension() {
		for c := range s {
			var sum dd.Number
			for k := range x {
				sum = sum.Add(x[k][i].Mul(dd.Of(f.Basis.At(k, c))))
			}
			columns.Set(i, c, sum.Float64())
		}
	}
	return columns
}

// Matrix returns M in original coordinates, d×d. It panics if the form does not
// belong to a mixture of m's shape.
func (f Form) Matrix(m *Mixture) *mat.SymDense {
	d := m.Dimension()
	out := mat.NewSymDense(d, nil)
	if f.N == nil {
		return out
	}
	columns := f.Frame.Columns(m)
	if rows, s := columns.Dims(); rows != d || s != f.N.SymmetricDim() {
		panic(fmt.Sprintf("gmm: a %d×%d frame with %d coefficients does not fit dimension %d", rows, s, f.N.SymmetricDim(), d))
	}
	var half, full mat.Dense
	half.Mul(columns, f.N)
	full.Mul(&half, columns.T())
	for i := range d {
		for j := i; j < d; j++ {
			out.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
	return out
}
