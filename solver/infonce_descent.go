package solver

import (
	"errors"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// infonceDescent minimises the InfoNCE loss in the memory of a workspace.
type infonceDescent struct {
	*infonce
	ws *Workspace
}

var _ descent = infonceDescent{}

// half of the budget is kept for the minimiser over positive semidefinite matrices.
const half = 0.5

// minimise finds the minimiser of f over all symmetric matrices from start, as
// newton does. The point lives in the workspace.
func (f *infonce) minimise(ws *Workspace, start *mat.Dense, tolerance float64) (*point, error) {
	ws.prepare()
	f.watchful = true
	steps := 0
	f.work.keep(half)
	spent, err := f.sweep(ws, tolerance, start, func(from *mat.Dense) (bool, error) {
		more, spent, err := newton(infonceDescent{f, ws}, f.work, from, tolerance)
		steps += more
		return spent, err
	})
	f.watchful = false
	f.work.keep(0)
	ws.here.point.steps, ws.here.point.spent = steps, spent
	return &ws.here.point, err
}

// sweep minimises from start, and again as long as the end, the present place, or a trial that was
// given up shows that it was averaged without seeing all that counts. Where the budget does not pay for another time, the
// end before stands, with what it misses in its error.
func (f *infonce) sweep(ws *Workspace, tolerance float64, start *mat.Dense, minimise func(from *mat.Dense) (spent bool, err error)) (spent bool, err error) {
	first := start
	ended, before := false, f.sight // whether the present place is the end of a minimisation, and by what sight
	for n := range mostSweeps {
		spent, err = minimise(start)
		pt := &ws.here.point
		switch {
		case errors.Is(err, errHidden):
			pt = &ws.there.point
			f.measure.complete()
		case ended && f.work.exhausted(err):
			f.sight = before
			return true, nil
		case errors.Is(err, errSteep) && f.sight != nil && len(f.weights)-1 <= quadrature.TensorDirections:
			f.sight, f.watchful = nil, false // a tensor rule falls short, but serves
			return minimise(first)
		case err != nil:
			return spent, err
		}
		fresh, changed := f.look(&pt.softmaxPoint, f.measure, tolerance, n >= mostSweeps/2)
		ended, before = err == nil, f.sight
		if ended {
			pt.err += pt.blind.gradient
			pt.hasLoss = pt.hasLoss && pt.blind.loss == 0
			if !changed || n == mostSweeps-1 {
				break
			}
		}
		f.watchful = f.watchful && n < mostSweeps/2
		f.sight, start = fresh, mat.DenseCopyOf(pt.m)
	}
	return spent, nil
}

// minimisePSD finds the minimiser of f over positive semidefinite matrices, as the
// function minimisePSD does. The point lives in the workspace, as unconstrained may.
func (f *infonce) minimisePSD(ws *Workspace, unconstrained *point, uncertainty, tolerance float64) (*facePoint, error) {
	d := infonceDescent{f, ws}
	found, err := minimisePSD(d, f.work, &unconstrained.place, uncertainty, tolerance)
	if err != nil || found.place == &unconstrained.place {
		return found, err
	}
	first := true
	spent, err := f.sweep(ws, tolerance, found.m, func(from *mat.Dense) (bool, error) {
		if first {
			first = false
			return found.spent, nil
		}
		start := &place{m: from}
		again, err := minimisePSD(d, f.work, start, uncertainty, tolerance)
		if err == nil && again.place == start { // M ≻ 0, which has not been evaluated
			if again.place, err = d.try(from, tolerance); err == nil {
				d.accept()
				again.residual = again.norm
			}
		}
		if err != nil {
			return false, err
		}
		found = again
		return found.spent, nil
	})
	found.spent = spent
	return found, err
}

func (d infonceDescent) try(m *mat.Dense, tolerance float64) (*place, error) {
	pt, err := d.at(d.ws.there, m, tolerance)
	if err != nil {
		return nil, err
	}
	return &pt.place, nil
}

func (d infonceDescent) accept() { d.ws.swap() }

func (d infonceDescent) bend(tolerance float64) (operator, error) {
	return &d.ws.hessian, d.ws.hessian.at(&d.ws.here.point, tolerance)
}

func (d infonceDescent) scratch() *arena { return &d.ws.scratch }

// coarsest is the quadrature error allowed in the first steps.
func (f *infonce) coarsest() float64 { return f.coarse() * f.signal() }

// signal is min(1, ‖∇f(0)‖_d) = min(1, δ‖B‖_d), the scale of the minimiser where
// the components barely differ; 1 where they do not differ at all. Tolerances
// are relative to it, so that a faint mixture is solved to as many digits as
// another.
func (f *infonce) signal() float64 {
	if size := f.normAtZero(); size > 0 {
		return min(1, size)
	}
	return 1
}
