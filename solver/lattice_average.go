package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// latticeSum averages a softmax over the shifts of a lattice.
type latticeSum struct {
	*scattered
	lattice *quadrature.Lattice
	cores   int
}

// averages returns the averages over each shift.
func (s *latticeSum) averages() []averages {
	parts := make([]averages, quadrature.Copies)
	s.overCopies(func(copy int) func(h *sheet, t *mat.Dense) {
		parts[copy] = s.zeroAverages()
		own := s.zeroAverages()
		return func(h *sheet, t *mat.Dense) {
			s.evaluate(h)
			productRight(own.p, h.r, h.e)
			productRight(own.tp, t, h.mean)
			parts[copy].add(1, own)
		}
	})
	for _, part := range parts {
		s.finish(part)
	}
	return parts
}

// meanLogs returns Σ_j w_j E_j log z_j over each shift.
func (s *latticeSum) meanLogs() []float64 {
	parts := make([]float64, quadrature.Copies)
	s.overCopies(func(copy int) func(h *sheet, t *mat.Dense) {
		return func(h *sheet, _ *mat.Dense) { parts[copy] += dot(h.weights, s.logs(h)) }
	})
	return parts
}

// overCopies fills sheets with the nodes of every shift, of equal weights that sum to
// 1 in each, and their coordinates t, q×n.
func (s *latticeSum) overCopies(do func(copy int) func(h *sheet, t *mat.Dense)) {
	inChunks(quadrature.Copies, s.cores, func(_, copy int) { s.overPoints(s.lattice, copy, do(copy)) })
}

// overPoints fills sheets with the nodes of one shift of a lattice, of equal weights
// that sum to 1, and their coordinates t, q×n.
func (s *scattered) overPoints(l *quadrature.Lattice, copy int, do func(h *sheet, t *mat.Dense)) {
	width := min(columns, l.Points())
	h, t, node := s.newSheet(width), mat.NewDense(s.directions(), width, nil), make([]float64, s.directions())
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
		productLeft(h.e, s.slopes, t)
		h.e.Apply(func(_, _ int, x float64) float64 { return math.Exp(x) }, h.e)
		do(h, t)
	}
}
