package solver

import (
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// softmaxHessian is V ↦ D²h(M)[V] of the softmax part of a loss at one M.
type softmaxHessian struct {
	many *scatteredHessian // where the softmax varies in many directions
	loss *anchored
	contrasts
	covariances

	memory arena // of the averages
	rule   quadrature.Rule
	lines  lines
	walker walker
	// scratch is memory for one product, given back at its end.
	scratch arena
}

// average computes what the products need for the softmax at a point, by a rule
// whose error in the gradient would be tolerance, or where the softmax is too
// steep for that by the gradient's own, which may reach less far.
func (h *softmaxHessian) average(loss *anchored, s *softmaxPoint, by measure, tolerance float64) (err error) {
	h.loss, h.many = loss, nil
	h.memory.reset()
	h.contrasts = s.copyTo(&h.memory)
	if s.many != nil {
		if loss.sight != nil {
			h.covariances.visit(&h.memory, loss, s)
		}
		h.many, err = loss.scatteredHessian(s, by, tolerance)
		return err
	}
	if err := loss.chooseRule(&h.rule, &h.contrasts, tolerance/by.sensitivity); err != nil {
		return err
	}
	if h.tabulate(&h.memory, &h.rule, &h.lines) != nil {
		if err := h.tabulate(&h.memory, &s.rule, &h.lines); err != nil {
			return err
		}
	}
	q := h.lines.q
	loss.work.spend(h.lines.nodes()*(1+q*(q+1)/2), len(loss.weights))
	sums := h.walker.integrate(&h.memory, &h.lines, meanProducts{}, loss.cores)
	h.unpack(&h.memory, sums, loss.weights, h.lines.q)
	return nil
}

// apply writes D²h(M)[V], m×n. With u_jk = μ_jᵀVy_k and r_ik = R_iᵀVy_k,
// xᵀVy_k = u_jk + Σ_i t_i r_ik + zᵀVy_k under component j; the part z across R has
// covariance I − RRᵀ and leaves p alone.
func (h *softmaxHessian) apply(into, v *mat.Dense) {
	if h.many == nil {
		h.applyCovariances(into, v)
		return
	}
	h.many.apply(into, v)
	if h.loss.sight != nil {
		memory := h.scratch.mark()
		defer h.scratch.release(memory)
		visited := h.scratch.dense(into.Dims())
		h.applyCovariances(visited, v)
		addScaled(into, 1, visited)
	}
}

// applyCovariances is apply for what the averages of diag p − p pᵀ tell.
func (h *softmaxHessian) applyCovariances(into, v *mat.Dense) {
	f := h.loss
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
}

// addImage adds factor·Cx for a symmetric C.
func addImage(into []float64, factor float64, c *mat.Dense, x []float64) {
	for i, y := range x {
		addTo(into, factor*y, c.RawRowView(i))
	}
}
