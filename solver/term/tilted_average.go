package term

import (
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// tiltedAverage is the gradient and the value of a term of own covariances by one rule.
type tiltedAverage struct {
	tensor    ownRule
	gradient  *mat.Dense
	loss      float64
	terms     float64 // E[the size of the gradient's terms times (1 + max|φ|)]
	lossTerms float64 // the size of the loss's terms

	ruleError, lossRuleError float64 // estimates, of the gradient and the loss
}

// blur is by how much the gradient jumps where a sparse grid adapts.
func (a *tiltedAverage) blur() float64 {
	if a.tensor.scattered == nil || a.tensor.scattered.weights == nil {
		return 0
	}
	return a.ruleError
}

// sum averages over sections by a rule: Σ_j w_j E_j log Σ_k exp φ_k, and of the gradient what part makes of E_j[p_k zzᵀ], K matrices, for each component.
func (l *ownLaw) sum(sections []*section, rule ownRule, part func(j int, moments []*mat.Dense) *mat.Dense) *tiltedAverage {
	parts := make([]*tiltedAverage, len(sections))
	dense.InChunks(len(sections), l.Cores, func(_, j int) {
		a := new(tiltedAverage)
		a.gradient = part(j, sections[j].average(&rule, a))
		parts[j] = a
	})
	rows, columns := parts[0].gradient.Dims()
	a := &tiltedAverage{tensor: rule, gradient: mat.NewDense(rows, columns, nil)}
	for j, w := range l.Weights {
		dense.AddScaled(a.gradient, w, parts[j].gradient)
		a.loss += w * parts[j].loss
		a.terms += w * parts[j].terms
		a.lossTerms += w * parts[j].lossTerms
	}
	return a
}

// average returns E_j[p_k zzᵀ], and writes E_j log Σ_k exp φ_k and the sizes of terms.
func (s *section) average(rule *ownRule, a *tiltedAverage) []*mat.Dense {
	sums := make([][]float64, len(s.forms))
	for k := range sums {
		sums[k] = make([]float64, s.pairs.count())
	}
	s.visit(rule, func(weight float64, v *node) {
		for k, p := range v.p {
			dense.AddTo(sums[k], weight*p, v.pairs)
		}
		a.loss += weight * v.log
		a.lossTerms += weight * v.size
		a.terms += weight * v.size * s.lengthAt(v)
	})
	moments := make([]*mat.Dense, len(sums))
	for k, sum := range sums {
		moments[k] = s.pairs.matrix(sum)
	}
	return moments
}
