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

func (s *softmaxPoint) clear() { s.highdim, s.blind = nil, blindness{} }

func (s *softmaxPoint) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	s.m = m
	over, err := s.of.averageAt(s, memory, m, tolerance)
	if err != nil {
		return nil, err
	}
	s.over = over
	return s.of.gradient(memory, s.directions, over), nil
}

func (s *softmaxPoint) accuracy() accuracy {
	sensitivity, rule := s.of.by.sensitivity, s.highdim
	if rule == nil {
		return accuracy{err: sensitivity * (s.tensor.Error + s.dropped), moved: sensitivity * s.largestExponent(), nodes: s.tensor.Nodes()}
	}
	moved := sensitivity * s.largestExponent()
	if rule.visited != nil {
		moved = s.exponents
	}
	return accuracy{err: rule.err + s.blind.gradient + sensitivity*s.dropped, moved: moved * rule.condition, blur: rule.err, nodes: rule.nodes()}
}

// value adds the quadratic ½⟨MMᵀ, W⟩.
func (s *softmaxPoint) value(tolerance float64) (value, err, size float64) {
	logs, err := s.of.meanLogs(s, tolerance)
	var quadratic float64
	for i, w := range s.of.second {
		for _, x := range s.m.RawRowView(i) {
			quadratic += w * x * x / 2
		}
	}
	rest, size := s.of.average(s.m, logs)
	return quadratic + rest, err, size + quadratic + 1 // a logarithm near 0 is off by the rounding of its argument
}

func (s *softmaxPoint) hessian(tolerance float64) (descent.Operator, error) {
	return &s.bent, s.bent.average(s.of, s, tolerance)
}

func (s *softmaxPoint) seeing() *softmaxPoint { return s }

// measure tells how the averages of a softmax count in a loss's gradient.
type measure struct {
	// sensitivity bounds how an error e of every average moves the gradient, as a multiple of e.
	sensitivity float64
	// functionals are m×n matrices Z of random entries with E⟨G, Z⟩² = ‖G‖_d² for the
	// softmax's part G of a gradient; rules for many directions need them, and draw makes one.
	functionals []*mat.Dense
	draw        func() *mat.Dense
	// norm is ‖G‖_d.
	norm func(g *mat.Dense) float64
	// left and right are the diagonals of I + C of the anchors' side and the partners'.
	left, right []float64
}

// complete makes functionals, if there are none.
func (m *measure) complete() {
	for len(m.functionals) < sketchWidth {
		m.functionals = append(m.functionals, m.draw())
	}
}

// averageAt states the softmax at M and averages it so that the error of the gradient
// is at most tolerance, or as small as the limits allow.
func (a *logPartition) averageAt(s *softmaxPoint, memory *dense.Arena, m *mat.Dense, tolerance float64) (averages, error) {
	s.contrasts = a.softmaxAt(memory, m, tolerance/a.by.sensitivity)
	s.highdim, s.blind = nil, blindness{}
	method, _ := quadrature.Cheapest(s.spreads(memory, a.weights), tolerance)
	if a.sight != nil { // what is kept is gentle
		method = max(method, quadrature.SparseGrid)
	}
	if method != quadrature.TensorProduct {
		const parts = 3 // sketches, averages and the lattice that checks them
		limit, err := a.work.Nodes(parts*mostScattered(len(a.weights)), len(a.weights))
		if err != nil {
			return averages{}, err
		}
		return a.averageHighdim(s, method, tolerance, limit/parts)
	}
	err := a.chooseRule(&s.tensor, &s.contrasts, tolerance/a.by.sensitivity)
	if err == nil {
		err = s.tabulate(memory, &s.tensor, &s.lines)
	}
	short := err != nil && !errors.Is(err, descent.ErrSpent) || err == nil && a.by.sensitivity*s.tensor.Error > tolerance
	if short && a.watchful && a.sight == nil && a.hides(s) {
		s.highdim = &highdimRule{err: math.Inf(1)}
		return averages{}, descent.ErrHidden
	}
	if err != nil {
		return averages{}, err
	}
	a.work.Spend(s.tensor.Nodes(), len(a.weights))
	return a.averagesOf(memory, s.directions, s.walker.integrate(memory, &s.lines, meanSoftmax{}, a.cores)), nil
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
	a.work.Spend(logarithms*s.tensor.Nodes(), len(a.weights))
	return s.logPartition(&s.tensor, a.cores), s.tensor.Error + s.dropped
}
