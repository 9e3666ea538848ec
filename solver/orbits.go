package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// orbitSum averages a softmax over a sparse grid.
type orbitSum struct {
	*scattered
	grid  *quadrature.Sparse
	cores int
}

// fill writes e at the nodes of an orbit into the columns from first on. The
// factors of one direction's ± are inverse to each other.
func (s *orbitSum) fill(h *sheet, o *quadrature.Orbit, first int, weight float64) {
	for k := range s.weights {
		row := h.e.RawRowView(k)[first : first+o.Size()]
		row[0] = 1
		n := 1
		for a, d := range o.Directions {
			x := math.Exp(s.slopes.At(d, k) * o.Nodes[a])
			y := 1 / x
			for c, e := range row[:n] {
				row[n+c] = e * y
				row[c] = e * x
			}
			n *= 2
		}
	}
	for c := range o.Size() {
		h.weights[first+c] = weight
	}
}

// moments adds Σ t_i mean_k over an orbit in its columns.
func (s *orbitSum) moments(tp *mat.Dense, h *sheet, o *quadrature.Orbit, first int) {
	size := o.Size()
	for a, d := range o.Directions {
		half, into := 1<<a, tp.RawRowView(d)
		for k := range into {
			row := h.mean.RawRowView(k)[first : first+size]
			var sum float64
			for c := 0; c < size; c += 2 * half {
				for b := c; b < c+half; b++ {
					sum += row[b] - row[b+half]
				}
			}
			into[k] += o.Nodes[a] * sum
		}
	}
}

// piece is a run of orbits whose nodes are worked on together.
type piece struct{ first, end, nodes int }

// each visits the orbits of the run and the first of their columns.
func (p piece) each(g *quadrature.Sparse, visit func(n, at int, o *quadrature.Orbit)) {
	var o quadrature.Orbit
	at := 0
	for n := p.first; n < p.end; n++ {
		g.Orbit(n, &o)
		visit(n, at, &o)
		at += o.Size()
	}
}

// pieces cuts the orbits from first on into runs of about as many nodes as columns.
func pieces(g *quadrature.Sparse, first int) (runs []piece, widest int) {
	var o quadrature.Orbit
	run := piece{first: first}
	for n := first; n < g.Orbits(); n++ {
		g.Orbit(n, &o)
		if run.nodes > 0 && run.nodes+o.Size() > columns {
			runs, widest = append(runs, run), max(widest, run.nodes)
			run = piece{first: n}
		}
		run.nodes += o.Size()
		run.end = n + 1
	}
	return append(runs, run), max(widest, run.nodes)
}
