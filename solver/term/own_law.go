package term

import (
	"math"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// MostTiltedDirections is the largest number of directions in which components of their own covariances are averaged by a tensor rule, which is over all of them.
const MostTiltedDirections = 4

// MostWholeDimensions is the largest number of dimensions over all of which rules go, whatever the rank of M. Beyond, a symmetric M is seen along its own directions.
const MostWholeDimensions = 3

// Narrow tells whether own covariances of a law are integrated along the directions of M only.
func Narrow(l *Law) bool { return l.Symmetric() && len(l.Left.Second) > MostWholeDimensions }

// ownLaw is a law whose components have covariances of their own, with what is common to averages over it: x = μ_j + R_j t of its left side.
type ownLaw struct {
	*Law
	roots       []*mat.Dense // K, R_k of the left side, m×m
	covariances []*mat.Dense // K, T_k of the right side, n×n
	norm        func(g *mat.Dense) float64
	many        *scattering
}

func newOwnLaw(l *Law) ownLaw {
	covariances, _ := l.Right.own(len(l.Weights))
	_, roots := l.Left.own(len(l.Weights))
	return ownLaw{Law: l, roots: roots, covariances: covariances, many: new(scattering)}
}

// own returns the covariances of k components and their roots, I where they are shared.
func (s *Side) own(k int) (covariances, roots []*mat.Dense) {
	if s.Covariances != nil {
		return s.Covariances, s.Roots
	}
	whole := mat.NewDense(len(s.Second), len(s.Second), nil)
	for i := range s.Second {
		whole.Set(i, i, 1)
	}
	covariances = slices.Repeat([]*mat.Dense{whole}, k)
	return covariances, covariances
}

func (l *ownLaw) measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense) {
	l.norm = norm
	for range sketchWidth {
		l.many.functionals = append(l.many.functionals, draw())
	}
}

// seenBy are the sections of all components at M: their points, and what see makes of them.
func (l *ownLaw) seenBy(m *mat.Dense, see func(j int, s *section)) []*section {
	var along *mat.Dense
	narrow := Narrow(l.Law)
	if narrow {
		along = directionsOf(m)
	}
	out := make([]*section, len(l.Weights))
	dense.InChunks(len(out), l.Cores, func(_, j int) {
		s := &section{}
		if narrow {
			s.points, s.rest = l.seenAlong(j, along)
		} else {
			s.points = beside(l.Left.Means.ColView(j), l.roots[j])
		}
		see(j, s)
		if q := s.directions(); q >= adaptedDirections && !l.crowded(q) {
			s.turn(l.Weights)
			s.forms, s.centres, s.squares, s.spreads = nil, nil, nil, nil
			see(j, s)
		}
		s.pack()
		out[j] = s
	})
	return out
}

// crowded tells whether directions are too many for a tensor rule, or as many as one serves at great expense, unless these are all that there are.
func (l *ownLaw) crowded(directions int) bool {
	return directions > MostTiltedDirections || directions == MostTiltedDirections && Narrow(l.Law) && len(l.Left.Second) > directions
}

// seenAlong conditions x, under component j, on u = Rᵀx: with G = RᵀT_jR = UsUᵀ and t = s^{−½}Uᵀ(u − Rᵀμ_j) it is μ_j + T_jRUs^{−½}t on average, and what is left has the
// covariance T_j − T_jRG⁻¹RᵀT_j.
func (l *ownLaw) seenAlong(j int, along *mat.Dense) (points, rest *mat.Dense) {
	own := l.covariances[j]
	rest = mat.DenseCopyOf(own)
	if along.IsEmpty() {
		return beside(l.Left.Means.ColView(j)), rest
	}
	transfer := dense.Times(own, along)
	values, vectors := dense.Eigen(dense.Times(along.T(), transfer))
	for i, x := range values {
		values[i] = 1 / math.Sqrt(x)
	}
	along = dense.WeightedColumns(dense.Times(transfer, vectors), values)
	if l.crowded(len(values)) { // the same directions under all components, for a grid that they share
		along = dense.Times(along, vectors.T())
	}
	rest.Sub(rest, dense.Times(along, along.T()))
	dense.Symmetrise(rest)
	return beside(l.Left.Means.ColView(j), along), rest
}

