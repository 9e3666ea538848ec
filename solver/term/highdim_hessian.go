package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"math/bits"

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
	weights []float64   // of the nodes
	t       *mat.Dense  // nodes×q
	p       [][]float64 // of each node, K×K
	mean    *mat.Dense  // E[diag p − p pᵀ], K×K
	cores   int
}

// mostKept bounds the numbers kept in p: 64 MiB.
const mostKept = 8 << 20

// scatteredHessian evaluates p at the nodes of the point's own rule, or of one coarser for memory's sake.
func (a *logPartition) scatteredHessian(s *softmaxPoint, tolerance float64) (*scatteredHessian, error) {
	over, err := a.scatter(s)
	if err != nil {
		return nil, err
	}
	k, q := len(a.Weights), over.directions()
	h := &scatteredHessian{cores: a.Cores}
	var coordinates []float64
	keep := func(part *batch, t *mat.Dense) {
		h.weights = append(h.weights, part.weights...)
		h.p = append(h.p, over.each(part)...)
		coordinates = append(coordinates, mat.DenseCopyOf(t.T()).RawMatrix().Data...)
	}
	most := mostKept / (k * k)
	if s.highdim.grid == nil {
		over.overPoints(quadrature.NewLattice(q, latticeLog(most), latticeSeed), 0, keep)
	} else {
		grid := s.highdim.grid
		if grid.Error < tolerance/2 || grid.Nodes() > most {
			grid = quadrature.NewSparse(q, sketchWidth)
			grid.Refine(over.sketchBy(grid, a.sketchOf(over, s.directions)), tolerance, most/2)
		}
		over.overNodes(grid, keep)
	}
	a.Budget.Spend(3*len(h.p), k)
	h.t = mat.NewDense(len(h.p), q, coordinates)
	h.average(a.Weights)
	return h, nil
}

// latticeLog returns the logarithm of the largest lattice of at most so many points,
// and of no more than serves a Hessian.
func latticeLog(most int) int {
	const enough = 13
	return min(enough, max(0, bits.Len(uint(most))-1))
}

// each returns p, K×K, at every node of a batch.
func (s *scattered) each(h *batch) [][]float64 {
	k := len(s.weights)
	dense.Product(h.z, s.base, h.e)
	out := make([][]float64, len(h.weights))
	for n := range out {
		p := make([]float64, k*k)
		for j := range k {
			r := 1 / h.z.At(j, n)
			for i, b := range s.base.RawRowView(j) {
				p[j*k+i] = b * h.e.At(i, n) * r
			}
		}
		out[n] = p
	}
	return out
}

// sum adds up matrices of one shape over the nodes in chunks, and the chunks in their order.
func (h *scatteredHessian) sum(rows, columns int, add func(n int, into *mat.Dense)) *mat.Dense {
	const parts = 16
	var sums [parts]*mat.Dense
	dense.InChunks(parts, h.cores, func(_, part int) {
		sums[part] = mat.NewDense(rows, columns, nil)
		for n := len(h.p) * part / parts; n < len(h.p)*(part+1)/parts; n++ {
			add(n, sums[part])
		}
	})
	for _, part := range sums[1:] {
		dense.AddScaled(sums[0], 1, part)
	}
	return sums[0]
}

// average computes E[diag p − p pᵀ].
func (h *scatteredHessian) average(weights []float64) {
	k := len(weights)
	h.mean = h.sum(k, k, func(n int, into *mat.Dense) {
		for j, w := range weights {
			w *= h.weights[n]
			p := h.p[n][j*k:][:k]
			for i, x := range p {
				row := into.RawRowView(i)
				dense.AddTo(row, -w*x, p)
				row[i] += w * x
			}
		}
	})
}

func (h *scatteredHessian) products(_ *dense.Arena, weights []float64, u, r *mat.Dense) (byMeans, byDirections, mean *mat.Dense) {
	q, k := r.Dims()
	along := dense.Times(h.t, r) // nodes×K
	sum := h.sum(k+q+1, k, func(n int, into *mat.Dense) {
		all := into.RawRowView(k + q) // Σ_j w_j c_j
		clear(all)
		shift := along.RawRowView(n)
		for j, w := range weights {
			p, own := h.p[n][j*k:][:k], u.RawRowView(j)
			var mean float64
			for i, x := range p {
				mean += x * (own[i] + shift[i])
			}
			w *= h.weights[n]
			byMeans := into.RawRowView(j)
			for i, x := range p {
				c := w * x * (own[i] + shift[i] - mean)
				byMeans[i] += c
				all[i] += c
			}
		}
		for i, t := range h.t.RawRowView(n) {
			if t != 0 {
				dense.AddTo(into.RawRowView(k+i), t, all)
			}
		}
	})
	byMeans, byDirections = sum.Slice(0, k, 0, k).(*mat.Dense), sum.Slice(k, k+q, 0, k).(*mat.Dense)
	byDirections.Sub(byDirections, dense.Times(r, h.mean))
	return byMeans, byDirections, h.mean
}
