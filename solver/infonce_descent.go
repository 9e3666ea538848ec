package solver

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// infonceDescent minimises the InfoNCE loss in the memory of a workspace.
type infonceDescent struct {
	*infonce
	ws *Workspace
}

var _ descent = infonceDescent{}

// minimise finds the minimiser of f over all symmetric matrices from start, as
// newton does. The point lives in the workspace.
func (f *infonce) minimise(ws *Workspace, start *mat.Dense, tolerance float64) (*point, error) {
	ws.prepare()
	steps, err := newton(infonceDescent{f, ws}, start, tolerance)
	if err != nil {
		return nil, err
	}
	ws.here.point.steps = steps
	return &ws.here.point, nil
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
