package solver

import (
	"contrastcheck/solver/quadrature"
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
		var o quadrature.Orbit
		return func(h *sheet, run piece) {
			s.evaluate(h)
			productRight(own.p, h.r, h.e)
			addScaled(parts[part].p, 1, own.p)
			at := 0
			for n := run.first; n < run.end; n++ {
				s.grid.Orbit(n, &o)
				s.moments(parts[part].tp, h, &o, at)
				at += o.Size()
			}
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

// meanLogs returns E_j log z_j over the grid.
func (s *orbitSum) meanLogs() []float64 {
	k := len(s.weights)
	parts := make([][]float64, chunks)
	s.overChunks(func(part int) func(h *sheet, run piece) {
		parts[part] = make([]float64, k)
		return func(h *sheet, _ piece) { s.logs(h, parts[part]) }
	})
	out := make([]float64, k)
	for _, part := range parts {
		for j := range part {
			out[j] += part[j]
		}
	}
	return out
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
