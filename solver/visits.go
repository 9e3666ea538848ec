package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// visitSureness is how many standard errors the error of visits is. A step is one
// direction among all matrices, so that the norm is no surer than a number: beyond 8
// standard errors of 16 shifts lies 1 case in a million (Student's t of 15 degrees of freedom).
const visitSureness = 8

// mostLines bounds the logarithm of the lines of a shift, and mostLineWork lines times
// components: about a second for one evaluation.
const mostLines, mostLineWork = 8, 1 << 17

// lineShare is the share of a tolerance that visits may take.
const lineShare = 4

// chooseLines finds how many lines bring the error to a share of tolerance, within limits.
func (a *anchored) chooseLines(g *sight, s *softmaxPoint, by measure, tolerance float64) {
	old := a.sight
	defer func() { a.sight = old }()
	a.sight = g
	for log := 0; log <= mostLines && g.lines(log)*len(a.weights) <= mostLineWork; log++ {
		g.errs = append(g.errs, a.visits(s, by, log).err)
		if g.errs[log] <= tolerance/lineShare {
			break
		}
	}
}

// logFor returns the logarithm of the number of lines of a shift that a tolerance needs.
func (g *sight) logFor(tolerance float64) int {
	for log, err := range g.errs {
		if err <= tolerance/lineShare {
			return log
		}
	}
	return max(0, len(g.errs)-1)
}

// lines returns the number of lines of an evaluation.
func (g *sight) lines(log int) int { return len(g.groups) * quadrature.Copies << (log + 1) }

// visited is what the visited components add to the averages over those that are kept:
// p_k for the visited, −P p^A_l for the kept, P = Σ p_k; and −E_j log(1 − P) to E_j log Σ e^{l_k}.
type visited struct {
	averages
	logs        []float64 // K
	err, logErr float64   // of the gradient in ‖·‖_d, and of the weighted mean of logs
	lines       int
}

// visits averages along the lines of lattices of 2^log points.
func (a *anchored) visits(s *softmaxPoint, by measure, log int) *visited {
	q, _ := s.slopes.Dims()
	k := len(a.weights)
	zero := func() averages { return averages{mat.NewDense(k, k, nil), mat.NewDense(q, k, nil)} }
	parts := make([]averages, quadrature.Copies)
	for copy := range parts {
		parts[copy] = zero()
	}
	type sums struct {
		members []int
		p       []float64
		tp      [][]float64
		log     float64
	}
	found := make([]sums, quadrature.Copies*len(a.sight.groups))
	a.alongLines(s, quadrature.Copies, log, func(item int, b *beam) (line func(across []float64)) {
		n := len(b.members)
		own := &found[item]
		*own = sums{members: b.members, p: make([]float64, n), tp: make([][]float64, q)}
		for i := range own.tp {
			own.tp[i] = make([]float64, n)
		}
		zeroth, first := make([]float64, n), make([]float64, n)
		return func(across []float64) {
			clear(zeroth)
			clear(first)
			b.each(func(u, weight float64) {
				own.log += weight * b.logOdds
				for i, p := range b.kept {
					x := -weight * b.group * p
					zeroth[i] += x
					first[i] += u * x
				}
				for i, p := range b.others {
					if i += b.seen; b.own[i] {
						x := weight * b.visited * p
						zeroth[i] += x
						first[i] += u * x
					}
				}
			})
			addTo(own.p, 1, zeroth)
			for i := range q {
				addTo(own.tp[i], b.axis[i], first)
				addTo(own.tp[i], across[i], zeroth)
			}
		}
	})
	lines := float64(int(2) << log)
	out := &visited{averages: zero(), logs: make([]float64, k), lines: a.sight.lines(log)}
	logs := make([]float64, quadrature.Copies)
	for item, sum := range found {
		copy := item % quadrature.Copies
		from, into := a.sight.groups[item/quadrature.Copies].from, parts[copy]
		for n, k := range sum.members {
			into.p.Set(from, k, into.p.At(from, k)+sum.p[n]/lines)
			for i := range q {
				into.tp.Set(i, k, into.tp.At(i, k)+a.weights[from]*sum.tp[i][n]/lines)
			}
		}
		out.logs[from] += sum.log / lines / quadrature.Copies
		logs[copy] += a.weights[from] * sum.log / lines
	}
	for _, part := range parts {
		out.add(1.0/quadrature.Copies, part)
	}
	var squares float64
	for _, part := range parts {
		part.add(-1, out.averages)
		squares += math.Pow(by.norm(a.linear(s.directions, part)), 2)
	}
	out.err = visitSureness * math.Sqrt(squares/(quadrature.Copies*(quadrature.Copies-1)))
	_, spread := spreadOf(logs)
	out.logErr = visitSureness / sureness * spread
	return out
}

// alongLines calls line for the lines of every group, in the first so many shifts:
// start begins the sum of each item, a group and a shift.
func (a *anchored) alongLines(s *softmaxPoint, copies, log int, start func(item int, b *beam) (line func(across []float64))) {
	g := a.sight
	views := viewsOf(&s.contrasts)
	q := len(views[0].mean)
	lattice := quadrature.NewLattice(q-1, log, latticeSeed)
	centres := make([][]float64, len(g.groups))
	inChunks(len(centres), a.cores, func(_, n int) { centres[n] = g.centre(views, g.groups[n]) })
	inChunks(copies*len(g.groups), a.cores, func(_, item int) {
		of := g.groups[item/copies]
		b := g.beamOf(views[of.from], of, centres[item/copies])
		frame, z, across := b.across(), make([]float64, q-1), make([]float64, q)
		line := start(item, b)
		for n := range lattice.Points() {
			lattice.Node(item%copies, n, z)
			clear(across)
			for i, x := range z {
				floats.AddScaled(across, x, frame[i])
			}
			for range 2 {
				b.on(across)
				line(across)
				floats.Scale(-1, across)
			}
		}
	})
}
