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
	steps, spent := 0, false
	f.work.keep(half)
	err := f.sweep(ws, tolerance, start, func(from *mat.Dense) error {
		more, done, err := newton(infonceDescent{f, ws}, f.work, from, tolerance)
		steps, spent = steps+more, done
		return err
	})
	f.watchful = false
	f.work.keep(0)
	ws.here.point.steps, ws.here.point.spent = steps, spent
	return &ws.here.point, err
}

// sweep minimises from start, and again as long as the end, the present place, or a trial that was
// given up shows that it was averaged without seeing all that counts.
func (f *infonce) sweep(ws *Workspace, tolerance float64, start *mat.Dense, minimise func(from *mat.Dense) error) error {
	first := start
	for n := range mostSweeps {
		err := minimise(start)
		pt := &ws.here.point
		switch {
		case errors.Is(err, errHidden):
			pt = &ws.there.point
			f.measure.complete()
		case errors.Is(err, errSteep) && f.sight != nil && len(f.weights)-1 <= quadrature.TensorDirections:
			f.sight, f.watchful = nil, false // a tensor rule falls short, but serves
			return minimise(first)
		case err != nil:
			return err
		}
		fresh, changed := f.look(&pt.softmaxPoint, f.measure, tolerance, n >= mostSweeps/2)
		if err == nil {
			pt.err += pt.blind.gradient
			pt.hasLoss = pt.hasLoss && pt.blind.loss == 0
			if !changed || n == mostSweeps-1 {
				break
			}
		}
		f.watchful = f.watchful && n < mostSweeps/2
		f.sight, start = fresh, mat.DenseCopyOf(pt.m)
	}
	return nil
}

// minimisePSD finds the minimiser of f over positive semidefinite matrices, as the
// function minimisePSD does. The point lives in the workspace, as unconstrained may.
func (f *infonce) minimisePSD(ws *Workspace, unconstrained *point, uncertainty, tolerance float64) (*facePoint, error) {
	found, err := minimisePSD(infonceDescent{f, ws}, f.work, &unconstrained.place, uncertainty, tolerance)
	if err != nil || found.place == &unconstrained.place {
		return found, err
	}
	first := true
	err = f.sweep(ws, tolerance, found.m, func(from *mat.Dense) (err error) {
		if !first {
			found, err = minimisePSD(infonceDescent{f, ws}, f.work, &place{m: from}, uncertainty, tolerance)
		}
		first = false
		return err
	})
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
