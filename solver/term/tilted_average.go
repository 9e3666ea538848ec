package term

import (
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// tensorRule is a rule of as many directions as a section has.
type tensorRule = quadrature.Rule

// tiltedAverage is the gradient and the value of a tilted log-partition by one rule.
type tiltedAverage struct {
	tensor    quadrature.Rule
	gradient  *mat.Dense
	loss      float64
	terms     float64 // E |x| max|y| (1 + max|φ|), the size of the gradient's terms
	lossTerms float64 // the size of the loss's terms

	ruleError, lossRuleError float64 // estimates, of the gradient and the loss
}

// average evaluates f and ∇f at M by a rule: E[x E[y|x]ᵀ] = Σ_j w_j Z_j Σ_k E_j[p_k zzᵀ] Y_kᵀ.
func (f *tilted) average(sections []*section, m *mat.Dense, rule quadrature.Rule) *tiltedAverage {
	parts := make([]*tiltedAverage, len(sections))
	dense.InChunks(len(sections), f.Cores, func(_, j int) { parts[j] = sections[j].average(&rule) })
	a := &tiltedAverage{tensor: rule, gradient: mat.NewDense(f.target.RawMatrix().Rows, f.target.RawMatrix().Cols, nil)}
	for j, w := range f.Weights {
		dense.AddScaled(a.gradient, w, parts[j].gradient)
		a.loss += w * parts[j].loss
		a.terms += w * parts[j].terms
		a.lossTerms += w * parts[j].lossTerms
	}
	if f.Symmetric() {
		dense.Symmetrise(a.gradient)
	}
	a.gradient.Sub(a.gradient, f.target)
	pull := dense.Inner(m, f.target)
	a.loss -= pull
	a.lossTerms += math.Abs(pull)
	return a
}

// average is E_j[x E[y|x]ᵀ], E_j log Σ_k exp φ_k and the sizes of their terms.
func (s *section) average(rule *tensorRule) *tiltedAverage {
	_, width := s.points.Dims()
	moments := make([]*mat.Dense, len(s.forms)) // E_j[p_k zzᵀ]
	for k := range moments {
		moments[k] = mat.NewDense(width, width, nil)
	}
	a := new(tiltedAverage)
	s.visit(rule, func(weight float64, v *node) {
		for k, p := range v.p {
			dense.AddOuter(moments[k], weight*p, v.z, v.z)
		}
		a.loss += weight * v.log
		a.lossTerms += weight * v.size
		a.terms += weight * v.size * s.length(v.z)
	})
	n, _ := s.centres[0].Dims()
	inner := mat.NewDense(width, n, nil)
	for k, moment := range moments {
		dense.AddScaled(inner, 1, dense.Times(moment, s.centres[k].T()))
	}
	a.gradient = dense.Times(s.points, inner)
	return a
}
