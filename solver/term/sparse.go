package term

import (
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
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
func (s *orbitSum) fill(h *batch, o *quadrature.Orbit, first int, weight float64) {
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
func (s *orbitSum) moments(tp *mat.Dense, h *batch, o *quadrature.Orbit, first int) {
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

// chunks is the number of parts in which nodes are summed: enough for any number of
// cores, and fixed, so that no bit depends on how many there are.
const chunks = 64

// average returns the averages over the grid.
func (s *orbitSum) average() averages {
	parts := make([]averages, chunks)
	s.overChunks(func(part int) func(h *batch, run piece) {
		parts[part] = s.zeroAverages()
		own := s.zeroAverages()
		return func(h *batch, run piece) {
			s.evaluate(h)
			dense.ProductRight(own.p, h.r, h.e)
			dense.AddScaled(parts[part].p, 1, own.p)
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

// overNodes fills batches with all nodes, their weights and coordinates, q×n, in order.
func (s *orbitSum) overNodes(do func(h *batch, t *mat.Dense)) {
	runs, widest := pieces(s.grid, 0)
	batch, t := s.newBatch(widest), mat.NewDense(s.directions(), widest, nil)
	for _, run := range runs {
		h := batch.head(run.nodes)
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

// overChunks fills batches with all nodes and their weights, in chunks: do returns
// what is done with each batch of a chunk.
func (s *orbitSum) overChunks(do func(chunk int) func(h *batch, run piece)) {
	runs, widest := pieces(s.grid, 0)
	batches := make([]*batch, s.cores)
	dense.InChunks(min(chunks, len(runs)), s.cores, func(core, chunk int) {
		if batches[core] == nil {
			batches[core] = s.newBatch(widest)
		}
		var o quadrature.Orbit
		visit := do(chunk)
		parts := min(chunks, len(runs))
		for _, run := range runs[len(runs)*chunk/parts : len(runs)*(chunk+1)/parts] {
			h, at := batches[core].head(run.nodes), 0
			for n := run.first; n < run.end; n++ {
				weight := s.grid.Orbit(n, &o)
				s.fill(h, &o, at, weight)
				at += o.Size()
			}
			visit(h, run)
		}
	})
}

// sketch measures gradients by a few random linear functions of the averages: for
// the part G of a gradient, s_r = ⟨G, Z_r⟩ with E s_r² = ‖G‖_d².
type sketch struct {
	byP  *mat.Dense // width×K², of E_j p_k/b_jk
	byTP []*mat.Dense
}

// sketchWidth is the number of functions of a sketch: the relative error of a norm by
// it is about 1/√(2·8) = ¼, and less for sums of many.
const sketchWidth = 8

// sketchOf turns the functionals into functions of the averages along directions R.
func (a *logPartition) sketchOf(s *scattered, directions *mat.Dense) *sketch {
	k := len(a.Weights)
	g := &sketch{byP: mat.NewDense(sketchWidth, k*k, nil)}
	for r, functional := range a.functionals {
		var zy, byMeans, byDirections mat.Dense
		zy.Mul(functional, a.centred)
		byMeans.Mul(a.Left.Means.T(), &zy)
		row := g.byP.RawRowView(r)
		for j, w := range a.Weights {
			for i := range k {
				row[j*k+i] = w * byMeans.At(j, i) * s.base.At(j, i)
			}
		}
		byDirections.Mul(directions.T(), &zy)
		g.byTP = append(g.byTP, &byDirections)
	}
	return g
}

// sketchBy returns the grid's sketch of the gradient.
func (s *orbitSum) sketchBy(g *sketch) quadrature.Sketch {
	k := len(s.weights)
	return func(first int, into []float64) {
		sums := make([]averages, s.cores)
		s.overOrbits(first, func(core int, h *batch, run piece) {
			if sums[core].p == nil {
				sums[core] = s.zeroAverages()
			}
			own := sums[core]
			flat := blas64.Vector{N: k * k, Inc: 1, Data: own.p.RawMatrix().Data}
			s.evaluate(h)
			run.each(s.grid, func(n, at int, o *quadrature.Orbit) {
				part := h.part(at, o.Size())
				dense.ProductRight(own.p, part.r, part.e)
				out := into[(n-first)*sketchWidth:][:sketchWidth]
				blas64.Gemv(blas.NoTrans, 1, g.byP.RawMatrix(), flat, 0, blas64.Vector{N: sketchWidth, Inc: 1, Data: out})
				for _, d := range o.Directions {
					clear(own.tp.RawRowView(d))
				}
				s.moments(own.tp, h, o, at)
				for r, by := range g.byTP {
					for _, d := range o.Directions {
						out[r] += dense.Dot(by.RawRowView(d), own.tp.RawRowView(d))
					}
				}
			})
		})
	}
}

// sketchLogs is the grid's sketch of Σ_j w_j E_j log z_j.
func (s *orbitSum) sketchLogs(first int, into []float64) {
	s.overOrbits(first, func(_ int, h *batch, run piece) {
		logs := s.logs(h)
		run.each(s.grid, func(n, at int, o *quadrature.Orbit) {
			for _, x := range logs[at : at+o.Size()] {
				into[n-first] += x
			}
		})
	})
}

// overOrbits fills batches with the nodes of the orbits from first on, of weight 1.
func (s *orbitSum) overOrbits(first int, do func(core int, h *batch, run piece)) {
	runs, widest := pieces(s.grid, first)
	batches := make([]*batch, s.cores)
	dense.InChunks(len(runs), s.cores, func(core, n int) {
		if batches[core] == nil {
			batches[core] = s.newBatch(widest)
		}
		h := batches[core].head(runs[n].nodes)
		runs[n].each(s.grid, func(_, at int, o *quadrature.Orbit) { s.fill(h, o, at, 1) })
		do(core, h, runs[n])
	})
}
