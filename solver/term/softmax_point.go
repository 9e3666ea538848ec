package term

import (
	"errors"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// softmaxPoint is the softmax of a loss at a point, and the rule that averages it.
type softmaxPoint struct {
	contrasts
	over    averages
	tensor  quadrature.Rule // where highdim is nil
	highdim *highdimRule
	lines   lines
	walker  walker
	blind   blindness
	// exponents tells how the gradient moves with a relative error of the exponents, where components are visited.
	exponents float64

	of   *logPartition
	m    *mat.Dense
	bent softmaxHessian
}

var _ evaluation = (*softmaxPoint)(nil)

func (s *softmaxPoint) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	s.m = m
	var err error
	if s.over, err = s.of.averageAt(s, memory, m, tolerance); err != nil {
		return nil, err
	}
	return s.of.gradient(memory, s.directions, s.over), nil
}

func (s *softmaxPoint) accuracy() accuracy {
	sensitivity := s.of.sensitivity
	r := s.highdim
	if r == nil { // tensor rules change smoothly, others adapt
		return accuracy{err: sensitivity * (s.tensor.Error + s.dropped), moved: sensitivity * s.largestExponent(), nodes: s.tensor.Nodes()}
	}
	out := accuracy{err: r.err + s.blind.gradient + sensitivity*s.dropped, moved: sensitivity * s.largestExponent() * r.condition,
		blur: r.err, nodes: r.nodes()}
	if r.visited != nil {
		out.moved = s.exponents * r.condition
	}
	return out
}

func (s *softmaxPoint) softmax() (*softmaxPoint, float64) { return s, 1 }

// value adds the quadratic ½⟨MMᵀ, W⟩.
func (s *softmaxPoint) value(tolerance float64) (value, err, size float64) {
	a := s.of
	logs, err := a.meanLogs(s, tolerance)
	for j, w := range a.Weights {
		form := w * mat.Inner(a.Left.Means.ColView(j), s.m, a.centred.ColView(j))
		value += w*logs[j] - a.Delta*form
		size += w*math.Abs(logs[j]) + math.Abs(form)
	}
	var quadratic float64
	for i, w := range a.Left.Second {
		for _, x := range s.m.RawRowView(i) {
			quadratic += w * x * x / 2
		}
	}
	return value + quadratic, err, size + quadratic + 1 // a logarithm near 0 is off by the rounding of its argument
}

func (s *softmaxPoint) hessian(tolerance float64) (descent.Operator, error) {
	return &s.bent, s.bent.average(s.of, s, tolerance)
}

// averageAt states the softmax at M and averages it so that the error of the gradient
// is at most tolerance, or as small as the limits allow.
func (a *logPartition) averageAt(s *softmaxPoint, memory *dense.Arena, m *mat.Dense, tolerance float64) (averages, error) {
	s.contrasts = a.softmaxAt(memory, m, tolerance/a.sensitivity)
	method, _ := quadrature.Cheapest(s.spreads(memory, a.Weights), tolerance)
	if a.sight != nil { // what is kept is gentle
		method = max(method, quadrature.SparseGrid)
	}
	if method != quadrature.TensorProduct {
		const parts = 3 // sketches, averages and the lattice that checks them
		limit, err := a.Budget.Nodes(parts*mostScattered(len(a.Weights)), len(a.Weights))
		if err != nil {
			return averages{}, err
		}
		return a.averageHighdim(s, method, tolerance, limit/parts)
	}
	err := a.chooseRule(&s.tensor, &s.contrasts, tolerance/a.sensitivity)
	if err == nil {
		err = s.tabulate(memory, &s.tensor, &s.lines)
	}
	short := err != nil && !errors.Is(err, descent.ErrSpent) || err == nil && a.sensitivity*s.tensor.Error > tolerance
	if short && a.watchful && a.sight == nil && a.hides(s) {
		s.highdim = &highdimRule{err: math.Inf(1)}
		return averages{}, descent.ErrHidden
	}
	if err != nil {
		return averages{}, err
	}
	a.Budget.Spend(s.tensor.Nodes(), len(a.Weights))
	return a.averagesOf(memory, s.directions, s.walker.integrate(memory, &s.lines, meanSoftmax{}, a.Cores)), nil
}

// rule describes the rule.
func (s *softmaxPoint) rule() string {
	if s.highdim != nil {
		return s.highdim.String()
	}
	return s.tensor.String()
}

// logarithms is what a node costs whose logarithms are averaged, beside one whose softmax is.
const logarithms = 2

// meanLogs returns the mean over x of log Σ_k exp(offset_k + slope_kᵀt) as seen from
// each component, and an estimate of its error; where the softmax varies in many
// directions each is the mean over all components instead, of the same weighted mean.
func (a *logPartition) meanLogs(s *softmaxPoint, tolerance float64) (logs []float64, err float64) {
	if s.highdim != nil {
		return a.highdimLogs(s, tolerance)
	}
	a.Budget.Spend(logarithms*s.tensor.Nodes(), len(a.Weights))
	return s.logPartition(&s.tensor, a.Cores), s.tensor.Error + s.dropped
}
