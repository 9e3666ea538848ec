package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"
	"math"

	"gonum.org/v1/gonum/mat"
)

// scattered is a softmax to be averaged over nodes in general position. With
// e_k(t) = exp(slope_kᵀt) and b_jk = exp(offset_jk − shift_j),
//
//	p_jk(t) = b_jk e_k / z_j,   z = b e,
//
// so that a node costs K exponentials or products for e, and three products of K×K
// matrices with vectors: for z, for Σ_j w_j p_jk, and for the sum of p_jk.
type scattered struct {
	weights []float64  // K
	slopes  *mat.Dense // q×K
	base    *mat.Dense // K×K, b
	shifts  []float64  // K, max_k offset_jk
	cores   int        // that share the nodes
}

// scatter states the softmax c. It fails with descent.ErrSteep where offsets are not finite.
func (c *contrasts) scatter(weights []float64, cores int) (*scattered, error) {
	k := len(weights)
	s := &scattered{weights: weights, slopes: c.slopes, base: mat.NewDense(k, k, nil), shifts: make([]float64, k), cores: cores}
	return s, c.exponentials(s.base.RawMatrix().Data, s.shifts)
}

// directions returns q.
func (s *scattered) directions() int {
	q, _ := s.slopes.Dims()
	return q
}

func (s *scattered) zeroAverages() averages {
	q, k := s.slopes.Dims()
	return averages{mat.NewDense(k, k, nil), mat.NewDense(q, k, nil)}
}

// finish multiplies E_j e_k/z_j by b_jk.
func (s *scattered) finish(a averages) averages {
	a.p.MulElem(a.p, s.base)
	return a
}

// columns is the number of nodes that are worked on together.
const columns = 128

// batch is working memory for up to a number of nodes, one a column.
type batch struct {
	weights []float64
	e, z, r *mat.Dense // K×n: e_k, z_j, weight/z_j
	mean    *mat.Dense // K×n: weight·Σ_j w_j p_jk
	shares  *mat.Dense // K×K, memory for sum
}

func (s *scattered) newBatch(n int) *batch {
	k := len(s.weights)
	return &batch{make([]float64, n), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil), mat.NewDense(k, n, nil),
		mat.NewDense(k, k, nil)}
}

// part returns n of the batch's columns.
func (h *batch) part(first, n int) *batch {
	cut := func(a *mat.Dense) *mat.Dense {
		k, _ := a.Dims()
		return a.Slice(0, k, first, first+n).(*mat.Dense)
	}
	return &batch{h.weights[first : first+n], cut(h.e), cut(h.z), cut(h.r), cut(h.mean), h.shares}
}

// evaluate computes r and mean from e and the weights.
func (s *scattered) evaluate(h *batch) {
	dense.Product(h.z, s.base, h.e)
	for j, w := range s.weights {
		z, r := h.z.RawRowView(j), h.r.RawRowView(j)
		for n, x := range z {
			r[n] = h.weights[n] / x
			z[n] = w * r[n]
		}
	}
	dense.ProductLeft(h.mean, s.base, h.z)
	h.mean.MulElem(h.mean, h.e)
}

// sum returns Σ r_j e_k over the nodes: that of weight·p_jk, but for b_jk.
func (h *batch) sum() *mat.Dense {
	dense.ProductRight(h.shares, h.r, h.e)
	return h.shares
}

// logs writes Σ_j w_j log z_j of each node into the first row of r.
func (s *scattered) logs(h *batch) []float64 {
	dense.Product(h.z, s.base, h.e)
	out := h.r.RawRowView(0)
	clear(out)
	for j, w := range s.weights {
		for n, z := range h.z.RawRowView(j) {
			out[n] += w * math.Log(z)
		}
	}
	return out
}

// averages are K×K E_j p_k and q×K Σ_j w_j E_j t_i p_k.
type averages struct{ p, tp *mat.Dense }

// add adds factor·b.
func (a averages) add(factor float64, b averages) {
	dense.AddScaled(a.p, factor, b.p)
	dense.AddScaled(a.tp, factor, b.tp)
}

// latticeAverages returns the averages over each shift of a lattice.
func (s *scattered) latticeAverages(l *quadrature.Lattice) []averages {
	parts := make([]averages, quadrature.Copies)
	dense.InChunks(quadrature.Copies, s.cores, func(_, copy int) {
		part, moments := s.zeroAverages(), mat.NewDense(s.directions(), len(s.weights), nil)
		s.overPoints(l, copy, func(h *batch, t *mat.Dense) {
			s.evaluate(h)
			dense.ProductRight(moments, t, h.mean)
			part.add(1, averages{h.sum(), moments})
		})
		parts[copy] = s.finish(part)
	})
	return parts
}

// latticeLogs returns Σ_j w_j E_j log z_j over each shift of a lattice.
func (s *scattered) latticeLogs(l *quadrature.Lattice) []float64 {
	parts := make([]float64, quadrature.Copies)
	dense.InChunks(quadrature.Copies, s.cores, func(_, copy int) {
		s.overPoints(l, copy, func(h *batch, _ *mat.Dense) { parts[copy] += dense.Dot(h.weights, s.logs(h)) })
	})
	return parts
}

// overPoints fills batches with the nodes of one shift of a lattice, of equal weights
// that sum to 1, and their coordinates t, q×n.
func (s *scattered) overPoints(l *quadrature.Lattice, copy int, do func(h *batch, t *mat.Dense)) {
	width := min(columns, l.Points())
	h, t, node := s.newBatch(width), mat.NewDense(s.directions(), width, nil), make([]float64, s.directions())
	for n := range width {
		h.weights[n] = 1 / float64(l.Points())
	}
	for first := 0; first < l.Points(); first += width {
		for n := range width {
			l.Node(copy, first+n, node)
			for i, x := range node {
				t.Set(i, n, x)
			}
		}
		dense.ProductLeft(h.e, s.slopes, t)
		h.e.Apply(func(_, _ int, x float64) float64 { return math.Exp(x) }, h.e)
		do(h, t)
	}
}
