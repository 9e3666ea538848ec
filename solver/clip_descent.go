package solver

import (
	"errors"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// clipDescent minimises the CLIP loss.
type clipDescent struct {
	*clip
	here, there *clipPoint
	hessian     clipHessian
	memory      arena
}

var _ descent = (*clipDescent)(nil)

// minimise finds the minimiser of f over all m_V×m_T matrices from start, as newton does, and
// sweeps as infonce.sweep does.
func (f *clip) minimise(start *mat.Dense, tolerance float64) (*clipPoint, error) {
	d := &clipDescent{clip: f, here: new(clipPoint), there: new(clipPoint)}
	first := start
	ended, before := false, [2]*sight{}
	for n := range mostSweeps {
		for _, side := range f.sides() {
			side.watchful = n <= mostSweeps/2
		}
		_, spent, err := newton(d, f.visual.work, start, tolerance)
		pt := d.here
		switch {
		case errors.Is(err, errHidden):
			pt = d.there
			for _, side := range f.sides() {
				side.measure.complete()
			}
		case ended && f.visual.work.exhausted(err):
			f.visual.sight, f.text.sight = before[0], before[1]
			d.here.spent = true
			return d.here, nil
		case errors.Is(err, errSteep) && n > 0 && len(f.visual.weights)-1 <= quadrature.TensorDirections:
			return f.blindly(d, first, tolerance) // tensor rules fall short, but serve
		case err != nil:
			return nil, err
		}
		d.here.spent = spent
		ended, before = err == nil, [2]*sight{f.visual.sight, f.text.sight}
		again := !ended
		for i, side := range f.sides() {
			s := &pt.softmaxes[i]
			fresh, changed := side.look(s, side.measure, tolerance/2, n >= mostSweeps/2)
			pt.err += s.blind.gradient
			if changed && n < mostSweeps-1 {
				side.sight, again = fresh, true
			}
		}
		if !again {
			break
		}
		start = mat.DenseCopyOf(pt.m)
	}
	return d.here, nil
}

// blindly minimises without looking for what rules do not see.
func (f *clip) blindly(d *clipDescent, start *mat.Dense, tolerance float64) (*clipPoint, error) {
	for _, side := range f.sides() {
		side.sight, side.watchful = nil, false
	}
	_, spent, err := newton(d, f.visual.work, start, tolerance)
	d.here.spent = spent
	return d.here, err
}

func (d *clipDescent) try(m *mat.Dense, tolerance float64) (*place, error) {
	if err := d.at(d.there, m, tolerance); err != nil {
		return nil, err
	}
	return &d.there.place, nil
}

func (d *clipDescent) accept() { d.here, d.there = d.there, d.here }

func (d *clipDescent) bend(tolerance float64) (operator, error) {
	return &d.hessian, d.hessian.at(d.here, tolerance)
}

func (d *clipDescent) scratch() *arena { return &d.memory }

// clipHessian is V ↦ D²g(M)[V] at one M.
type clipHessian struct {
	f         *clip
	softmaxes [2]softmaxHessian
	scratch   arena // for one product
}

var _ operator = (*clipHessian)(nil)

// at averages what the products at a point need, by rules whose error in the
// gradient would be tolerance. h is used again for other points.
func (h *clipHessian) at(pt *clipPoint, tolerance float64) error {
	h.f = pt.f
	for i, side := range pt.f.sides() {
		if err := h.softmaxes[i].average(&side.anchored, &pt.softmaxes[i], side.measure, tolerance); err != nil {
			return err
		}
	}
	return nil
}

// apply writes D²g(M)[V].
func (h *clipHessian) apply(into, v *mat.Dense) {
	h.f.quadratic(into, v)
	for i := range h.softmaxes {
		h.scratch.reset()
		seen := seenFrom(&h.scratch, i, v)
		image := h.scratch.dense(seen.Dims())
		h.softmaxes[i].apply(image, seen)
		addScaled(into, 1, seenFrom(&h.scratch, i, image))
	}
}
