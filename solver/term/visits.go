package term

import (
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// visited is what the visited components add to the averages over those that are kept:
// p_k for the visited, −P p^A_l for the kept, P = Σ p_k; and −E_j log(1 − P) to E_j log Σ e^{l_k}.
type visited struct {
	averages
	logs        []float64            // K
	err, logErr float64              // of the gradient in ‖·‖_d, and of the weighted mean of logs
	grids       []*quadrature.Sparse // of each group's lines
	lines       int
}

// lineShare is the share of a tolerance that visits may take.
const lineShare = 4

// nodesOfLine is about how many nodes a line has, of K exponentials each.
const nodesOfLine = 300

// mostLineWork bounds lines times components: a few seconds for one evaluation.
const mostLineWork = 1 << 18

// visits averages along lines, for each group on the nodes of a sparse grid across them: along
// the line is all that is steep. The error of a grid is its own estimate.
func (a *logPartition) visits(s *softmaxPoint, tolerance float64) *visited {
	g := a.sight
	q, _ := s.slopes.Dims()
	k := len(a.Weights)
	out := &visited{averages: averages{mat.NewDense(k, k, nil), mat.NewDense(q, k, nil)}, logs: make([]float64, k)}
	out.grids = make([]*quadrature.Sparse, len(g.groups))
	sums := make([]lineSums, len(g.groups))
	beams := a.beams(s)
	dense.InChunks(len(beams), a.Cores, func(_, n int) {
		grid := quadrature.NewSparse(q-1, sketchWidth)
		l := &lineOrbits{beam: beams[n], grid: grid, functionals: a.lineFunctionals(s, g.groups[n].from, beams[n])}
		grid.Refine(l.sketch, tolerance/lineShare/float64(len(beams)), max(1, mostLineWork/k/len(beams)))
		out.grids[n], sums[n] = grid, l.mean()
	})
	for n, sum := range sums {
		from, w := g.groups[n].from, a.Weights[g.groups[n].from]
		for i, k := range beams[n].members {
			out.p.Set(from, k, out.p.At(from, k)+sum.p.At(0, i))
			for r := range q {
				out.tp.Set(r, k, out.tp.At(r, k)+w*sum.tp.At(r, i))
			}
		}
		out.logs[from] += sum.log
		out.err += out.grids[n].Error
		if size := floats.Norm(out.grids[n].Mean(), 2) / math.Sqrt(sketchWidth); size > 0 { // as exact as the gradient
			out.logErr += w * sum.log * out.grids[n].Error / size
		}
		out.lines += out.grids[n].Nodes()
	}
	a.Budget.Spend(out.lines*nodesOfLine/k, k)
	return out
}

// beams returns those of the groups at a point.
func (a *logPartition) beams(s *softmaxPoint) []*beam {
	views := viewsOf(&s.contrasts)
	out := make([]*beam, len(a.sight.groups))
	dense.InChunks(len(out), a.Cores, func(_, n int) {
		of := a.sight.groups[n]
		out[n] = a.sight.beamOf(views[of.from], of)
	})
	return out
}

// lineSums are sums over lines of p, 1×n, and t p, q×n, of a beam's members, and of −log(1 − P).
type lineSums struct {
	averages
	log float64
}

// zeroAverages are those of the members.
func (b *beam) zeroAverages() averages {
	n := len(b.members)
	return averages{mat.NewDense(1, n, nil), mat.NewDense(len(b.axis), n, nil)}
}

// lineOrbits are sums over the lines of each orbit of a grid.
type lineOrbits struct {
	*beam
	grid        *quadrature.Sparse
	functionals []averages // what each number of a sketch is made of
	sums        []lineSums // one an orbit
}

// lineFunctionals turns the functionals into weights of what comes from one component.
func (a *logPartition) lineFunctionals(s *softmaxPoint, from int, b *beam) []averages {
	out := make([]averages, len(a.functionals))
	for r, z := range a.functionals {
		out[r] = b.zeroAverages()
		zy := dense.Times(z, a.centred)
		pairings := a.pairings(zy)
		for n, k := range b.members {
			column := zy.ColView(k)
			out[r].p.Set(0, n, pairings.At(from, k))
			for i := range b.axis {
				out[r].tp.Set(i, n, a.Weights[from]*mat.Dot(s.directions.ColView(i), column))
			}
		}
	}
	return out
}

// sketch is the grid's sketch of the gradient.
func (l *lineOrbits) sketch(first int, into []float64) {
	zeroth, moments := make([]float64, len(l.members)), make([]float64, len(l.members))
	l.overLines(l.grid, first, func(orbit int, across []float64) {
		if orbit == len(l.sums) {
			l.sums = append(l.sums, lineSums{averages: l.zeroAverages()})
		}
		clear(zeroth)
		clear(moments)
		own := &l.sums[orbit]
		l.each(func(u, weight float64) {
			own.log += weight * l.logOdds
			for i, p := range l.kept {
				x := -weight * l.group * p
				zeroth[i] += x
				moments[i] += u * x
			}
			for i, p := range l.others {
				if i += l.seen; l.own[i] {
					x := weight * l.visited * p
					zeroth[i] += x
					moments[i] += u * x
				}
			}
		})
		dense.AddTo(own.p.RawRowView(0), 1, zeroth)
		for i := range across {
			dense.AddTo(own.tp.RawRowView(i), l.axis[i], moments)
			dense.AddTo(own.tp.RawRowView(i), across[i], zeroth)
		}
	})
	for orbit := first; orbit < len(l.sums); orbit++ {
		for r, g := range l.functionals {
			x := dense.Inner(g.p, l.sums[orbit].p)
			for i := range l.axis {
				x += dense.Dot(g.tp.RawRowView(i), l.sums[orbit].tp.RawRowView(i))
			}
			into[(orbit-first)*sketchWidth+r] = x
		}
	}
}

// mean returns the averages over the grid.
func (l *lineOrbits) mean() lineSums {
	out := lineSums{averages: l.zeroAverages()}
	var o quadrature.Orbit
	for n, sum := range l.sums {
		weight := l.grid.Orbit(n, &o)
		out.add(weight, sum.averages)
		out.log += weight * sum.log
	}
	return out
}

// overLines moves the beam to the lines of a grid's orbits from the first on.
func (b *beam) overLines(grid *quadrature.Sparse, first int, visit func(orbit int, across []float64)) {
	basis, across := b.across(), make([]float64, len(b.axis))
	var o quadrature.Orbit
	for orbit := first; orbit < grid.Orbits(); orbit++ {
		grid.Orbit(orbit, &o)
		for signs := range o.Size() {
			clear(across)
			for a, d := range o.Directions {
				x := o.Nodes[a]
				if signs>>a&1 == 1 {
					x = -x
				}
				floats.AddScaled(across, x, basis[d])
			}
			b.on(across)
			visit(orbit, across)
		}
	}
}
