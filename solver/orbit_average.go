package solver

import (
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// chunks is the number of parts in which nodes are summed: enough for any number of
// cores, and fixed, so that no bit depends on how many there are.
const chunks = 64

// average returns the averages over the grid.
func (s *orbitSum) average() averages {
	parts := make([]averages, chunks)
	s.overChunks(func(part int) func(h *sheet, run piece) {
		parts[part] = s.zeroAverages()
		own := s.zeroAverages()
		return func(h *sheet, run piece) {
			s.evaluate(h)
			productRight(own.p, h.r, h.e)
			addScaled(parts[part].p, 1, own.p)
			run.each(s.grid, func(_, at int, o *quadrature.Orbit) { s.moments(parts[part].tp, h, o, at) })
		}
	})
	out := s.zeroAverages()
	for _, part := range parts {
		if part.p != nil {
			out.add(1, part)
		}
	}
	return s.finish(out)
}

// overNodes fills sheets with all nodes, their weights and coordinates, q×n, in order.
func (s *orbitSum) overNodes(do func(h *sheet, t *mat.Dense)) {
	runs, widest := pieces(s.grid, 0)
	sheet, t := s.newSheet(widest), mat.NewDense(s.directions(), widest, nil)
	for _, run := range runs {
		h := sheet.head(run.nodes)
		t.Zero()
		run.each(s.grid, func(n, at int, o *quadrature.Orbit) {
			s.fill(h, o, at, s.grid.Orbit(n, o))
			for a, d := range o.Directions {
				row := t.RawRowView(d)[at : at+o.Size()]
				for c := range row {
					row[c] = o.Nodes[a]
					if c>>a&1 == 1 {
						row[c] = -o.Nodes[a]
					}
				}
			}
		})
		do(h, t.Slice(0, s.directions(), 0, run.nodes).(*mat.Dense))
	}
}

// overChunks fills sheets with all nodes and their weights, in chunks: do returns
// what is done with each sheet of a chunk.
func (s *orbitSum) overChunks(do func(chunk int) func(h *sheet, run piece)) {
	runs, widest := pieces(s.grid, 0)
	sheets := make([]*sheet, s.cores)
	inChunks(min(chunks, len(runs)), s.cores, func(core, chunk int) {
		if sheets[core] == nil {
			sheets[core] = s.newSheet(widest)
		}
		var o quadrature.Orbit
		visit := do(chunk)
		parts := min(chunks, len(runs))
		for _, run := range runs[len(runs)*chunk/parts : len(runs)*(chunk+1)/parts] {
			h, at := sheets[core].head(run.nodes), 0
			for n := run.first; n < run.end; n++ {
				weight := s.grid.Orbit(n, &o)
				s.fill(h, &o, at, weight)
				at += o.Size()
			}
			visit(h, run)
		}
	})
}
