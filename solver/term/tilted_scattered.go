package term

import (
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// MostScatteredDimensions is the largest number of dimensions over which components of their own covariances are averaged where M has more directions than tensor rules
// go over: Hessians are averages of products of four coordinates, whose number grows as the fourth power of it.
const MostScatteredDimensions = 12

// ownRule is a rule over the directions of sections: a tensor rule or, where there are too many directions for one, scattered points.
type ownRule struct {
	quadrature.Rule
	scattered *scatter // nil of a tensor rule
}

// Nodes returns the number of nodes.
func (r ownRule) Nodes() int {
	if r.scattered != nil {
		return r.scattered.nodes()
	}
	return r.Rule.Nodes()
}

// String describes the rule.
func (r ownRule) String() string {
	if r.scattered != nil {
		return r.scattered.name
	}
	return r.Rule.String()
}

// scatter is points t, one a row: of a sparse grid with their weights, or ±t of copies of a lattice that weigh the same.
type scatter struct {
	points  []*mat.Dense // n×q; one matrix of a grid, one a copy of a lattice
	weights []float64    // n; nil of a lattice
	name    string
}

func (s *scatter) nodes() int {
	n, _ := s.points[0].Dims()
	if s.weights != nil {
		return n
	}
	return 2 * n * len(s.points)
}

// visit walks over the points.
func (s *scatter) visit(at func(weight float64, t []float64)) {
	if s.weights != nil {
		for i, w := range s.weights {
			at(w, s.points[0].RawRowView(i))
		}
		return
	}
	weight := 1 / float64(s.nodes())
	for _, points := range s.points {
		n, q := points.Dims()
		mirrored := make([]float64, q)
		for i := range n {
			t := points.RawRowView(i)
			for c, x := range t {
				mirrored[c] = -x
			}
			at(weight, t)
			at(weight, mirrored)
		}
	}
}

// scattering is how a law is averaged in many directions.
type scattering struct {
	functionals []*mat.Dense // as of logPartition
	// measured are linear forms of E_j[p_k zzᵀ], k = 1, …, K, as sums over pairs, whose sum is ⟨∇f, Z⟩ but for a constant.
	measured func(j int, s *section, z *mat.Dense) [][]float64

	lattices map[[2]int]*scatter // by directions and size: they depend on nothing else
	last     lastScatter
}

// lastScatter is the sparse grid of the last evaluation that grew one.
type lastScatter struct {
	rule      ownRule
	tolerance float64
	err, loss float64
	m         *mat.Dense
}

// serves tells whether the grid of an evaluation before is that of M, too: in the last steps, which are short.
func (s *lastScatter) serves(m *mat.Dense, tolerance float64) bool {
	const near = 0x1p-10
	if s.m == nil || tolerance < s.tolerance {
		return false
	}
	var moved mat.Dense
	moved.Sub(m, s.m)
	return mat.Norm(&moved, 2) <= near*mat.Norm(s.m, 2)
}

// scattered is resolve in many directions: by a sparse grid, which is checked by a lattice of few points and gives way to lattices where they disagree. A grid's errors are its own estimates; where
// a window is too narrow for the lattice that it is checked by, the grid may miss it, too.
func (l *ownLaw) scattered(m *mat.Dense, sections []*section, tolerance float64, average func(rule ownRule) *tiltedAverage) (*tiltedAverage, error) {
	k, q := len(l.Weights), sections[0].directions()
	if q > MostScatteredDimensions {
		return nil, descent.ErrSteep
	}
	if _, err := l.Budget.Nodes(0, k); err != nil {
		return nil, err
	}
	if last := &l.many.last; last.serves(m, tolerance) {
		a := average(last.rule)
		l.spendScattered(a.tensor, q)
		a.ruleError, a.lossRuleError = last.err, last.loss
		return l.sane(a)
	}
	limit, err := l.Budget.Nodes(mostScatteredProducts/(k*k*(1+q)*(2+q)/2), k)
	if err != nil {
		return nil, err
	}
	grid := l.grown(sections, tolerance/2, limit)
	rule := ownRule{scattered: nodesOf(grid, q)}
	l.Budget.Spend(sketchCost*rule.Nodes()*(1+q*q)/scatteredShare, k)
	a := average(rule)
	check := l.spread(l.lattice(q, firstScattered), average)
	l.spendScattered(check.tensor, q)
	var apart mat.Dense
	apart.Sub(check.gradient, a.gradient)
	if !(l.norm(&apart) <= grid.Error+check.ruleError) {
		return l.averageLattices(sections, tolerance, limit, check, average)
	}
	missed, lossMissed := l.unseen(sections, check.tensor)
	a.ruleError, a.lossRuleError = grid.Error+missed, grid.Error*mat.Norm(m, 2)+lossMissed
	l.many.last = lastScatter{rule, tolerance, a.ruleError, a.lossRuleError, mat.DenseCopyOf(m)}
	return l.sane(a)
}

// mostScatteredProducts bounds the nodes of a rule times what one of a component costs; scatteredShare is what a product of these costs less than one of the budget, and sketchCost how
// much more a node costs where a grid grows.
const mostScatteredProducts, scatteredShare, sketchCost = 1 << 25, 4, 4

func (l *ownLaw) spendScattered(rule ownRule, q int) {
	l.Budget.Spend(rule.Nodes()*(1+q*q)/scatteredShare, len(l.Weights))
}

// sane refuses what is not resolved at all.
func (l *ownLaw) sane(a *tiltedAverage) (*tiltedAverage, error) {
	if sum := a.loss + mat.Sum(a.gradient); math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, descent.ErrSteep
	}
	if !(a.ruleError <= unresolved*(1+l.norm(mat.DenseCopyOf(a.gradient)))) {
		return nil, descent.ErrSteep
	}
	return a, nil
}

// forHessian is a rule for a Hessian, which only steps are made of, beside that of a gradient: a node costs products of four coordinates for each two components.
func (l *ownLaw) forHessian(sections []*section, rule *ownRule) *ownRule {
	const tolerance, least, most = 1e-4, 1 << 10, 1 << 28
	if rule.scattered == nil {
		return rule
	}
	k, q := len(l.Weights), sections[0].directions()
	nodes := max(least, most/(k*k*(k+3)/2*(q+1)*(q+2)*(q+3)*(q+4)/24))
	if rule.scattered.weights == nil {
		return rule.thinned(nodes)
	}
	return &ownRule{scattered: nodesOf(l.grown(sections, tolerance, nodes), q)}
}
