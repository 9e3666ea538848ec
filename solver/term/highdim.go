package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// highdimRule is the rule for a softmax that varies in more directions than tensor rules
// serve: a sparse grid or, where that is nil, a lattice.
type highdimRule struct {
	grid    *quadrature.Sparse
	lattice *quadrature.Lattice
	// err estimates the error of the gradient in ‖·‖_d, but for rounding.
	err float64
	// condition is by how much rounding is magnified: ≥ 1.
	condition float64
	visited   *visited // what the rule does not see; nil if it sees all
}

// lastGrid is the grid of the last evaluation that grew one.
type lastGrid struct {
	grid       *quadrature.Sparse
	tolerance  float64
	directions int
}

// averageHighdim is averageAt by a method for many directions, by no more than about limit
// nodes a rule. A grid that falls short is checked by a lattice of as
// many nodes, which takes its place where it reaches further or they disagree: the
// spread of its shifts is honest at any slope. They disagree where the grid's error
// and one and a half standard errors of the lattice, which the norm of so many numbers
// seldom reaches, do not explain their difference.
func (a *logPartition) averageHighdim(s *softmaxPoint, method quadrature.Method, tolerance float64, limit int) (averages, error) {
	over, err := a.scatter(s)
	if err != nil {
		return averages{}, err
	}
	norm := func(part averages) float64 { return a.norm(a.linear(s.directions, part)) }
	hidden := a.watchful && a.sight == nil && a.hides(s)
	if hidden {
		limit = min(limit, worthLooking)
	}
	var rule highdimRule
	var out averages
	if method == quadrature.ShiftedLattice {
		rule, out = a.averageLattice(over, tolerance, limit, norm)
	} else {
		rule, out = a.averageOrbits(s, over, tolerance, limit)
		if rule.err > a.suffices(tolerance) {
			other, averages := a.averageLattice(over, tolerance, rule.nodes(), norm)
			apart := over.zeroAverages()
			apart.add(1, averages)
			apart.add(-1, out)
			if other.err < rule.err || norm(apart) > rule.err+other.err/2 {
				rule, out = other, averages
			}
		}
	}
	if hidden && !(rule.err <= tolerance) {
		s.highdim = &rule
		return averages{}, descent.ErrHidden
	}
	if math.IsNaN(rule.err) || math.IsNaN(mat.Sum(out.p)) || math.IsNaN(mat.Sum(out.tp)) {
		return averages{}, descent.ErrSteep
	}
	if a.sight != nil {
		visited := a.visits(s, tolerance)
		out.add(1, visited.averages)
		rule.err += visited.err
		rule.visited = visited
		s.exponents = a.exponentsOf(s, out.p)
	}
	s.highdim = &rule
	return out, nil
}

// exponentsOf bounds how a relative error of the exponents moves the gradient in ‖·‖_d:
// p_k by no more than p_k times the errors of its exponent and of the mean one. Components that weigh
// next to nothing may have exponents and means that are large.
func (a *logPartition) exponentsOf(s *softmaxPoint, p *mat.Dense) float64 {
	frame := a.tangentFrame(s.directions)
	m, _ := a.Left.Means.Dims()
	spread := (math.Sqrt(float64(m)) + extent) * frame.widest // no line is followed beyond
	var sum float64
	for j, w := range a.Weights {
		row, exponents := p.RawRowView(j), s.offsets.RawRowView(j)
		size := func(k int) float64 { return max(1, math.Abs(exponents[k])) }
		var mean, moved float64
		for k, x := range row {
			mean += math.Abs(x) * size(k)
		}
		anchor := mat.Norm(frame.anchors.ColView(j), 2) + spread
		for k, x := range row {
			y := mat.Norm(frame.partners.ColView(k), 2)
			moved += math.Abs(x) * (size(k) + mean) * y * (anchor + a.own*y)
		}
		sum += w * moved
	}
	return sum
}

// scatter states the softmax over what is seen.
func (a *logPartition) scatter(s *softmaxPoint) (*scattered, error) {
	c := a.sight.narrow(s.contrasts)
	return c.scatter(a.Weights, a.Cores)
}

// mostScattered bounds the nodes of one evaluation: about ten seconds on two cores.
func mostScattered(components int) int {
	return 8_000_000_000 / (components * components)
}

