package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// softmaxHessian is V ↦ D²h(M)[V] of the softmax part of a loss at one M.
type softmaxHessian struct {
	highdim *scatteredHessian // where the softmax varies in many directions
	loss    *logPartition
	contrasts
	covariances

	memory dense.Arena // of the averages
	rule   quadrature.Rule
	lines  lines
	walker walker
	// scratch is memory for one product, given back at its end.
	scratch dense.Arena
}

// average computes what the products need for the softmax at a point, by a rule
// whose error in the gradient would be tolerance, or where the softmax is too
// steep for that by the gradient's own, which may reach less far.
func (h *softmaxHessian) average(loss *logPartition, s *softmaxPoint, tolerance float64) (err error) {
	h.loss, h.highdim = loss, nil
	h.memory.Reset()
	h.contrasts = s.copyTo(&h.memory)
	if s.highdim != nil {
		if loss.sight != nil {
			h.covariances.visit(&h.memory, loss, s)
		}
		h.highdim, err = loss.scatteredHessian(s, tolerance)
		return err
	}
	if err := loss.chooseRule(&h.rule, &h.contrasts, tolerance/loss.sensitivity); err != nil {
		return err
	}
	if h.tabulate(&h.memory, &h.rule, &h.lines) != nil {
		if err := h.tabulate(&h.memory, &s.tensor, &h.lines); err != nil {
			return err
		}
	}
	q := h.lines.q
	loss.Budget.Spend(h.lines.nodes()*(1+q*(q+1)/2), len(loss.Weights))
	sums := h.walker.integrate(&h.memory, &h.lines, meanProducts{}, loss.Cores)
	h.unpack(&h.memory, sums, loss.Weights, q)
	return nil
}

// Apply writes D²h(M)[V], m×n. With u_jk = μ_jᵀVy_k − h y_kᵀVy_k and r_ik = R_iᵀVy_k,
// ⟨V, A_k(x)⟩ = u_jk + Σ_i t_i r_ik + zᵀVy_k under component j; the part z across R has
// covariance I − RRᵀ and leaves p alone.
func (h *softmaxHessian) Apply(into, v *mat.Dense) { h.apply(into, nil, v, nil) }

// apply is Apply for logits that also move by shifts of the components, unless these are nil, and adds up what all together do to Σ_j w_j E_j p, unless along is nil.
func (h *softmaxHessian) apply(into *mat.Dense, along []float64, v *mat.Dense, shifts []float64) {
	f := h.loss
	m, k := f.Left.Means.Dims()
	q, _ := h.slopes.Dims()
	defer h.scratch.Release(h.scratch.Mark())
	vy, u, r := h.scratch.Dense(m, k), h.scratch.Dense(k, k), h.scratch.Dense(q, k)
	dense.Product(vy, v, f.centred)
	dense.ProductLeft(u, f.Left.Means, vy)
	dense.ProductLeft(r, h.directions, vy)
	own := f.ownScores(&h.scratch, vy)
	for j := range k {
		dense.AddTo(u.RawRowView(j), -f.own, own)
		if shifts != nil {
			dense.AddTo(u.RawRowView(j), 1, shifts)
		}
	}
	if h.highdim == nil {
		h.gather(into, along, &h.covariances, u, r, vy)
		return
	}
	f.Budget.Spend(len(h.highdim.p), k)
	h.gather(into, along, h.highdim, u, r, vy)
	if f.sight != nil {
		visited := h.scratch.Dense(into.Dims())
		h.gather(visited, along, &h.covariances, u, r, vy)
		dense.AddScaled(into, 1, visited)
	}
}

// curvature is what averages of diag p − p pᵀ tell, of which mean is the one over all, C.
type curvature interface {
	// products returns w_j E_j c_j, K×K, and Σ_j w_j E_j t c_jᵀ − rC, q×K, with c_j(t) = (diag p − p pᵀ)(u_j + Σ t_i r_i), besides C.
	products(memory *dense.Arena, weights []float64, u, r *mat.Dense) (byMeans, byDirections, mean *mat.Dense)
}

// gather writes Σ_j w_j E_j[(μ_j + Rt) c_jᵀ] Yᵀ + (I − RRᵀ) V Y C Yᵀ, and −h Y diag(Σ_j w_j E_j c_j) Yᵀ. It adds Σ_j w_j E_j c_j along, unless that is nil.
func (h *softmaxHessian) gather(into *mat.Dense, along []float64, of curvature, u, r, vy *mat.Dense) {
	byMeans, byDirections, mean := of.products(&h.scratch, h.loss.Weights, u, r)
	left, part := h.scratch.Dense(vy.Dims()), h.scratch.Dense(vy.Dims())
	dense.Product(left, h.loss.Left.Means, byMeans)
	dense.Product(part, h.directions, byDirections)
	dense.AddScaled(left, 1, part)
	dense.Product(part, vy, mean)
	dense.AddScaled(left, 1, part)
	if along != nil {
		for j := range h.loss.Weights {
			dense.AddTo(along, 1, byMeans.RawRowView(j))
		}
	}
	if h.loss.own != 0 {
		_, k := byMeans.Dims()
		own := make([]float64, k) // Σ_j w_j E_j c_j
		for j := range k {
			dense.AddTo(own, 1, byMeans.RawRowView(j))
		}
		dense.AddScaled(left, -h.loss.own, dense.WeightedColumns(h.loss.centred, own))
	}
	dense.ProductRight(into, left, h.loss.centred)
}

