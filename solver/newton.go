package solver

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// mostSteps bounds Newton's steps; strongly convex problems take 5 to 15.
const mostSteps = 100

// place is a matrix M with the gradient of a loss there.
type place struct {
	m         *mat.Dense
	tolerance float64 // of the error that was aimed at
	gradient  *mat.Dense
	norm      float64 // ‖∇f(M)‖_d
	err       float64 // estimated error of the gradient, in the same norm
	blur      float64 // by how much the gradient jumps between neighbours, in the same norm, as rules that adapt do
	nodes     int     // of the quadrature
	whole     valued  // the evaluation that this is a part of
}

// valued is an evaluation of a loss that can also tell its value and an estimate of
// its error, when asked.
type valued interface {
	value() (value, err float64)
}

// descent is a smooth, strongly convex loss f with the memory of its
// minimisation: of a present place, a trial and a Hessian. ‖·‖_d is a norm of its own.
type descent interface {
	operator // the inverse of the quadratic part of the Hessian: the preconditioner
	// primalNorm is the norm dual to ‖·‖_d.
	primalNorm(v *mat.Dense) float64
	// coarsest is the quadrature error allowed in the first steps.
	coarsest() float64
	// try evaluates f at a trial place, aiming at an error of tolerance in ‖·‖_d.
	try(m *mat.Dense, tolerance float64) (*place, error)
	// accept makes the last trial the present place.
	accept()
	// bend averages the Hessian at the present place, by a rule whose error in the
	// gradient would be tolerance.
	bend(tolerance float64) (operator, error)
	// scratch is memory for one step.
	scratch() *arena
}

// newton finds the minimiser of d from start by Newton's method with conjugate
// gradients, until ‖∇f‖_d ≤ tolerance/32 or rounding stops the descent: the norm at
// the present place, which it leaves at the end, tells which. Early steps are
// integrated coarsely, the last to an estimated error of tolerance/2; the Hessian
// is always coarse, and serves for as many steps as it contracts well.
//
// Where the budget is spent the present place is left as it is, spent says so, and its norm and error what it is worth.
func newton(d descent, work *budget, start *mat.Dense, tolerance float64) (steps int, spent bool, err error) {
	const converged, accurate = 0x1p-5, 0.5
	finest, first := accurate*tolerance, d.coarsest()
	here, err := d.try(start, first)
	if err != nil {
		return steps, false, err
	}
	end := func(err error) (int, bool, error) {
		if !errors.Is(err, errHidden) && work.exhausted(err) {
			return steps, true, nil
		}
		return steps, false, err
	}
	d.accept()
	stalled := 0
	contraction := math.Inf(1) // of the last step
	var hessian operator
	for range mostSteps {
		if here.norm <= converged*tolerance || here.norm <= here.err || stalled > 1 {
			if here.tolerance <= finest {
				break
			}
			stalled = 0
			finer, err := d.try(here.m, finest)
			if err != nil {
				return end(err)
			}
			here = finer
			d.accept()
			continue
		}
		if contraction > serves {
			if hessian, err = d.bend(hessianTolerance(here.norm)); err != nil {
				return end(err)
			}
		}
		next, err := step(d, hessian, here, max(finest, min(first, here.tolerance, here.expected()/10)))
		if err != nil {
			return end(err)
		}
		if next == nil {
			stalled, contraction = 2, math.Inf(1)
			continue
		}
		steps++
		contraction = next.norm / here.norm
		if !(contraction < 0.5) && next.norm < math.Sqrt(tolerance) {
			stalled++
		}
		here = next
		d.accept()
	}
	if steps > 0 && here.nodes <= inexpensive {
		if next, err := step(d, hessian, here, here.tolerance); err == nil && next != nil && next.norm < here.norm {
			d.accept()
			steps++
		}
	}
	return steps, false, nil
}

// inexpensive is the number of nodes up to which a last step, with the Hessian of
// the one before, is worth its digits: some verdicts hang on them.
const inexpensive = 4096

// coarse is the quadrature error allowed in the first steps, relative to the signal;
// coarseOfMany where the softmax varies in many directions, which makes digits dear.
const coarse, coarseOfMany = 1e-4, 1e-2

// serves is the contraction of the gradient that a Hessian of an earlier step must
// reach to serve for another.
const serves = 1e-3

// hessianTolerance is the error of the Hessian's averages at which a step
// contracts the gradient about as well as Newton's exact step would, but not
// beyond what another step with the same Hessian mends more cheaply.
func hessianTolerance(residual float64) float64 {
	const least, most = 1e-4, 1e-2
	return max(least, min(most, residual))
}

// expected is the gradient's norm that a Newton step from here should leave: of the
// order of its square, or what the Hessian's error leaves.
func (p *place) expected() float64 {
	return p.norm * max(min(p.norm, 1), serves)
}

// step tries a Newton step by the given Hessian; nil where rounding leaves no progress.
func step(d descent, hessian operator, here *place, tolerance float64) (*place, error) {
	memory := d.scratch()
	memory.reset()
	scale := d.primalNorm(here.m) + 1
	forcing := min(0.1, max(serves/10, here.norm/scale))
	direction := conjugateGradients(memory, hessian, d, here.gradient, forcing)
	return search(d, here, direction, tolerance)
}

// search walks from here along a descent direction. f is convex, so its slope
// along the step increases; a length is accepted when that slope is at most half
// the initial one in size. It returns nil where no length gives a slope that is
// still distinguishable from its error.
func search(d descent, here *place, step *mat.Dense, tolerance float64) (*place, error) {
	const halvings = 60
	slope := inner(here.gradient, step)
	noise := 2 * here.err * d.primalNorm(step)
	length, shorter, longer := 1.0, 0.0, math.Inf(1)
	trial := d.scratch().copyOf(here.m)
	for range halvings {
		trial.Copy(here.m)
		addScaled(trial, length, step)
		next, err := d.try(trial, tolerance)
		switch {
		case errors.Is(err, errSteep):
			longer = length
		case err != nil:
			return nil, err
		default:
			there := inner(next.gradient, step)
			if math.Abs(there) <= -slope/2+noise {
				return next, nil
			}
			if there > 0 {
				longer = length
			} else {
				shorter = length
			}
		}
		if math.IsInf(longer, 1) {
			length *= 2
		} else {
			length = (shorter + longer) / 2
		}
	}
	return nil, nil
}
