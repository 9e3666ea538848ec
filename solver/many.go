package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// manyRule is how a softmax that varies in more directions than tensor rules serve was
// averaged: by a sparse grid or, where that is nil, a lattice.
type manyRule struct {
	orbits  *orbitSum
	lattice *latticeSum
	// err estimates the error of the gradient in ‖·‖_d, but for rounding.
	err float64
	// condition is by how much rounding is magnified: ≥ 1.
	condition float64
}

// tensorDirections is the number of directions up to which tensor rules are used,
// whose error is known from the slopes alone.
const tensorDirections = 4

// averageMany averages the softmax c so that the error of the part of the gradient
// that it makes is at most tolerance in ‖·‖_d, or as small as the limits allow.
// functionals are those of a gauge; norm is ‖·‖_d of that part.
func (a *anchored) averageMany(c *contrasts, tolerance float64, functionals []*mat.Dense, norm func(averages) float64) (manyRule, averages, error) {
	s, err := c.scatter(a.weights)
	if err != nil {
		return manyRule{}, averages{}, err
	}
	var rule manyRule
	var out averages
	if quadrature.PrefersLattice(c.ranges, tolerance) {
		rule, out = a.averageLattice(s, tolerance, mostScattered(len(a.weights)), norm)
	} else {
		rule, out = a.averageOrbits(c, s, tolerance, mostScattered(len(a.weights)), functionals)
		if rule.err > tolerance { // which of both reaches further?
			if other, averages := a.averageLattice(s, tolerance, rule.nodes(), norm); other.err < rule.err {
				rule, out = other, averages
			}
		}
	}
	if math.IsNaN(rule.err) || math.IsNaN(mat.Sum(out.p)) || math.IsNaN(mat.Sum(out.tp)) {
		return manyRule{}, averages{}, errSteep
	}
	return rule, out, nil
}

// mostScattered bounds the nodes of one evaluation: about ten seconds on two cores.
func mostScattered(components int) int {
	return 8_000_000_000 / (components * components)
}

func (a *anchored) averageOrbits(c *contrasts, s *scattered, tolerance float64, limit int, functionals []*mat.Dense) (manyRule, averages) {
	o := &orbitSum{scattered: s, grid: quadrature.NewSparse(len(c.ranges), sketchWidth), cores: a.cores, gauge: a.gaugeOf(s, c.directions, functionals)}
	o.grid.Refine(o.sketch, tolerance, limit)
	return manyRule{orbits: o, err: o.grid.Error, condition: o.grid.Condition}, o.average()
}

// averageLattice doubles the points until the spread of the shifts tells an error of
// at most tolerance, but not beyond limit.
func (a *anchored) averageLattice(s *scattered, tolerance float64, limit int, norm func(averages) float64) (manyRule, averages) {
	const first, step = 8, 2 // logarithms
	q, _ := s.slopes.Dims()
	for log := first; ; log += step {
		l := &latticeSum{scattered: s, lattice: quadrature.NewLattice(q, log, 0), cores: a.cores}
		mean, err := spread(s, l.averages(), norm)
		beyond := l.lattice.Nodes()<<step > limit || l.lattice.Points()<<step > quadrature.MostLatticePoints
		if err <= tolerance || beyond || math.IsNaN(err) {
			return manyRule{lattice: l, err: err, condition: 1}, mean
		}
	}
}

// spread returns the mean of independent estimates, and as its error a multiple of
// its standard error in the norm.
func spread(s *scattered, parts []averages, norm func(averages) float64) (averages, float64) {
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

// nodes returns the number of nodes.
func (r *manyRule) nodes() int {
	if r.orbits != nil {
		return r.orbits.grid.Nodes()
	}
	return r.lattice.lattice.Nodes()
}

// String describes the rule.
func (r *manyRule) String() string {
	if r.orbits != nil {
		return r.orbits.grid.String()
	}
	return r.lattice.lattice.String()
}

// logPartition returns E_j log Σ_k exp(offset_jk + slope_kᵀt) for each j.
func (r *manyRule) logPartition() []float64 {
	if r.orbits != nil {
		logs := r.orbits.meanLogs()
		addTo(logs, 1, r.orbits.shifts)
		return logs
	}
	logs := append([]float64(nil), r.lattice.shifts...)
	for _, part := range r.lattice.meanLogs() {
		addTo(logs, 1.0/quadrature.Copies, part)
	}
	return logs
}