func (c *covariances) products(memory *dense.Arena, weights []float64, u, r *mat.Dense) (byMeans, byDirections, mean *mat.Dense) {
	q, k := r.Dims()
	byMeans, byDirections = memory.Dense(k, k), memory.Dense(q, k)
	for j, w := range weights {
		addImage(byMeans.RawRowView(j), w, c.own[j], u.RawRowView(j))
		for i := range q {
			first := c.first[j*q+i]
			addImage(byMeans.RawRowView(j), w, first, r.RawRowView(i))
			addImage(byDirections.RawRowView(i), w, first, u.RawRowView(j))
		}
	}
	index := 0
	for i := range q {
		for l := i; l < q; l++ {
			addImage(byDirections.RawRowView(i), 1, c.second[index], r.RawRowView(l))
			if l > i {
				addImage(byDirections.RawRowView(l), 1, c.second[index], r.RawRowView(i))
			}
			index++
		}
		addImage(byDirections.RawRowView(i), -1, c.mean, r.RawRowView(i))
	}
	return byMeans, byDirections, c.mean
}

// addImage adds factor·Cx for a symmetric C.
func addImage(into []float64, factor float64, c *mat.Dense, x []float64) {
	for i, y := range x {
		dense.AddTo(into, factor*y, c.RawRowView(i))
	}
}

// meanProducts averages the products p_a p_b, a < b, with 1, t_i and t_i t_l:
// K(K−1)/2 functions a component. As Σ_b p_b = 1 they make up the covariance
// diag p − p pᵀ of the softmax.
type meanProducts struct{}

func (meanProducts) size(k int) (functions, degree int) { return k * k * (k - 1) / 2, 2 }

func (meanProducts) line(l *lines, base, sums []float64) {
	k := l.k
	points, table := l.points[l.q-1], l.tables[l.q-1]
	pairs := k * (k - 1) / 2
	n := k * pairs
	clear(sums)
	var p [MostComponents]float64
	for j := range k {
		e := base[j*k:][:k]
		zeroth, first, second := sums[j*pairs:][:pairs], sums[n+j*pairs:][:pairs], sums[2*n+j*pairs:][:pairs]
		for node, weight := range points.Weights {
			var z float64
			for i, x := range table[node*k:][:k] {
				p[i] = e[i] * x
				z += p[i]
			}
			for i := range e { // p ≤ 1 before products are formed, lest they overflow
				p[i] /= z
			}
			t := points.Nodes[node]
			index := 0
			for a := 1; a < k; a++ {
				pa := weight * p[a]
				for _, x := range p[:a] {
					v := pa * x
					zeroth[index] += v
					v *= t
					first[index] += v
					second[index] += v * t
					index++
				}
			}
		}
	}
}

// covariances are averages of η_a η_b (diag p − p pᵀ), η = (1, t), K×K each.
type covariances struct {
	own    []*mat.Dense // K, E_j (diag p − p pᵀ)
	first  []*mat.Dense // K times q, E_j t_i (diag p − p pᵀ)
	second []*mat.Dense // q(q+1)/2, Σ_j w_j E_j t_i t_l (diag p − p pᵀ), i ≤ l in lexicographic order
	mean   *mat.Dense   // Σ_j w_j E_j (diag p − p pᵀ)
}

// unpack turns meanProducts' sums into matrices.
func (c *covariances) unpack(memory *dense.Arena, sums, weights []float64, q int) {
	k := len(weights)
	pairs := k * (k - 1) / 2
	c.reset(memory, k, q)
	for j, w := range weights {
		of := func(monomial int) []float64 { return sums[(monomial*k+j)*pairs:][:pairs] }
		addCovariance(c.own[j], 1, of(0))
		dense.AddScaled(c.mean, w, c.own[j])
		for i := range q {
			addCovariance(c.first[j*q+i], 1, of(1+i))
		}
		for i, second := range c.second {
			addCovariance(second, w, of(1+q+i))
		}
	}
}

// reset makes all averages 0.
func (c *covariances) reset(memory *dense.Arena, k, q int) {
	c.own, c.first, c.second, c.mean = c.own[:0], c.first[:0], c.second[:0], memory.Dense(k, k)
	for range k {
		c.own = append(c.own, memory.Dense(k, k))
	}
	for range k * q {
		c.first = append(c.first, memory.Dense(k, k))
	}
	for range q * (q + 1) / 2 {
		c.second = append(c.second, memory.Dense(k, k))
	}
}

// addCovariance adds the matrix with off-diagonal entries −products and rows that sum to 0.
func addCovariance(into *mat.Dense, factor float64, products []float64) {
	k, _ := into.Dims()
	index := 0
	for a := 1; a < k; a++ {
		for b := range a {
			x := factor * products[index]
			into.Set(a, b, into.At(a, b)-x)
			into.Set(b, a, into.At(b, a)-x)
			into.Set(a, a, into.At(a, a)+x)
			into.Set(b, b, into.At(b, b)+x)
			index++
		}
	}
}
