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

// Each shift has 2^fewestLines to 2^mostLines points, and each point two lines.
const fewestLines, mostLines = 0, 8

// mostLineWork bounds lines times components: about two seconds for one evaluation.
const mostLineWork = 1 << 18

// chooseLines takes as many lines as bring the error to a share of tolerance, within limits.
func (a *anchored) chooseLines(g *sight, s *softmaxPoint, by measure, tolerance float64) {
	const share = 4
	old := a.sight
	defer func() { a.sight = old }()
	a.sight = g
	k := len(a.weights)
	for g.log = fewestLines; ; g.log++ {
		if g.log == mostLines || len(g.groups)*quadrature.Copies<<(g.log+2)*k > mostLineWork {
			return
		}
		if _, err := a.visits(s, by); err <= tolerance/share {
			return
		}
	}
}

// lines returns the number of lines of an evaluation.
func (g *sight) lines() int { return len(g.groups) * quadrature.Copies << (g.log + 1) }

// visits returns what the visited components add to the averages over those that are
// kept, and its error in ‖·‖_d: p_k for the visited, −P p^A_l for the kept, P = Σ p_k.
func (a *anchored) visits(s *softmaxPoint, by measure) (averages, float64) {
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
	}
	found := make([]sums, quadrature.Copies*len(a.sight.groups))
	a.alongLines(s, quadrature.Copies, func(item int, b *beam) (line func(across []float64)) {
		n := len(b.members)
		own := sums{members: b.members, p: make([]float64, n), tp: make([][]float64, q)}
		for i := range own.tp {
			own.tp[i] = make([]float64, n)
		}
		found[item] = own
		zeroth, first := make([]float64, n), make([]float64, n)
		return func(across []float64) {
			clear(zeroth)
			clear(first)
			b.each(func(u, weight float64) {
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
	lines := float64(int(2) << a.sight.log)
	for item, sum := range found {
		from, into := a.sight.groups[item/quadrature.Copies].from, parts[item%quadrature.Copies]
		for n, k := range sum.members {
			into.p.Set(from, k, into.p.At(from, k)+sum.p[n]/lines)
			for i := range q {
				into.tp.Set(i, k, into.tp.At(i, k)+a.weights[from]*sum.tp[i][n]/lines)
			}
		}
	}
	mean := zero()
	for _, part := range parts {
		mean.add(1.0/quadrature.Copies, part)
	}
	var squares float64
	for _, part := range parts {
		part.add(-1, mean)
		squares += math.Pow(by.norm(a.linear(s.directions, part)), 2)
	}
	return mean, visitSureness * math.Sqrt(squares/(quadrature.Copies*(quadrature.Copies-1)))
}

// alongLines calls line for the lines of every group, in the first so many shifts:
// start begins the sum of each item, a group and a shift.
func (a *anchored) alongLines(s *softmaxPoint, copies int, start func(item int, b *beam) (line func(across []float64))) {
	g := a.sight
	views := viewsOf(&s.contrasts)
	q := len(views[0].mean)
	lattice := quadrature.NewLattice(q-1, g.log, latticeSeed)
	centres := make([][]float64, len(g.groups))
	inChunks(len(centres), a.cores, func(_, n int) { centres[n] = g.centre(views, g.groups[n]) })
	inChunks(copies*len(g.groups), a.cores, func(_, item int) {
		of := g.groups[item/copies]
		b := g.beamOf(views[of.from], of, centres[item/copies])
		frame, z, across := b.frame(), make([]float64, q-1), make([]float64, q)
		line := start(item, b)
		for n := range lattice.Points() {
			lattice.Node(item%copies, n, z)
			clear(across)
			for i, x := range z {
				floats.AddScaled(across, x, frame[i+1])
			}
			for range 2 {
				b.on(across)
				line(across)
				floats.Scale(-1, across)
			}
		}
	})
}

// visitedLogs returns what the visited components add to E_j log Σ e^{l_k}, −E_j log(1 − P),
// each group its share in P, and the error of the weighted mean.
func (a *anchored) visitedLogs(s *softmaxPoint) (logs []float64, err float64) {
	g := a.sight
	found := make([]float64, quadrature.Copies*len(g.groups))
	a.alongLines(s, quadrature.Copies, func(item int, b *beam) func(across []float64) {
		return func([]float64) {
			b.each(func(_, weight float64) { found[item] += weight * b.logOdds })
		}
	})
	logs = make([]float64, len(a.weights))
	parts := make([]float64, quadrature.Copies)
	for item, sum := range found {
		sum /= float64(int(2) << g.log)
		from := g.groups[item/quadrature.Copies].from
		logs[from] += sum / quadrature.Copies
		parts[item%quadrature.Copies] += a.weights[from] * sum
	}
	_, spread := spreadOf(parts)
	return logs, visitSureness / sureness * spread
}
