package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// Affine is the InfoNCE loss of affine representations f(x) = Aᵀx + b,
//
//	L(A, b) = −E[f(x)·f(x̂)] + E_x log E_y exp(f(x)·f(y)),
//
// (x, x̂) a positive pair of one modality, x and y independent draws. It depends on M = AAᵀ and c = Ab, and with
// c′ = c + Mμ̄ it is that of the centred mixture: it is stated of mixtures whose mean is 0, as the least value over c for each M (term.Affine).
var Affine = Loss{
	Name:   "affine",
	Admits: gmm.Pairs.WantOneModality,
	tilts:  true,
	affine: true,
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.Affine(l)} },
	of:     InfoNCE.of,
}

// EvaluateAffine is Evaluate of the representations x ↦ Aᵀx + b of one modality, b having a number for each column of A. It panics if it has not.
func EvaluateAffine(l Loss, p gmm.Pairs, a *mat.Dense, b []float64) (value, err float64, failure error) {
	if failure := l.Evaluates(p); failure != nil {
		return 0, 0, failure
	}
	through := seenThrough(p.Left, a)
	rows, _ := through.Means.Dims()
	if rows != len(b) {
		panic("solver: a bias does not fit its representation")
	}
	for i, x := range b {
		for k := range p.Components() {
			through.Means.Set(i, k, through.Means.At(i, k)+x)
		}
	}
	return l.of(p, through, through)
}

// offset sets the b of least norm for which Ab is nearest to c, in whitened coordinates.
func (f *stated) offset(m *Minimum) {
	if !f.loss.affine || m.Left.Columns == nil {
		return
	}
	whitened := func(x Factor) *mat.Dense { return dense.Times(f.whitened.Left.Root.T(), x.Coefficients) }
	a := whitened(m.Left)
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("solver: the singular values of a representation did not converge")
	}
	rows, columns := a.Dims()
	b, c := new(mat.Dense), whitened(m.Shift)
	if rank := svd.Rank(float64(rows+columns) * unitRoundoff); rank > 0 {
		svd.SolveTo(b, c, rank)
		m.Offset = mat.Col(nil, 0, b)
		c.Sub(c, dense.Times(a, b))
	} else {
		m.Offset = make([]float64, columns)
	}
	m.OffRange = mat.Norm(c, 2)
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53
