package term

import (
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// fill writes e at the nodes of an orbit into the columns from first on. The
// factors of one direction's ± are inverse to each other.
func (s *scattered) fill(h *batch, o *quadrature.Orbit, first int, weight float64) {
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
func (s *scattered) moments(tp *mat.Dense, h *batch, o *quadrature.Orbit, first int) {
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

// gridAverages returns the averages over a sparse grid.
func (s *scattered) gridAverages(g *quadrature.Sparse) averages {
	parts := make([]averages, chunks)
	s.overOrbits(g, 0, func(_, part int, h *batch, run piece) {
		if parts[part].p == nil {
			parts[part] = s.zeroAverages()
		}
		s.evaluate(h)
		dense.AddScaled(parts[part].p, 1, h.sum())
		run.each(g, func(_, at int, o *quadrature.Orbit) { s.moments(parts[part].tp, h, o, at) })
	})
	return s.total(parts)
}

// total is the sum of averages over chunks of nodes, in their order.
func (s *scattered) total(parts []averages) averages {
	out := s.zeroAverages()
	for _, part := range parts {
		if part.p != nil {
			out.add(1, part)
		}
	}
	return s.finish(out)
}

// overNodes fills batches with all nodes of a grid, their weights and coordinates, q×n, in order.
func (s *scattered) overNodes(g *quadrature.Sparse, do func(h *batch, t *mat.Dense)) {
	serial := *s
	serial.cores = 1
	serial.overOrbits(g, 0, func(_, _ int, h *batch, run piece) {
		t := mat.NewDense(s.directions(), run.nodes, nil)
		run.each(g, func(_, at int, o *quadrature.Orbit) {
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
		do(h, t)
	})
}

// overOrbits fills batches with the nodes of the orbits of a grid from first on and their weights, in chunks that the cores share.
func (s *scattered) overOrbits(g *quadrature.Sparse, first int, do func(core, chunk int, h *batch, run piece)) {
	runs, widest := pieces(g, first)
	batches := make([]*batch, s.cores)
	parts := min(chunks, len(runs))
	dense.InChunks(parts, s.cores, func(core, chunk int) {
		if batches[core] == nil {
			batches[core] = s.newBatch(widest)
		}
		for _, run := range runs[len(runs)*chunk/parts : len(runs)*(chunk+1)/parts] {
			h := batches[core].part(0, run.nodes)
			run.each(g, func(n, at int, o *quadrature.Orbit) { s.fill(h, o, at, g.Orbit(n, o)) })
			do(core, chunk, h, run)
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
		zy := dense.Times(functional, a.centred)
		byMeans := a.pairings(zy)
		byMeans.MulElem(byMeans, s.base)
		g.byP.SetRow(r, byMeans.RawMatrix().Data)
		g.byTP = append(g.byTP, dense.Times(directions.T(), zy))
	}
	return g
}

// pairings returns w_j ⟨Z, A_k(μ_j)⟩ = w_j (μ_jᵀZy_k − h y_kᵀZy_k), K×K, of ZY: what E_j p_k counts for in ⟨G, Z⟩.
func (a *logPartition) pairings(zy *mat.Dense) *mat.Dense {
	out, own := dense.Times(a.Left.Means.T(), zy), a.ownScores(new(dense.Arena), zy)
	for j, w := range a.Weights {
		row := out.RawRowView(j)
		for k := range row {
			row[k] = w * (row[k] - a.own*own[k])
		}
	}
	return out
}

// sketchBy returns a grid's sketch of the gradient.
func (s *scattered) sketchBy(grid *quadrature.Sparse, g *sketch) quadrature.Sketch {
	return s.sketchAndAverage(grid, g, nil)
}

// sketchAndAverage is sketchBy, which also adds, unless that is nil, what a grid's averages are over each of the chunks.
func (s *scattered) sketchAndAverage(grid *quadrature.Sparse, g *sketch, parts []averages) quadrature.Sketch {
	k := len(s.weights)
	return func(first int, into []float64) {
		sums := make([]*mat.Dense, s.cores)
		s.overOrbits(grid, first, func(core, part int, h *batch, run piece) {
			if sums[core] == nil {
				sums[core] = mat.NewDense(s.directions(), k, nil)
			}
			if parts != nil && parts[part].p == nil {
				parts[part] = s.zeroAverages()
			}
			moments := sums[core]
			for n := range h.weights { // the grid weighs orbits itself
				h.weights[n] = 1
			}
			s.evaluate(h)
			run.each(grid, func(n, at int, o *quadrature.Orbit) {
				shares := h.part(at, o.Size()).sum()
				flat := blas64.Vector{N: k * k, Inc: 1, Data: shares.RawMatrix().Data}
				out := into[(n-first)*sketchWidth:][:sketchWidth]
				blas64.Gemv(blas.NoTrans, 1, g.byP.RawMatrix(), flat, 0, blas64.Vector{N: sketchWidth, Inc: 1, Data: out})
				for _, d := range o.Directions {
					clear(moments.RawRowView(d))
				}
				s.moments(moments, h, o, at)
				for r, by := range g.byTP {
					for _, d := range o.Directions {
						out[r] += dense.Dot(by.RawRowView(d), moments.RawRowView(d))
					}
				}
				if parts == nil {
					return
				}
				weight := grid.Weight(n)
				dense.AddScaled(parts[part].p, weight, shares)
				for _, d := range o.Directions {
					dense.AddTo(parts[part].tp.RawRowView(d), weight, moments.RawRowView(d))
				}
			})
		})
	}
}

// logGrid is a sparse grid that adapts to Σ_j w_j E_j log z_j, which is the mean of its sketch.
func (s *scattered) logGrid(directions int, tolerance float64, limit int) *quadrature.Sparse {
	grid := quadrature.NewSparse(directions, 1)
	grid.Refine(func(first int, into []float64) {
		s.overOrbits(grid, first, func(_, _ int, h *batch, run piece) {
			logs := s.logs(h)
			run.each(grid, func(n, at int, o *quadrature.Orbit) {
				for _, x := range logs[at : at+o.Size()] {
					into[n-first] += x
				}
			})
		})
	}, tolerance, limit)
	return grid
}
