package solver

import (
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
	f.work.keep(half)
	steps, spent, err := newton(infonceDescent{f, ws}, f.work, start, tolerance)
	if err != nil {
		return nil, err
	}
	f.work.keep(0)
	ws.here.point.steps, ws.here.point.spent = steps, spent
	return &ws.here.point, nil
}

// minimisePSD finds the minimiser of f over positive semidefinite matrices, as the
// function minimisePSD does. The point lives in the workspace, as unconstrained may.
func (f *infonce) minimisePSD(ws *Workspace, unconstrained *point, uncertainty, tolerance float64) (*facePoint, error) {
	return minimisePSD(infonceDescent{f, ws}, f.work, &unconstrained.place, uncertainty, tolerance)
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