// averageOrbits averages by the grid of the evaluation before if that had the tolerance, too, and serves here as well: so the last steps, which are short, are
// evaluated once, sketches and averages together.
func (a *logPartition) averageOrbits(s *softmaxPoint, over *scattered, tolerance float64, limit int) (highdimRule, averages) {
	if last := a.last; last.grid != nil && last.tolerance == tolerance && last.directions == over.directions() && last.grid.Nodes() <= limit {
		parts := make([]averages, chunks)
		grid := last.grid.Refreshed(over.sketchAndAverage(last.grid, a.sketchOf(over, s.directions), parts))
		a.Budget.Spend(grid.Nodes(), len(a.Weights))
		if grid.Error <= max(tolerance, min(last.grid.Error, a.suffices(tolerance))) {
			return highdimRule{grid: grid, err: grid.Error, condition: grid.Condition}, over.total(parts)
		}
	}
	grid := quadrature.NewSparse(len(s.ranges), sketchWidth)
	sketch, plenty := over.sketchBy(grid, a.sketchOf(over, s.directions)), limit
	if a.Thrifty {
		plenty = min(limit, manyNodes(len(a.Weights)))
	}
	grid.Refine(sketch, tolerance, plenty)
	if grid.Error > a.suffices(tolerance) {
		grid.Refine(sketch, a.suffices(tolerance), limit)
	}
	a.Budget.Spend(2*grid.Nodes(), len(a.Weights)) // for the sketches and the averages
	a.last = lastGrid{grid, tolerance, over.directions()}
	return highdimRule{grid: grid, err: grid.Error, condition: grid.Condition}, over.gridAverages(grid)
}

// suffices is the error that a grid of manyNodes need not go below for a tolerance.
func (a *logPartition) suffices(tolerance float64) float64 {
	const times = 10
	if a.Thrifty {
		return times * tolerance
	}
	return tolerance
}

// manyNodes is the size from which on a thrifty grid adds no digit: some tenths of a second of an evaluation.
func manyNodes(components int) int {
	const nodes, products = 1 << 17, 1 << 25
	return min(nodes, products/(components*components))
}

// averageLattice adds points until the spread of the shifts tells an error of at most
// tolerance, but not beyond limit.
func (a *logPartition) averageLattice(over *scattered, tolerance float64, limit int, norm func(averages) float64) (highdimRule, averages) {
	for log := firstLattice; ; log += latticeStep {
		l := quadrature.NewLattice(over.directions(), log, latticeSeed)
		a.Budget.Spend(l.Nodes(), len(a.Weights))
		mean, err := over.spread(over.latticeAverages(l), norm)
		if err <= tolerance || last(l, limit) || math.IsNaN(err) {
			return highdimRule{lattice: l, err: err, condition: 1}, mean
		}
	}
}

// Lattices have 2^firstLattice points or more, and grow by factors of 2^latticeStep.
const firstLattice, latticeStep = 8, 2

// latticeSeed determines the shifts, so that results are reproducible.
const latticeSeed = 0

// last tells whether the next lattice would go beyond limit.
func last(l *quadrature.Lattice, limit int) bool {
	return l.Nodes()<<latticeStep > limit || l.Points()<<latticeStep > quadrature.MostLatticePoints
}

// spread returns the mean of independent estimates, and as its error a multiple of
// its standard error in the norm.
func (s *scattered) spread(parts []averages, norm func(averages) float64) (averages, float64) {
	n := float64(len(parts))
	mean := s.zeroAverages()
	for _, part := range parts {
		mean.add(1/n, part)
	}
	var squares float64
	for _, part := range parts {
		part.add(-1, mean)
		squares += math.Pow(norm(part), 2)
	}
	return mean, sureness * math.Sqrt(squares/(n*(n-1)))
}

// sureness is how many standard errors the error estimate of a lattice is: with 16
// shifts even a single number lies within 3 of them in 99.1 % of cases (Student's t
// of 15 degrees of freedom), and the norm of many more surely.
const sureness = 3

// points are those of the grid or the lattice.
func (r *highdimRule) points() interface {
	Nodes() int
	String() string
} {
	if r.grid != nil {
		return r.grid
	}
	return r.lattice
}

// nodes returns the number of nodes.
func (r *highdimRule) nodes() int { return r.points().Nodes() }

// String describes the rule.
func (r *highdimRule) String() string {
	name := r.points().String()
	if r.visited != nil && r.visited.lines > 0 {
		return fmt.Sprintf("%s, and %d lines through steps that it does not reach", name, r.visited.lines)
	}
	return name
}
