// Package descent minimises smooth, strongly convex functions of a matrix: by Newton's method over all matrices, along
// the faces of the cone of positive semidefinite ones, and over factors. It knows no mixture.
package descent

import (
	"errors"
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Objective is a smooth, strongly convex function f of a matrix M.
type Objective interface {
	// Metric measures gradients and steps. D²f is at least about its quadratic form, so that it preconditions, too.
	Metric() Metric
	// New returns memory for one evaluation.
	New() Point
	// At evaluates f at M into memory that New gave, aiming at an error of the gradient of tolerance in ‖·‖_d. It fails
	// with ErrSteep where that cannot be had so far from the minimum, and with ErrHidden or ErrSpent.
	At(into Point, m *mat.Dense, tolerance float64) error
	// Hessian averages D²f at a point, by a rule whose error in the gradient would be tolerance. It lives until the
	// point's Hessian is asked for again.
	Hessian(at Point, tolerance float64) (Operator, error)
	// Coarsest is the error of the gradient that is allowed in the first steps.
	Coarsest() float64
	// Budget is what evaluations may spend, nil for any amount.
	Budget() *Budget
}

// Cautious objectives tell how much of a step from M to try first, in (0, 1]: where a whole one would be dear to evaluate and is too long anyway.
type Cautious interface {
	FirstLength(m, step *mat.Dense) float64
}

// Point is one evaluation of an objective.
type Point interface {
	Iterate() *Iterate
	// Value returns f(M) and an estimate of its error.
	Value() (value, err float64)
}

// Iterate is a matrix M with the gradient of an objective there.
type Iterate struct {
	M         *mat.Dense
	Tolerance float64 // of the error that was aimed at
	Gradient  *mat.Dense
	Norm      float64 // ‖∇f(M)‖_d
	Err       float64 // estimated error of the gradient, in the same norm
	Blur      float64 // by how much the gradient jumps between neighbours, in the same norm, as rules that adapt do
	Nodes     int     // of the quadrature
	Of        Point   // the evaluation that this is a part of
}

// ErrSteep says that an objective cannot be evaluated at a trial so far from its minimum.
var ErrSteep = errors.New("solver: the loss is too steep to integrate")

// ErrHidden says that an evaluation does not see all that it could be shown: whoever drives the descent mends that.
var ErrHidden = errors.New("solver: the softmax has steps beyond the nodes of its rule")

// Operator is a symmetric linear map on matrices of one shape.
type Operator interface {
	// Apply writes the image of v into a matrix that is not v.
	Apply(into, v *mat.Dense)
}

// Metric measures matrices by weights b > 0, one an entry.
type Metric struct{ Weights *mat.Dense }

// Dual is ‖G‖_d, ‖G‖²_d = Σ_ij G_ij²/b_ij.
func (n Metric) Dual(g *mat.Dense) float64 {
	var sum float64
	rows, _ := g.Dims()
	for i := range rows {
		weights := n.Weights.RawRowView(i)
		for j, x := range g.RawRowView(i) {
			sum += x * x / weights[j]
		}
	}
	return math.Sqrt(sum)
}

// Primal is the norm dual to it, ‖V‖² = Σ_ij b_ij V_ij².
func (n Metric) Primal(v *mat.Dense) float64 {
	var sum float64
	rows, _ := v.Dims()
	for i := range rows {
		weights := n.Weights.RawRowView(i)
		for j, x := range v.RawRowView(i) {
			sum += weights[j] * x * x
		}
	}
	return math.Sqrt(sum)
}

// Apply writes V_ij/b_ij: the preconditioner.
func (n Metric) Apply(into, v *mat.Dense) {
	rows, _ := v.Dims()
	for i := range rows {
		weights, row := n.Weights.RawRowView(i), into.RawRowView(i)
		for j, x := range v.RawRowView(i) {
			row[j] = x / weights[j]
		}
	}
}

// State is the memory of a descent: its present point and a trial. The zero value is ready, and serves objectives of one
// kind; with one a Newton step allocates nothing from the second of its size on.
type State struct {
	here, there Point
	Scratch     dense.Arena // for one step
}

// Here is the present point: where a descent ended.
func (s *State) Here() Point { return s.here }

// There is the last trial, unless it was accepted.
func (s *State) There() Point { return s.there }

// Try evaluates f at a trial.
func (s *State) Try(f Objective, m *mat.Dense, tolerance float64) (*Iterate, error) {
	if s.here == nil {
		s.here, s.there = f.New(), f.New()
	}
	if err := f.At(s.there, m, tolerance); err != nil {
		return nil, err
	}
	return s.there.Iterate(), nil
}

// Accept makes the last trial the present point.
func (s *State) Accept() { s.here, s.there = s.there, s.here }
