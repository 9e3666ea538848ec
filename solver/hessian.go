package solver

import (
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// hessian is V ↦ D²f(M)[V] at one M.
type hessian struct {
	f *infonce
	contrasts
	covariances

	memory arena // of the averages
	rule   quadrature.Rule
	lines  lines
	walker walker
	// scratch is memory for one product, given back at its end.
	scratch arena
}

var _ operator = (*hessian)(nil)

// at averages what the products at a point need, by a rule whose error in the
// averages of the gradient would be tolerance. h is used again for other points.
func (h *hessian) at(pt *point, tolerance float64) error {
	h.f = pt.f
	h.memory.reset()
	h.contrasts = pt.contrasts.copyTo(&h.memory)
	if err := h.f.chooseRule(&h.rule, &h.contrasts, tolerance); err != nil {
		return err
	}
	if h.tabulate(&h.memory, &h.rule, &h.lines) != nil {
		// Too steep for this rule; the gradient's own may reach less far.
		if err := h.tabulate(&h.memory, &pt.rule, &h.lines); err != nil {
			return err
		}
	}
	sums := h.walker.integrate(&h.memory, &h.lines, meanProducts{}, h.f.cores)
	h.unpack(&h.memory, sums, h.f.weights, h.lines.q)
	return nil
}

// apply writes D²f(M)[V] for a symmetric V. With u_jk = μ_jᵀVy_k and
// r_ik = R_iᵀVy_k, xᵀVy_k = u_jk + Σ_i t_i r_ik + zᵀVy_k under component j; the
// part z across R has covariance I − RRᵀ and leaves p alone.
func (h *hessian) apply(into, v *mat.Dense) {
	f := h.f
	m, k := f.means.Dims()
	q, _ := h.slopes.Dims()
	memory := h.scratch.mark()
	defer h.scratch.release(memory)
	vy, u, r := h.scratch.dense(m, k), h.scratch.dense(k, k), h.scratch.dense(q, k)
	product(vy, v, f.centred)
	productLeft(u, f.means, vy)
	productLeft(r, h.directions, vy)

	byMeans, byDirections := h.scratch.dense(k, k), h.scratch.dense(q, k) // w_j E_j, and Σ_j w_j E_j t_i, of (diag p − p pᵀ)(u_j + Σ t_l r_l)
	for j, w := range f.weights {
		addImage(byMeans.RawRowView(j), w, h.own[j], u.RawRowView(j))
		for i := range q {
			first := h.first[j*q+i]
			addImage(byMeans.RawRowView(j), w, first, r.RawRowView(i))
			addImage(byDirections.RawRowView(i), w, first, u.RawRowView(j))
		}
	}
	index := 0
	for i := range q {
		for l := i; l < q; l++ {
			addImage(byDirections.RawRowView(i), 1, h.second[index], r.RawRowView(l))
			if l > i {
				addImage(byDirections.RawRowView(l), 1, h.second[index], r.RawRowView(i))
			}
			index++
		}
		addImage(byDirections.RawRowView(i), -1, h.mean, r.RawRowView(i))
	}
	left, part := h.scratch.dense(m, k), h.scratch.dense(m, k)
	product(left, f.means, byMeans)
	product(part, h.directions, byDirections)
	addScaled(left, 1, part)
	product(part, vy, h.mean)
	addScaled(left, 1, part)
	productRight(into, left, f.centred)
	f.addQuadratic(into, v)
}

// addImage adds factor·Cx for a symmetric C.
func addImage(into []float64, factor float64, c *mat.Dense, x []float64) {
	for i, y := range x {
		addTo(into, factor*y, c.RawRowView(i))
	}
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
