package solver

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// Objective is a loss of pairs as a function f of a d_L×d_R matrix, symmetric in one modality,
// in whitened coordinates turned so that W = I + C is diagonal on both sides.
type Objective struct{ f *stated }

// NewObjective states a loss of p, as Minimise does, in all dimensions.
func NewObjective(l Loss, p gmm.Pairs) (Objective, error) {
	if err := l.Admit(p); err != nil {
		return Objective{}, err
	}
	w, err := p.WhitenFull()
	if err != nil {
		return Objective{}, err
	}
	f, err := state(l, p, w, Options{})
	return Objective{f}, err
}

// Dims returns d_L and d_R.
func (o Objective) Dims() (left, right int) {
	return len(o.f.Law.Left.Second), len(o.f.Law.Right.Second)
}

// Evaluation is f at one matrix.
type Evaluation struct{ pt *term.Point }

// At evaluates f at m, d_L×d_R and symmetric in one modality, aiming at a gradient error of tolerance.
// It panics if m has another shape.
func (o Objective) At(m mat.Matrix, tolerance float64) (Evaluation, error) {
	rows, columns := m.Dims()
	if left, right := o.Dims(); rows != left || columns != right {
		panic(fmt.Sprintf("solver: a matrix of %d×%d does not fit %d×%d", rows, columns, left, right))
	}
	pt := new(term.Point)
	err := o.f.At(pt, mat.DenseCopyOf(m), tolerance)
	if err == nil {
		o.f.Look(pt, tolerance, false, false)
	}
	return Evaluation{pt}, err
}

// Gradient returns ∇f(M) and an estimate of its error in Frobenius
// norm relative to that of W.
func (e Evaluation) Gradient() (gradient *mat.Dense, err float64) {
	at := e.pt.Iterate()
	return mat.DenseCopyOf(at.Gradient), at.Err
}

// Curvature returns D²f(M)[V], for a symmetric V in one modality.
func (e Evaluation) Curvature(v mat.Matrix) (*mat.Dense, error) {
	return e.pt.Curvature(mat.DenseCopyOf(v))
}
