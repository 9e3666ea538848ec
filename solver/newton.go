package solver

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// mostSteps bounds Newton's steps; strongly convex problems take 5 to 15.
const mostSteps = 100

// minimise finds the minimiser of f over all symmetric matrices, from start, by
// Newton's method with conjugate gradients, until ‖∇f‖_d ≤ tolerance/32 or
// rounding stops the descent: the point's norm tells which. Early steps are
// integrated coarsely, the last to an estimated error of tolerance/2; the Hessian
// is always coarse, and serves for as many steps as it contracts well. The point
// lives in the workspace.
func (f *infonce) minimise(ws *Workspace, start *mat.Dense, tolerance float64) (*point, error) {
	const converged, accurate = 0x1p-5, 0.5
	finest, coarse := accurate*tolerance, coarsest*f.signal()
	ws.prepare()
	pt, err := f.at(ws.here, start, coarse)
	if err != nil {
		return nil, err
	}
	steps, stalled := 0, 0
	contraction := math.Inf(1) // of the last step
	for range mostSteps {
		if pt.norm <= converged*tolerance || pt.norm <= pt.err || stalled > 1 {
			if pt.tolerance <= finest {
				break
			}
			stalled = 0
			if pt, err = f.at(ws.there, pt.m, finest); err != nil {
				return nil, err
			}
			ws.swap()
			continue
		}
		if contraction > serves {
			if err := ws.hessian.at(pt, hessianTolerance(pt.norm)); err != nil {
				return nil, err
			}
		}
		next, err := ws.step(pt, max(finest, min(coarse, pt.tolerance, pt.expected()/10)))
		if err != nil {
			return nil, err
		}
		if next == nil {
			stalled, contraction = 2, math.Inf(1)
			continue
		}
		steps++
		contraction = next.norm / pt.norm
		if !(contraction < 0.5) && next.norm < math.Sqrt(tolerance) {
			stalled++
		}
		pt = next
		ws.swap()
	}
	if steps > 0 && pt.rule.Nodes() <= inexpensive {
		if next, err := ws.step(pt, pt.tolerance); err == nil && next != nil && next.norm < pt.norm {
			pt = next
			ws.swap()
			steps++
		}
	}
	pt.steps = steps
	return pt, nil
}

// inexpensive is the number of nodes up to which a last step, with the Hessian of
// the one before, is worth its digits: some verdicts hang on them.
const inexpensive = 4096

// coarsest is the quadrature error allowed in the first steps, relative to the signal.
const coarsest = 1e-4

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

// expected is the gradient's norm that a Newton step from pt should leave: of the
// order of its square, or what the Hessian's error leaves.
func (pt *point) expected() float64 {
	return pt.norm * max(min(pt.norm, 1), serves)
}

// step takes a Newton step from pt by the workspace's Hessian, into its other
// storage; nil where rounding leaves no progress.
func (ws *Workspace) step(pt *point, tolerance float64) (*point, error) {
	ws.scratch.reset()
	scale := pt.f.primalNorm(pt.m) + 1
	forcing := min(0.1, max(serves/10, pt.norm/scale))
	step := conjugateGradients(&ws.scratch, &ws.hessian, pt.f, pt.gradient, forcing)
	return ws.search(pt, step, tolerance)
}

// signal is min(1, ‖∇f(0)‖_d) = min(1, δ‖B‖_d), the scale of the minimiser where
// the components barely differ; 1 where they do not differ at all. Tolerances
// are relative to it, so that a faint mixture is solved to as many digits as
// another.
func (f *infonce) signal() float64 {
	var b mat.Dense
	b.Mul(weightedColumns(f.centred, f.weights), f.centred.T())
	if size := f.delta * f.dualNorm(&b); size > 0 {
		return min(1, size)
	}
	return 1
}

// apply writes the inverse of V ↦ ½(WV + VW), the quadratic part of the Hessian:
// f is its own preconditioner.
func (f *infonce) apply(into, v *mat.Dense) {
	for i, wi := range f.second {
		row, from := into.RawRowView(i), v.RawRowView(i)
		for j, wj := range f.second {
			row[j] = from[j] * 2 / (wi + wj)
		}
	}
}

// search walks from pt along a descent direction. f is convex, so its slope
// along the step increases; a length is accepted when that slope is at most half
// the initial one in size. It returns nil where no length gives a slope that is
// still distinguishable from its error.
func (ws *Workspace) search(pt *point, step *mat.Dense, tolerance float64) (*point, error) {
	const halvings = 60
	slope := inner(pt.gradient, step)
	noise := 2 * pt.err * pt.f.primalNorm(step)
	length, shorter, longer := 1.0, 0.0, math.Inf(1)
	trial := ws.scratch.copyOf(pt.m)
	for range halvings {
		trial.Copy(pt.m)
		addScaled(trial, length, step)
		next, err := pt.f.at(ws.there, trial, tolerance)
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

// primalNorm is the norm dual to dualNorm, ‖V‖² = Σ_ij ½(w_i + w_j) V_ij².
func (f *infonce) primalNorm(v *mat.Dense) float64 {
	var sum float64
	for i, wi := range f.second {
		for j, x := range v.RawRowView(i) {
			sum += (wi + f.second[j]) / 2 * x * x
		}
	}
	return math.Sqrt(sum)
}
