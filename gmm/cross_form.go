package gmm

import (
	"gonum.org/v1/gonum/mat"
)

// CrossForm is the d_V×d_T matrix M = F_V N F_Tᵀ of two modalities, written in a
// frame of each. N is m_V×m_T; nil means M = 0.
type CrossForm struct {
	Visual, Text Frame
	N            *mat.Dense
}

// PlainCross returns the form of a d_V×d_T matrix given in original coordinates.
func PlainCross(m mat.Matrix) CrossForm {
	rows, columns := m.Dims()
	return CrossForm{identityFrame(rows), identityFrame(columns), mat.DenseCopyOf(m)}
}

// NewCrossForm writes the matrix v, m_V×m_T in whitened coordinates, as a form:
// N = Λ_V⁻ᵀ v Λ_T⁻¹. A nil v is M = 0.
func NewCrossForm(visual, text Whitened, v *mat.Dense) CrossForm {
	f := CrossForm{Visual: visual.Frame, Text: text.Frame}
	if v == nil || visual.Root == nil || text.Root == nil {
		return f
	}
	var left, both mat.Dense
	_ = visual.Root.SolveTo(&left, true, v)
	_ = text.Root.SolveTo(&both, true, mat.DenseCopyOf(left.T()))
	f.N = mat.DenseCopyOf(both.T())
	return f
}

// Matrix returns M in original coordinates, d_V×d_T.
func (f CrossForm) Matrix(p Paired) *mat.Dense {
	out := mat.NewDense(p.Visual.Dimension(), p.Text.Dimension(), nil)
	if f.N == nil {
		return out
	}
	var half mat.Dense
	half.Mul(f.Visual.Columns(p.Visual), f.N)
	out.Mul(&half, f.Text.Columns(p.Text).T())
	return out
}

func identityFrame(d int) Frame {
	basis := mat.NewDense(d, d, nil)
	for i := range d {
		basis.Set(i, i, 1)
	}
	return Frame{Basis: basis}
}
