package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// orbitSum averages a softmax over a sparse grid.
type orbitSum struct {
	*scattered
	grid  *quadrature.Sparse
	gauge *gauge
	cores int
}

// gauge measures gradients by a few random linear functions of the averages: for
// the part G of a gradient, s_r = ⟨G, Z_r⟩ with E s_r² = ‖G‖_d².
type gauge struct {
	byP  *mat.Dense // width×K², of E_j p_k/b_jk
	byTP []*mat.Dense
}

// sketchWidth is the number of functions of a gauge: the relative error of a norm by
// it is about 1/√(2·8) = ¼, and less for sums of many.
const sketchWidth = 8

// gaugeOf turns Z_1, …, Z_width, m×n, into functions of the averages along directions R.
func (a *anchored) gaugeOf(s *scattered, directions *mat.Dense, z []*mat.Dense) *gauge {
	k := len(a.weights)
	g := &gauge{byP: mat.NewDense(len(z), k*k, nil)}
	for r, functional := range z {
		var zy, byMeans, byDirections mat.Dense
		zy.Mul(functional, a.centred)
		byMeans.Mul(a.means.T(), &zy)
		row := g.byP.RawRowView(r)
		for j, w := range a.weights {
			for i := range k {
				row[j*k+i] = w * byMeans.At(j, i) * s.base.At(j, i)
			}
		}
		byDirections.Mul(directions.T(), &zy)
		g.byTP = append(g.byTP, &byDirections)
	}
	return g
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

// sketch is a quadrature.Sketch of the gradient.
func (s *orbitSum) sketch(first int, into []float64) {
	runs, widest := pieces(s.grid, first)
	k := len(s.weights)
	type memory struct {
		sheet *sheet
		o     quadrature.Orbit
		p     *mat.Dense
		tp    *mat.Dense
	}
	memories := make([]*memory, s.cores)
	inChunks(len(runs), s.cores, func(core, n int) {
		if memories[core] == nil {
			q, _ := s.slopes.Dims()
			memories[core] = &memory{sheet: s.newSheet(widest), p: mat.NewDense(k, k, nil), tp: mat.NewDense(q, k, nil)}
		}
		m, run := memories[core], runs[n]
		h := m.sheet.head(run.nodes)
		at := 0
		for n := run.first; n < run.end; n++ {
			s.grid.Orbit(n, &m.o)
			s.fill(h, &m.o, at, 1)
			at += m.o.Size()
		}
		s.evaluate(h)
		at = 0
		for n := run.first; n < run.end; n++ {
			s.grid.Orbit(n, &m.o)
			part := h.part(at, m.o.Size())
			productRight(m.p, part.r, part.e)
			out := into[(n-first)*sketchWidth:][:sketchWidth]
			flat := blas64.Vector{N: k * k, Inc: 1, Data: m.p.RawMatrix().Data}
			blas64.Gemv(blas.NoTrans, 1, s.gauge.byP.RawMatrix(), flat, 0, blas64.Vector{N: sketchWidth, Inc: 1, Data: out})
			for _, d := range m.o.Directions {
				clear(m.tp.RawRowView(d))
			}
			s.moments(m.tp, h, &m.o, at)
			for r, by := range s.gauge.byTP {
				for _, d := range m.o.Directions {
					out[r] += dot(by.RawRowView(d), m.tp.RawRowView(d))
				}
			}
			at += m.o.Size()
		}
	})
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