// resolve averages over sections, aiming at an error of the gradient of tolerance in the norm ‖·‖_d:
// rules are refined until the last three levels differ by no more, each from the next.
// Convergence is geometric, but slow where the strip of analyticity is narrow, and two
// levels can agree by chance: what is estimated is prudence times the larger of the
// two differences; the error of the finest rule is usually far smaller.
func (l *ownLaw) resolve(m *mat.Dense, sections []*section, tolerance float64, average func(rule ownRule) *tiltedAverage) (*tiltedAverage, error) {
	k := len(l.Weights)
	directions := sections[0].directions()
	if l.crowded(directions) {
		return l.scattered(m, sections, tolerance, average)
	}
	if directions >= adaptedDirections {
		return l.adapted(sections, tolerance, average)
	}
	var last *tiltedAverage
	before, lossBefore := math.Inf(1), math.Inf(1) // the difference of the last two levels
	levels := tiltedLevels
	if directions == MostTiltedDirections { // of which three levels would be too many nodes
		levels = narrowLevels
	}
	for _, n := range levels {
		rule := tensor(n, directions)
		if !math.IsInf(before, 1) && rule.Nodes()*k > mostTiltedNodes { // two levels tell an error, one none
			break
		}
		if _, err := l.Budget.Nodes(0, k); err != nil {
			if math.IsInf(before, 1) {
				return nil, err
			}
			break
		}
		l.spend(rule)
		a := average(rule)
		if sum := a.loss + mat.Sum(a.gradient); math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, descent.ErrSteep
		}
		if last != nil {
			var difference mat.Dense
			difference.Sub(a.gradient, last.gradient)
			now, lossNow := l.norm(&difference), math.Abs(a.loss-last.loss)
			a.ruleError, a.lossRuleError = prudence*max(now, before), prudence*max(lossNow, lossBefore)
			before, lossBefore = now, lossNow
			missed, lossMissed := l.unseen(sections, rule)
			a.ruleError, a.lossRuleError = a.ruleError+missed, a.lossRuleError+lossMissed
		}
		done := last != nil && a.ruleError <= tolerance/2
		if last = a; done {
			break
		}
	}
	if !(last.ruleError <= unresolved*(1+l.norm(mat.DenseCopyOf(last.gradient)))) {
		return nil, descent.ErrSteep
	}
	return last, nil
}

// spend takes note of a rule, for each component, of which each node has K quadratic forms.
func (l *ownLaw) spend(rule ownRule) {
	directions := len(rule.Directions)
	l.Budget.Spend(rule.Nodes()*(1+directions*directions), len(l.Weights))
}

// prudence is what errors that a level reduces by no more than a fifth sum up to,
// beside the difference of two levels.
const prudence = 4

// unresolved is the difference of the last two levels, beside the gradient, at which
// an integral is not resolved at all.
const unresolved = 0.1

// mostTiltedNodes bounds the nodes of all components of one rule, of which there are at least two.
const mostTiltedNodes = 1_000_000

// tiltedLevels are the numbers of points a direction. Fewer do not see that far from
// the mean a wide, rare component takes over.
var tiltedLevels = []int{17, 24, 34, 48, 68, 96, 136, 192, 272, 384}

// narrowLevels are those of a rule of as many directions as are served.
var narrowLevels = []int{9, 12, 17, 24, 34}

// tensor is the rule of n points in each direction.
func tensor(n, directions int) ownRule {
	return tensorOf(slices.Repeat([]int{n}, directions))
}

// tensorOf is the rule of as many points in each direction as are given.
func tensorOf(points []int) ownRule {
	var r ownRule
	for _, n := range points {
		r.Directions, r.Order = append(r.Directions, quadrature.Hermite(n)), append(r.Order, n)
	}
	return r
}
