package term

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// MostTiltedDirections is the largest number of directions in which components may have their own covariances: a
// tensor rule is over all of them.
const MostTiltedDirections = 4

// MostWholeDimensions is the largest number of dimensions over all of which rules go, whatever the rank of M. Beyond, a symmetric M is seen along its own directions.
const MostWholeDimensions = 3

// Narrow tells whether own covariances of a law are integrated along the directions of M only.
func Narrow(l *Law) bool { return l.Symmetric() && len(l.Left.Second) > MostWholeDimensions }

// tilted is the log-partition where components have their own covariances, x = μ_j + R_j t and y ∼ N(ν_k, T_k) with probability w_k,
//
//	f(M) = −⟨M, X_δ⟩ + E_x log Σ_k exp φ_k(x),   φ_k = log w_k + xᵀMν_k + ½xᵀMT_kMᵀx,
//
// X_δ = E xyᵀ over pairs. With p(x) the softmax of φ, and y given x
// drawn from the components N(ν_k + T_kMᵀx, T_k) with weights p_k,
//
//	∇f(M)     = −X_δ + E_x[ x E[y|x]ᵀ ]
//	D²f(M)[V] = E_x[ x xᵀ V Cov(y|x) ]
//
// as xᵀMy has the log-Laplace transform log Σ_k exp φ_k, whose derivatives in M are moments of
// the tilted law of y. Cov(y|x) ⪰ cI for T_k ⪰ cI, so D²f[V, V] ≥ c⟨VVᵀ, W⟩.
type tilted struct {
	*Law                     // x of its left side, y of its right side
	roots       []*mat.Dense // K, R_k, m×m
	covariances []*mat.Dense // K, T_k, n×n
	target      *mat.Dense   // X_δ, m×n
	norm        func(g *mat.Dense) float64
}

func newTilted(l *Law) *tilted {
	covariances, _ := l.Right.own(len(l.Weights))
	_, roots := l.Left.own(len(l.Weights))
	left, right := gmm.Mean(l.Weights, l.Left.Means), gmm.Mean(l.Weights, l.Right.Means)
	target := gmm.CrossMoment(l.Weights, l.Left.Means, l.Right.Means)
	target.Apply(func(i, j int, c float64) float64 {
		return l.Delta*c + (1-l.Delta)*left.AtVec(i)*right.AtVec(j)
	}, target)
	return &tilted{Law: l, roots: roots, covariances: covariances, target: target}
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

func (f *tilted) traits() traits {
	m, k := f.Left.Means.Dims()
	n, _ := f.Right.Means.Dims()
	return traits{modulus: f.Right.Modulus, pull: 1, coarsest: coarse, relative: float64(4*m*n+4*k+64)*unitRoundoff + f.inputError()}
}

func (f *tilted) measuredBy(norm func(g *mat.Dense) float64, _ func() *mat.Dense) { f.norm = norm }

func (f *tilted) evaluation(evaluation) evaluation { return &tiltedPoint{of: f} }

// tiltedPoint is a tilted log-partition at one M.
type tiltedPoint struct {
	of       *tilted
	sections []*section // one a component
	tiltedAverage
}

func (pt *tiltedPoint) accuracy() accuracy {
	return accuracy{err: pt.ruleError, moved: pt.terms + pt.of.norm(mat.DenseCopyOf(pt.of.target)), nodes: pt.tensor.Nodes() * len(pt.of.Weights)}
}

func (pt *tiltedPoint) value(float64) (value, err, size float64) {
	return pt.loss, pt.lossRuleError, pt.lossTerms
}

func (pt *tiltedPoint) rule() string { return pt.tensor.String() }

// average evaluates the gradient at M, aiming at an error of tolerance in the norm ‖·‖_d:
// rules are refined until the last three levels differ by no more, each from the next.
// Convergence is geometric, but slow where the strip of analyticity is narrow, and two
// levels can agree by chance: what is estimated is prudence times the larger of the
// two differences; the error of the finest rule is usually far smaller.
func (pt *tiltedPoint) average(_ *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	f := pt.of
	k := len(f.Weights)
	pt.sections = f.sections(m)
	directions := pt.sections[0].directions()
	if directions > MostTiltedDirections {
		return nil, descent.ErrSteep
	}
	var last *tiltedAverage
	before, lossBefore := math.Inf(1), math.Inf(1) // the difference of the last two levels
	for _, n := range tiltedLevels {
		rule := tensor(n, directions)
		if !math.IsInf(before, 1) && rule.Nodes()*k > mostTiltedNodes { // two levels tell an error, one none
			break
		}
		if _, err := f.Budget.Nodes(0, k); err != nil {
			if math.IsInf(before, 1) {
				return nil, err
			}
			break
		}
		f.Budget.Spend(rule.Nodes()*(1+directions*directions), k) // a component's nodes, each with K quadratic forms
		a := f.average(pt.sections, m, rule)
		if sum := a.loss + mat.Sum(a.gradient); math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, descent.ErrSteep
		}
		if last != nil {
			var difference mat.Dense
			difference.Sub(a.gradient, last.gradient)
			now, lossNow := f.norm(&difference), math.Abs(a.loss-last.loss)
			a.ruleError, a.lossRuleError = prudence*max(now, before), prudence*max(lossNow, lossBefore)
			before, lossBefore = now, lossNow
		}
		done := last != nil && a.ruleError <= tolerance/2
		if last = a; done {
			break
		}
	}
	if !(last.ruleError <= unresolved*(1+f.norm(mat.DenseCopyOf(last.gradient)))) {
		return nil, descent.ErrSteep
	}
	pt.tiltedAverage = *last
	return mat.DenseCopyOf(last.gradient), nil
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

// tensor is the rule of n points in each direction.
func tensor(n, directions int) quadrature.Rule {
	var r quadrature.Rule
	for range directions {
		r.Directions, r.Order = append(r.Directions, quadrature.Hermite(n)), append(r.Order, n)
	}
	return r
}
