package solver

import (
	"fmt"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Objective is the InfoNCE loss of a mixture as a function f of a symmetric d×d
// matrix, in whitened coordinates turned so that W = I + C is diagonal.
type Objective struct{ f *infonce }

// NewObjective states the loss of p. It needs a covariance that float64 can factor.
func NewObjective(p gmm.Pairs) (Objective, error) {
	if err := checkSingle(p); err != nil {
		return Objective{}, err
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return Objective{}, err
	}
	f, _ := newInfoNCE(p, w)
	return Objective{f}, nil
}

// Dimension returns d.
func (o Objective) Dimension() int { return len(o.f.second) }

// Evaluation is f at one matrix.
type Evaluation struct{ pt *point }

// At evaluates f at a symmetric m, d×d, aiming at a gradient error of tolerance.
// It panics if m has another shape.
func (o Objective) At(m mat.Symmetric, tolerance float64) (Evaluation, error) {
	if m.SymmetricDim() != o.Dimension() {
		panic(fmt.Sprintf("solver: a matrix of dimension %d does not fit %d", m.SymmetricDim(), o.Dimension()))
	}
	pt, err := o.f.at(new(storage), mat.DenseCopyOf(m), tolerance)
	if err == nil {
		o.f.look(&pt.softmaxPoint, o.f.measure, tolerance, false)
		pt.err += pt.blind.gradient
	}
	return Evaluation{pt}, err
}

// Loss returns f(M) and an estimate of its error.
func (e Evaluation) Loss() (value, err float64) { return e.pt.value() }

// Gradient returns ∇f(M), symmetric, and an estimate of its error in Frobenius
// norm relative to that of W.
func (e Evaluation) Gradient() (gradient *mat.Dense, err float64) {
	return mat.DenseCopyOf(e.pt.gradient), e.pt.err
}

// Curvature returns D²f(M)[V] for a symmetric V.
func (e Evaluation) Curvature(v mat.Symmetric) (*mat.Dense, error) {
	return e.pt.curvature(mat.DenseCopyOf(v))
}
