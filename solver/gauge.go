package solver

import (
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

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

// gaugeSeed determines the functionals of a gauge.
const gaugeSeed = 0

// sketchBy returns the grid's sketch of the gradient.
func (s *orbitSum) sketchBy(g *gauge) quadrature.Sketch {
	k := len(s.weights)
	return func(first int, into []float64) {
		sums := make([]averages, s.cores)
		s.overOrbits(first, func(core int, h *sheet, run piece) {
			if sums[core].p == nil {
				sums[core] = s.zeroAverages()
			}
			own := sums[core]
			flat := blas64.Vector{N: k * k, Inc: 1, Data: own.p.RawMatrix().Data}
			s.evaluate(h)
			run.each(s.grid, func(n, at int, o *quadrature.Orbit) {
				part := h.part(at, o.Size())
				productRight(own.p, part.r, part.e)
				out := into[(n-first)*sketchWidth:][:sketchWidth]
				blas64.Gemv(blas.NoTrans, 1, g.byP.RawMatrix(), flat, 0, blas64.Vector{N: sketchWidth, Inc: 1, Data: out})
				for _, d := range o.Directions {
					clear(own.tp.RawRowView(d))
				}
				s.moments(own.tp, h, o, at)
				for r, by := range g.byTP {
					for _, d := range o.Directions {
						out[r] += dot(by.RawRowView(d), own.tp.RawRowView(d))
					}
				}
			})
		})
	}
}

// sketchLogs is the grid's sketch of Σ_j w_j E_j log z_j.
func (s *orbitSum) sketchLogs(first int, into []float64) {
	s.overOrbits(first, func(_ int, h *sheet, run piece) {
		logs := s.logs(h)
		run.each(s.grid, func(n, at int, o *quadrature.Orbit) {
			for _, x := range logs[at : at+o.Size()] {
				into[n-first] += x
			}
		})
	})
}

// overOrbits fills sheets with the nodes of the orbits from first on, of weight 1.
func (s *orbitSum) overOrbits(first int, do func(core int, h *sheet, run piece)) {
	runs, widest := pieces(s.grid, first)
	sheets := make([]*sheet, s.cores)
	inChunks(len(runs), s.cores, func(core, n int) {
		if sheets[core] == nil {
			sheets[core] = s.newSheet(widest)
		}
		h := sheets[core].head(runs[n].nodes)
		runs[n].each(s.grid, func(_, at int, o *quadrature.Orbit) { s.fill(h, o, at, 1) })
		do(core, h, runs[n])
	})
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
