package solver

import (
	"errors"
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// softmaxPoint is the softmax of a loss at a point, and the rule that averages it.
type softmaxPoint struct {
	contrasts
	rule   quadrature.Rule // where many is nil
	many   *manyRule
	lines  lines
	walker walker
	blind  blindness
	// exponents tells how the gradient moves with a relative error of the exponents, where components are visited.
	exponents float64
}

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

// measured makes the functionals of a measure where they will be needed.
func (a *anchored) measured(sensitivity float64, left, right []float64, functional func() *mat.Dense, norm func(g *mat.Dense) float64) measure {
	m := measure{sensitivity: sensitivity, draw: functional, norm: norm, left: left, right: right}
	if len(a.weights)-1 > quadrature.TensorDirections {
		m.complete()
	}
	return m
}

// complete makes functionals, if there are none.
func (m *measure) complete() {
	for len(m.functionals) < sketchWidth {
		m.functionals = append(m.functionals, m.draw())
	}
}

// coarse is the error allowed in the first steps of a descent, relative to the signal.
func (a *anchored) coarse() float64 {
	if len(a.weights)-1 > quadrature.TensorDirections {
		return coarseOfMany
	}
	return coarse
}

// averageAt states the softmax at M and averages it so that the error of the gradient
// is at most tolerance, or as small as the limits allow.
func (a *anchored) averageAt(s *softmaxPoint, memory *arena, m *mat.Dense, by measure, tolerance float64) (averages, error) {
	s.contrasts = a.softmaxAt(memory, m, tolerance/by.sensitivity)
	s.many, s.blind = nil, blindness{}
	method, _ := quadrature.Cheapest(s.spreads(memory, a.weights), tolerance)
	if a.sight != nil { // what is kept is gentle
		method = max(method, quadrature.SparseGrid)
	}
	if method != quadrature.TensorProduct {
		const parts = 3 // sketches, averages and the lattice that checks them
		limit, err := a.work.nodes(parts*mostScattered(len(a.weights)), len(a.weights))
		if err != nil {
			return averages{}, err
		}
		return a.averageMany(s, by, method, tolerance, limit/parts)
	}
	err := a.chooseRule(&s.rule, &s.contrasts, tolerance/by.sensitivity)
	if err == nil {
		err = s.tabulate(memory, &s.rule, &s.lines)
	}
	short := err != nil && !errors.Is(err, errSpent) || err == nil && by.sensitivity*s.rule.Error > tolerance
	if short && a.watchful && a.sight == nil && a.hides(s) {
		s.many = &manyRule{err: math.Inf(1)}
		return averages{}, errHidden
	}
	if err != nil {
		return averages{}, err
	}
	a.work.spend(s.rule.Nodes(), len(a.weights))
	return a.averagesOf(memory, s.directions, s.walker.integrate(memory, &s.lines, meanSoftmax{}, a.cores)), nil
}

// ruleError estimates the quadrature's error of the gradient.
func (s *softmaxPoint) ruleError(sensitivity float64) float64 {
	if s.many != nil {
		return s.many.err + s.blind.gradient + sensitivity*s.dropped
	}
	return sensitivity * (s.rule.Error + s.dropped)
}

// blur is by how much the gradient may jump between neighbouring points: tensor
// rules change smoothly, others adapt.
func (s *softmaxPoint) blur() float64 {
	if s.many != nil {
		return s.many.err
	}
	return 0
}

// byExponents bounds how a relative error of the exponents moves the gradient, as a product.
func (s *softmaxPoint) byExponents(sensitivity float64) (moves, size float64) {
	if s.many != nil && s.many.visited != nil {
		return s.exponents, 1
	}
	return sensitivity, s.largestExponent()
}

// magnification is by how much the rule magnifies rounding: ≥ 1.
func (s *softmaxPoint) magnification() float64 {
	if s.many != nil {
		return s.many.condition
	}
	return 1
}

// nodes returns the number of nodes of the rule.
func (s *softmaxPoint) nodes() int {
	if s.many != nil {
		return s.many.nodes()
	}
	return s.rule.Nodes()
}

// ruleName describes the rule.
func (s *softmaxPoint) ruleName() string {
	if s.many != nil {
		return s.many.String()
	}
	return s.rule.String()
}

// logarithms is what a node costs whose logarithms are averaged, beside one whose softmax is.
const logarithms = 2

// meanLogs returns the mean over x of log Σ_k exp(offset_k + slope_kᵀt) as seen from
// each component, and an estimate of its error; where the softmax varies in many
// directions each is the mean over all components instead, of the same weighted mean.
func (a *anchored) meanLogs(s *softmaxPoint, tolerance float64) (logs []float64, err float64) {
	if s.many != nil {
		return a.manyLogs(s, tolerance)
	}
	a.work.spend(logarithms*s.rule.Nodes(), len(a.weights))
	return s.logPartition(&s.rule, a.cores), s.rule.Error + s.dropped
}
