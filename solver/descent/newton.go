package descent

import (
	"errors"
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// mostSteps bounds Newton's steps; strongly convex problems take 5 to 15.
const mostSteps = 100

// Newton finds the minimiser of f from start by Newton's method with conjugate
// gradients, until ‖∇f‖_d ≤ tolerance/32 or rounding stops the descent: the norm at
// the present point, which it leaves at the end, tells which. Early steps are
// integrated coarsely, the last to an estimated error of tolerance/2; the Hessian
// is always coarse, and serves for as many steps as it contracts well.
//
// Where the budget is spent the present point is left as it is, spent says so, and its norm and error what it is worth.
func Newton(f Objective, s *State, start *mat.Dense, tolerance float64) (steps int, spent bool, err error) {
	const converged, accurate = 0x1p-5, 0.5
	finest, first := accurate*tolerance, f.Coarsest()
	here, err := s.Try(f, start, first)
	if err != nil {
		return steps, false, err
	}
	end := func(err error) (int, bool, error) {
		if !errors.Is(err, ErrHidden) && f.Budget().Exhausted(err) {
			return steps, true, nil
		}
		return steps, false, err
	}
	s.Accept()
	stalled := 0
	contraction := math.Inf(1) // of the last step
	var hessian Operator
	for range mostSteps {
		if here.Norm <= converged*tolerance || here.Norm <= here.Err || stalled > 1 {
			if here.Tolerance <= finest {
				break
			}
			stalled = 0
			finer, err := s.Try(f, here.M, finest)
			if err != nil {
				return end(err)
			}
			here = finer
			s.Accept()
			continue
		}
		if contraction > serves {
			if hessian, err = f.Hessian(s.here, hessianTolerance(here.Norm)); err != nil {
				return end(err)
			}
		}
		next, err := step(f, s, hessian, here, max(finest, min(first, here.Tolerance, here.expected()/10)))
		if err != nil {
			return end(err)
		}
		if next == nil {
			stalled, contraction = 2, math.Inf(1)
			continue
		}
		steps++
		contraction = next.Norm / here.Norm
		if !(contraction < 0.5) && next.Norm < math.Sqrt(tolerance) {
			stalled++
		}
		here = next
		s.Accept()
	}
	if steps > 0 && here.Nodes <= inexpensive {
		if next, err := step(f, s, hessian, here, here.Tolerance); err == nil && next != nil && next.Norm < here.Norm {
			s.Accept()
			steps++
		}
	}
	return steps, false, nil
}

// inexpensive is the number of nodes up to which a last step, with the Hessian of
// the one before, is worth its digits: some verdicts hang on them.
const inexpensive = 4096

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
func (p *Iterate) expected() float64 {
	return p.Norm * max(min(p.Norm, 1), serves)
}

// step tries a Newton step by the given Hessian; nil where rounding leaves no progress.
func step(f Objective, s *State, hessian Operator, here *Iterate, tolerance float64) (*Iterate, error) {
	memory := &s.Scratch
	memory.Reset()
	scale := f.Metric().Primal(here.M) + 1
	forcing := min(0.1, max(serves/10, here.Norm/scale))
	direction := conjugateGradients(memory, hessian, f.Metric(), here.Gradient, forcing, math.Inf(1))
	length := 1.0
	if c, ok := f.(Cautious); ok {
		length = c.FirstLength(here.M, direction)
	}
	return search(f, s, here, direction, length, tolerance)
}

// search walks from here along a descent direction, at first so many of its lengths. f is convex, so its slope
// along the step increases; a length is accepted when that slope is at most half
// the initial one in size. It returns nil where no length gives a slope that is
// still distinguishable from its error.
func search(f Objective, s *State, here *Iterate, step *mat.Dense, length, tolerance float64) (*Iterate, error) {
	const halvings = 60
	slope := dense.Inner(here.Gradient, step)
	noise := 2 * here.Err * f.Metric().Primal(step)
	shorter, longer := 0.0, math.Inf(1)
	trial := s.Scratch.CopyOf(here.M)
	for range halvings {
		trial.Copy(here.M)
		dense.AddScaled(trial, length, step)
		next, err := s.Try(f, trial, tolerance)
		switch {
		case errors.Is(err, ErrSteep):
			longer = length
		case err != nil:
			return nil, err
		default:
			there := dense.Inner(next.Gradient, step)
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
