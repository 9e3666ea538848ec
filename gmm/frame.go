package gmm

import (
	"fmt"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Frame is a list of m independent covectors on R^d, the columns of F, in which
// forms are written.
//
// A Fisher frame has F = Σ̄⁻¹U·Basis with Basis K×m, so its columns lie in the
// Fisher subspace exactly, whatever the rounding of Basis. A full frame has
// F = Basis, d×d.
type Frame struct {
	Fisher bool
	Basis  *mat.Dense
}

// Form is the d_L×d_R matrix M = F_L N F_Rᵀ, written in a frame of each side of
// pairs. N is m_L×m_R; nil means M = 0. A symmetric M of one modality has Right == Left
// and a symmetric N. In frames that nearly whiten the covariances it keeps full
// relative precision, which the entries of M lose when Σ is ill-conditioned.
type Form struct {
	Left, Right Frame
	N           *mat.Dense
}

// Plain returns the form of a matrix given in original coordinates, d_L×d_R; of a
// square one both frames are the same.
func Plain(m mat.Matrix) Form {
	rows, columns := m.Dims()
	f := Form{Left: identityFrame(rows), N: mat.DenseCopyOf(m)}
	if f.Right = f.Left; rows != columns {
		f.Right = identityFrame(columns)
	}
	return f
}

func identityFrame(d int) Frame {
	basis := mat.NewDense(d, d, nil)
	for i := range d {
		basis.Set(i, i, 1)
	}
	return Frame{Basis: basis}
}

// symmetric tells whether M is written as a symmetric matrix.
func (f Form) symmetric() bool { return f.Left == f.Right && mat.Equal(f.N, f.N.T()) }

// Symmetric returns N of a symmetric M, m×m; nil for M = 0. It panics if M is not
// written as a symmetric matrix, in one frame.
func (f Form) Symmetric() *mat.SymDense {
	if f.N == nil {
		return nil
	}
	if !f.symmetric() {
		panic("gmm: expected a symmetric matrix in one frame for both sides")
	}
	return symmetricPart(f.N)
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

// Matrix returns M in original coordinates, d_L×d_R, symmetric where it is written as
// a symmetric matrix of one modality. It panics if the form does not belong to pairs of p's shape.
func (f Form) Matrix(p Pairs) *mat.Dense {
	out := mat.NewDense(p.Left.Dimension(), p.Right.Dimension(), nil)
	if f.N == nil {
		return out
	}
	left, right := f.Left.Columns(p.Left), f.Right.Columns(p.Right)
	rows, m := left.Dims()
	columns, n := right.Dims()
	if a, b := f.N.Dims(); a != m || b != n || rows != p.Left.Dimension() || columns != p.Right.Dimension() {
		panic(fmt.Sprintf("gmm: frames of %d×%d and %d×%d with %d×%d coefficients do not fit dimensions %d and %d",
			rows, m, columns, n, a, b, p.Left.Dimension(), p.Right.Dimension()))
	}
	if p.Modalities() == 2 || !f.symmetric() {
		return product3(left, f.N, right.T())
	}
	return mat.DenseCopyOf(symmetricPart(product3(left, symmetricPart(f.N), right.T())))
}

// product3 returns (AB)C.
func product3(a, b, c mat.Matrix) *mat.Dense {
	var half mat.Dense
	half.Mul(a, b)
	out := new(mat.Dense)
	out.Mul(&half, c)
	return out
}
