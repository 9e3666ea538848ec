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

// meanLogs returns E_j log z_j over each shift.
func (s *latticeSum) meanLogs() [][]float64 {
	parts := make([][]float64, quadrature.Copies)
	s.overCopies(func(copy int) func(h *sheet, t *mat.Dense) {
		parts[copy] = make([]float64, len(s.weights))
		return func(h *sheet, _ *mat.Dense) { s.logs(h, parts[copy]) }
	})
	return parts
}

// overCopies fills sheets with the nodes of every shift, of equal weights that sum to
// 1 in each, and their coordinates t, q×n.
func (s *latticeSum) overCopies(do func(copy int) func(h *sheet, t *mat.Dense)) {
	q, k := s.slopes.Dims()
	type memory struct {
		sheet *sheet
		t     *mat.Dense
		node  []float64
	}
	memories := make([]*memory, s.cores)
	width := min(columns, s.lattice.Points())
	inChunks(quadrature.Copies, s.cores, func(core, copy int) {
		if memories[core] == nil {
			memories[core] = &memory{s.newSheet(width), mat.NewDense(q, width, nil), make([]float64, q)}
			for n := range width {
				memories[core].sheet.weights[n] = 1 / float64(s.lattice.Points())
			}
		}
		m := memories[core]
		visit := do(copy)
		for first := 0; first < s.lattice.Points(); first += width {
			for n := range width {
				s.lattice.Node(copy, first+n, m.node)
				for i, x := range m.node {
					m.t.Set(i, n, x)
				}
			}
			productLeft(m.sheet.e, s.slopes, m.t)
			for i := range k {
				row := m.sheet.e.RawRowView(i)
				for n, x := range row {
					row[n] = math.Exp(x)
				}
			}
			visit(m.sheet, m.t)
		}
	})
}
