package solver

import (
	"gonum.org/v1/gonum/mat"
)

// hessian is V ↦ D²f(M)[V] of the InfoNCE loss at one M.
type hessian struct {
	f *infonce
	softmaxHessian
}

var _ operator = (*hessian)(nil)

// at averages what the products at a point need, by a rule whose error in the
// averages of the gradient would be tolerance. h is used again for other points.
func (h *hessian) at(pt *point, tolerance float64) error {
	h.f = pt.f
	return h.average(&pt.f.anchored, &pt.softmaxPoint, pt.f.measure, tolerance)
}

// apply writes D²f(M)[V] for a symmetric V.
func (h *hessian) apply(into, v *mat.Dense) {
	h.softmaxHessian.apply(into, v)
	h.f.addQuadratic(into, v)
}

// curvature returns D²f(M)[V] for a symmetric V, as accurate as the gradient.
func (pt *point) curvature(v *mat.Dense) (*mat.Dense, error) {
	var h hessian
	if err := h.at(pt, pt.tolerance); err != nil {
		return nil, err
	}
	out := mat.DenseCopyOf(v)
	h.apply(out, v)
	return out, nil
}
