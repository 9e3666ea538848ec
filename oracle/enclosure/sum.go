// Package enclosure computes gradients of losses together with bounds of their errors: by trapezoidal rules whose errors are
// bounded a priori, or, in many directions, by randomised quasi-Monte Carlo with a standard error.
package enclosure

import (
	"math"
	"math/rand/v2"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Gradient is a gradient with its norm ‖·‖_d and a bound of its error in that norm, and the rule that gave them, in words.
type Gradient struct {
	Matrix    *mat.Dense
	Norm, Err float64
	Rule      string
	// Beside, of a least value over c, is by how much more than Err the matrix may be off the gradient of that: Err is that of the joint gradient in M and c, which bounds distances.
	Beside float64
}

// Term is a part of a loss beside a matrix M, anchors×partners. Its gradients lack the norm.
type Term interface {
	// Bounded returns the gradient with an error of at most about tolerance; ErrGrid where that needs too much work.
	Bounded(tolerance float64, work *Budget) (Gradient, error)
	// Sampled plans an estimate of the gradient by so many points, in which what is left out as unseen
	// changes no more than about negligible, or as its error says.
	Sampled(points int, negligible float64, work *Budget) Sampling
	// Scale is the size of the terms that the gradient is made of, beside which rounding is.
	Scale() float64
	// Steepest bounds ‖D²f[V]‖_d beside ‖V‖_F, at every matrix, or at least at those that rounding cannot tell from M.
	Steepest() float64
}

// Sum is a loss beside a matrix, left×right: terms of M, whose anchors are those of the left side, and of Mᵀ, whose anchors are
// those of the right. Where both sides are the same M is symmetric, and so is the gradient. ‖·‖_d is the dual norm of the metric.
type Sum struct {
	Left, Right       *whitened.Mixture
	Metric            whitened.Metric
	Terms, Transposed []Term
}

func (s Sum) all() []Term { return append(s.Terms[:len(s.Terms):len(s.Terms)], s.Transposed...) }

// total adds up the parts' gradients.
func (s Sum) total(parts []*mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	for i, g := range parts {
		switch {
		case i == 0:
			out.CloneFrom(g)
		case i < len(s.Terms):
			out.Add(out, g)
		default:
			out.Add(out, g.T())
		}
	}
	if s.Left == s.Right {
		return dense.Symmetric(out)
	}
	return out
}

// Norm is ‖G‖_d.
func (s Sum) Norm(g *mat.Dense) float64 { return s.Metric.DualNorm(s.Left, g, s.Right) }

// Bounded evaluates the gradient with an error of at most about tolerance; ErrGrid where that needs too much work.
func (s Sum) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	var e Gradient
	var parts []*mat.Dense
	terms := s.all()
	for _, t := range terms {
		g, err := t.Bounded(tolerance/float64(len(terms)), work)
		if err != nil {
			return Gradient{}, err
		}
		parts = append(parts, g.Matrix)
		e.Err += g.Err
		e.Beside += g.Beside
		switch e.Rule {
		case "":
			e.Rule = g.Rule
		case g.Rule:
		default:
			e.Rule += " and " + g.Rule
		}
	}
	e.Matrix = s.total(parts)
	e.Norm = s.Norm(e.Matrix)
	return e, nil
}

// Sampled estimates the gradient by random points: more are taken until the evaluation is enough, or no more are allowed.
// It is deterministic for a seed.
func (s Sum) Sampled(negligible float64, seed uint64, work *Budget, enough func(e Gradient, more float64) bool) Gradient {
	product := func(g, h *mat.Dense) float64 { return s.Metric.DualInner(s.Left, g, h, s.Right) }
	terms := s.all()
	return sampled(seed, work, enough, product, func(points int) Sampling {
		var plans []Sampling
		whole := Sampling{Most: math.MaxInt}
		for _, t := range terms {
			plan := t.Sampled(points, negligible/float64(len(terms)), work)
			plans = append(plans, plan)
			whole.Off += plan.Off
			whole.Each += plan.Each
			whole.Most = min(whole.Most, plan.Most/len(terms))
			whole.Seen += plan.Seen
		}
		whole.Replicate = func(points int, source rand.Source) *mat.Dense {
			var parts []*mat.Dense
			for _, plan := range plans {
				parts = append(parts, plan.Replicate(points, source))
			}
			return s.total(parts)
		}
		return whole
	})
}

// Plain is the sum with gradients measured in Frobenius norm.
func (s Sum) Plain() Sum {
	s.Metric = whitened.Flat
	return s
}

// Scale is the size of the terms that the gradient is made of.
func (s Sum) Scale() float64 {
	var sum float64
	for _, t := range s.all() {
		sum += t.Scale()
	}
	return sum
}

// Steepest bounds ‖D²f(M)[V]‖_d beside ‖V‖_F, at every M.
func (s Sum) Steepest() float64 {
	var sum float64
	for _, t := range s.all() {
		sum += t.Steepest()
	}
	return sum
}
