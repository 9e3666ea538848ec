package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// generalPoint is the gradient of a general loss at M, and its value.
type generalPoint struct {
	place
	f         *general
	rule      quadrature.Rule
	ruleError float64 // estimate of the quadrature's part of err
	loss      float64
	lossError float64
}

func (pt *generalPoint) value() (value, err float64) { return pt.loss, pt.lossError }

// generalDescent minimises a general loss.
type generalDescent struct {
	*general
	here, there *generalPoint
	memory      arena
}

var _ coneDescent = (*generalDescent)(nil)

func newGeneralDescent(f *general) *generalDescent { return &generalDescent{general: f} }

func (d *generalDescent) try(m *mat.Dense, tolerance float64) (*place, error) {
	pt, err := d.at(m, tolerance)
	if err != nil {
		return nil, err
	}
	d.there = pt
	return &pt.place, nil
}

func (d *generalDescent) accept() { d.here, d.there = d.there, d.here }

// bend averages the Hessian by the rule that the gradient needed: its tolerance is
// finer than what a Hessian is asked for, and refining again would cost more.
func (d *generalDescent) bend(float64) (operator, error) { return d.here.hessian(), nil }

func (d *generalDescent) scratch() *arena { return &d.memory }

// at evaluates the gradient at M, aiming at an error of tolerance in the norm ‖·‖_d:
// rules are refined until the last three levels differ by no more, each from the next.
// Convergence is geometric, but slow where the strip of analyticity is narrow, and two
// levels can agree by chance: what is estimated is prudence times the larger of the
// two differences; the error of the finest rule is usually far smaller.
func (f *general) at(m *mat.Dense, tolerance float64) (*generalPoint, error) {
	dim, k := f.means.Dims()
	var last *generalAverage
	before, lossBefore := math.Inf(1), math.Inf(1) // the difference of the last two levels
	for _, n := range generalLevels {
		rule := tensor(n, dim)
		if last != nil && rule.Nodes()*k > mostGeneralNodes {
			break
		}
		if _, err := f.work.nodes(0, k); err != nil {
			if math.IsInf(before, 1) { // two levels tell an error, one none
				return nil, err
			}
			break
		}
		f.work.spend(rule.Nodes()*(1+dim*dim), k) // a component's nodes, each with K products of a covariance
		a := f.average(m, rule)
		if !a.finite() {
			return nil, errSteep
		}
		if last != nil {
			var difference mat.Dense
			difference.Sub(a.gradient, last.gradient)
			now, lossNow := f.dualNorm(&difference), math.Abs(a.loss-last.loss)
			a.ruleError, a.lossRuleError = prudence*max(now, before), prudence*max(lossNow, lossBefore)
			before, lossBefore = now, lossNow
		}
		done := last != nil && a.ruleError <= tolerance/2
		if last = a; done {
			break
		}
	}
	if !(last.ruleError <= unresolved*(1+f.dualNorm(last.gradient))) {
		return nil, errSteep
	}
	return f.pointOf(m, last, tolerance), nil
}

// prudence is what errors that a level reduces by no more than a fifth sum up to,
// beside the difference of two levels.
const prudence = 4

// unresolved is the difference of the last two levels, beside the gradient, at which
// an integral is not resolved at all.
const unresolved = 0.1

// mostGeneralNodes bounds the nodes of all components of one rule.
const mostGeneralNodes = 1_000_000

// generalLevels are the numbers of points a direction. Fewer do not see that far from
// the mean a wide, rare component takes over.
var generalLevels = []int{17, 24, 34, 48, 68, 96, 136, 192, 272, 384}

// tensor is the rule of n points in each direction.
func tensor(n, directions int) quadrature.Rule {
	var r quadrature.Rule
	for range directions {
		r.Directions, r.Order = append(r.Directions, quadrature.Hermite(n)), append(r.Order, n)
	}
	return r
}

func (f *general) pointOf(m *mat.Dense, a *generalAverage, tolerance float64) *generalPoint {
	relative := f.roundings()*unitRoundoff + f.inputError
	pt := &generalPoint{f: f, rule: a.rule, ruleError: a.ruleError, loss: a.loss, lossError: a.lossRuleError + relative*a.lossTerms}
	pt.place = place{m: mat.DenseCopyOf(m), tolerance: tolerance, gradient: a.gradient, norm: f.dualNorm(a.gradient),
		err: a.ruleError + relative*(a.terms+f.dualNorm(f.target)), nodes: a.rule.Nodes() * len(f.weights), whole: pt}
	return pt
}
