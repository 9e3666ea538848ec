package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// scatteredHessian is V ↦ D²h(M)[V] of a softmax that varies in many directions, by
// the sum over nodes t that the definition is: with c_j(t) = (diag p − p pᵀ) a_j,
// a_jk = xᵀVy_k and x = μ_j + Rt + z under component j,
//
//	D²h(M)[V] = Σ_j w_j E_j[ (μ_j + Rt) c_jᵀ ] Yᵀ + (I − RRᵀ) V Y E[diag p − p pᵀ] Yᵀ.
//
// Nothing of the size of V's square is formed: what is kept is p at each node.
type scatteredHessian struct {
	loss       *logPartition
	directions *mat.Dense
	q          int
	weights    []float64    // of the nodes
	t          *mat.Dense   // nodes×q
	rows       []float64    // of t
	p          [][]float64  // of each node, K×K
	mean       *mat.Dense   // E[diag p − p pᵀ], K×K
	scratch    []hessianSum // one a chunk
}

// hessianSum is a part of the sums over nodes.
type hessianSum struct{ byMeans, byDirections, mean *mat.Dense }

// mostKept bounds the numbers kept in p: 64 MiB.
const mostKept = 8 << 20

// scatteredHessian evaluates p at the nodes of the point's own rule, or of one coarser for memory's sake.
func (a *logPartition) scatteredHessian(s *softmaxPoint, tolerance float64) (*scatteredHessian, error) {
	over, err := a.scatter(s)
	if err != nil {
		return nil, err
	}
	k, q := len(a.Weights), over.directions()
	h := &scatteredHessian{loss: a, directions: s.directions, q: q}
	keep := func(part *batch, t *mat.Dense) {
		h.keep(over, part, t)
	}
	most := mostKept / (k * k)
	if s.highdim.grid == nil {
		over.overPoints(quadrature.NewLattice(q, latticeLog(most), latticeSeed), 0, keep)
	} else {
		grid := s.highdim.grid
		if grid.Error < tolerance/2 || grid.Nodes() > most {
			grid = quadrature.NewSparse(q, sketchWidth)
			o := &orbitSum{scattered: over, grid: grid, cores: a.Cores}
			grid.Refine(o.sketchBy(a.sketchOf(over, s.directions)), tolerance, most/2)
		}
		(&orbitSum{scattered: over, grid: grid, cores: 1}).overNodes(keep)
	}
	a.Budget.Spend(3*len(h.p), k)
	h.t = mat.NewDense(len(h.p), q, h.rows)
	h.average(k, q)
	return h, nil
}

// latticeLog returns the logarithm of the largest lattice of at most so many points,
// and of no more than serves a Hessian.
func latticeLog(most int) int {
	const enough = 13
	log := 0
	for log < enough && 2<<log <= most {
		log++
	}
	return log
}

// keep takes up the nodes of a batch with their weights, with coordinates t, q×n.
func (h *scatteredHessian) keep(s *scattered, part *batch, t *mat.Dense) {
	k := len(s.weights)
	weights := append([]float64(nil), part.weights...)
	for n := range part.weights {
		part.weights[n] = 1
	}
	s.evaluate(part)
	h.weights = append(h.weights, weights...)
	for n := range weights {
		p := make([]float64, k*k)
		for j := range k {
			r := part.r.At(j, n)
			for i, b := range s.base.RawRowView(j) {
				p[j*k+i] = b * part.e.At(i, n) * r
			}
		}
		h.p = append(h.p, p)
	}
	copy(part.weights, weights)
	for n := range weights {
		for i := range h.q {
			h.rows = append(h.rows, t.At(i, n))
		}
	}
}

// overChunks sums over the nodes in chunks, and the chunks in their order.
func (h *scatteredHessian) overChunks(k, q int, add func(n int, into *hessianSum)) hessianSum {
	const parts = 16
	if h.scratch == nil {
		for range parts {
			h.scratch = append(h.scratch, hessianSum{mat.NewDense(k, k, nil), mat.NewDense(q, k, nil), mat.NewDense(k, k, nil)})
		}
	}
	dense.InChunks(parts, h.loss.Cores, func(_, part int) {
		into := &h.scratch[part]
		for _, sum := range []*mat.Dense{into.byMeans, into.byDirections, into.mean} {
			sum.Zero()
		}
		for n := len(h.p) * part / parts; n < len(h.p)*(part+1)/parts; n++ {
			add(n, into)
		}
	})
	for _, part := range h.scratch[1:] {
		dense.AddScaled(h.scratch[0].byMeans, 1, part.byMeans)
		dense.AddScaled(h.scratch[0].byDirections, 1, part.byDirections)
		dense.AddScaled(h.scratch[0].mean, 1, part.mean)
	}
	return h.scratch[0]
}

// average computes E[diag p − p pᵀ].
func (h *scatteredHessian) average(k, q int) {
	sum := h.overChunks(k, q, func(n int, into *hessianSum) {
		for j, w := range h.loss.Weights {
			w *= h.weights[n]
			p := h.p[n][j*k:][:k]
			for i, x := range p {
				row := into.mean.RawRowView(i)
				dense.AddTo(row, -w*x, p)
				row[i] += w * x
			}
		}
	})
	h.mean = mat.DenseCopyOf(sum.mean)
}

// apply writes D²h(M)[V], m×n.
func (h *scatteredHessian) Apply(into, v *mat.Dense) {
	f := h.loss
	f.Budget.Spend(len(h.p), len(f.Weights))
	var vy, u, r, along mat.Dense
	vy.Mul(v, f.centred)
	u.Mul(f.Left.Means.T(), &vy)
	r.Mul(h.directions.T(), &vy)
	q, k := r.Dims()
	along.Mul(h.t, &r) // tᵀRᵀVy_k, nodes×K
	sum := h.overChunks(k, q, func(n int, into *hessianSum) {
		all := into.mean.RawRowView(0) // Σ_j w_j c_j
		clear(all)
		shift := along.RawRowView(n)
		for j, w := range f.Weights {
			p, own := h.p[n][j*k:][:k], u.RawRowView(j)
			var mean float64
			for i, x := range p {
				mean += x * (own[i] + shift[i])
			}
			w *= h.weights[n]
			byMeans := into.byMeans.RawRowView(j)
			for i, x := range p {
				c := w * x * (own[i] + shift[i] - mean)
				byMeans[i] += c
				all[i] += c
			}
		}
		for i, t := range h.t.RawRowView(n) {
			if t != 0 {
				dense.AddTo(into.byDirections.RawRowView(i), t, all)
			}
		}
	})
	var left, part mat.Dense
	part.Mul(&r, h.mean)
	sum.byDirections.Sub(sum.byDirections, &part)
	left.Mul(f.Left.Means, sum.byMeans)
	part.Reset()
	part.Mul(h.directions, sum.byDirections)
	left.Add(&left, &part)
	part.Reset()
	part.Mul(&vy, h.mean)
	left.Add(&left, &part)
	dense.ProductRight(into, &left, f.centred)
}
