package oracle

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// judgeEquality compares λ_min(M̂_u|S) with the distance of M̂_u from M_u, first
// plainly, then weighted by W^¼, and refines the gradient's error until the
// comparison is decided or refinement can no longer help. Where only a sampled gradient
// is in reach, it accepts the claimed distance if the two agree, and compares with the
// larger of the claim and the sampled norm, and the sampling's error added.
func (v *view) judgeEquality(f *Findings, m *mat.Dense, s space, claimed float64) {
	weighted := v.weighted(m)
	f.Eigenvalues = restrictedEigenvalues(m, s.basis)
	margin, weightedMargin := f.Eigenvalues[0], restrictedEigenvalues(weighted, s.basis)[0]
	slack := v.slack(m, s) + v.formError*mat.Norm(m, 2)
	weightedSlack := v.slack(weighted, s)
	c := &f.Certificate
	decide := func(e evaluation) bool {
		c.Rule = e.rule
		bound := (e.norm + e.err) * (1 + 4*v.meanError) // W is known to that only
		c.Epsilon = bound/v.least() + slack
		if f.Equality = compare(margin, c.Epsilon); f.Equality != Undecided {
			return true
		}
		if f.Equality = compare(weightedMargin, bound+weightedSlack); f.Equality != Undecided {
			c.Weighted, c.WeightedMargin, c.WeightedEpsilon = true, weightedMargin, bound+weightedSlack
			return true
		}
		return false
	}
	if _, err := v.refine(m, math.Abs(margin)*v.least()/8, decide); err == nil {
		c.Grade = Bounded
		return
	}
	c.Grade = Estimated
	hopeless := claimed >= max(math.Abs(margin)*v.least(), math.Abs(weightedMargin))
	negligible := max(math.Abs(margin)*v.least(), math.Abs(weightedMargin)) / unnoticed
	v.sampledGradient(m, negligible, func(e evaluation, _ float64) bool {
		if !(e.norm <= claimed+e.err) {
			c.Rule = e.rule + " contradicts the claimed distance bound"
			c.Epsilon = (e.norm+e.err)/v.least() + slack
			return true
		}
		e.norm = max(e.norm, claimed)
		return decide(e) || hopeless
	})
}

// unnoticed is the part of a margin that may be lost to what is left out as unseen.
const unnoticed = 16

// finest is the relative error beyond which float64 gains nothing.
const finest = 1e-15

// scale is the size of the gradient's terms, Σ_j w_j reach_j (|μ_j|_* + 1).
func (v *view) scale() float64 {
	length, reach := v.lengths()
	var sum float64
	for j, w := range v.weights {
		sum += w * reach[j] * (length[j] + 1)
	}
	return sum
}

// refine evaluates the bounded gradient with ever smaller tolerances, from
// first on, until done says so or the gradient itself, or rounding, is what
// keeps it from being done. It fails where even the first is out of reach.
func (v *view) refine(m *mat.Dense, first float64, done func(evaluation) bool) (evaluation, error) {
	floor := finest * v.scale()
	tolerance := min(max(first, floor), coarsestGradient)
	e, err := v.boundedGradient(m, tolerance, costliest)
	for err == nil && !done(e) && tolerance > floor && e.norm <= 4*e.err {
		tolerance = max(tolerance/64, floor)
		finer, beyond := v.boundedGradient(m, tolerance, costliest)
		if beyond != nil {
			break // the last bound stands
		}
		e = finer
	}
	return e, err
}

// coarsestGradient is the first tolerance where the verdict would allow a
// coarser one; the rule costs next to nothing there.
const coarsestGradient = 1e-2

// compare is the verdict on x > 0 for a value known to within epsilon.
func compare(x, epsilon float64) Verdict {
	switch {
	case x > epsilon:
		return Holds
	case x < -epsilon:
		return Refuted
	}
	return Undecided
}

// weighted returns W^¼ M W^¼.
func (v *view) weighted(m *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(m)
	out.Apply(func(i, j int, x float64) float64 { return x * math.Pow(v.w[i]*v.w[j], 0.25) }, out)
	return out
}

// restrictedEigenvalues returns the eigenvalues of BᵀMB, ascending.
func restrictedEigenvalues(m, basis *mat.Dense) []float64 {
	var half, inside mat.Dense
	half.Mul(m, basis)
	inside.Mul(basis.T(), &half)
	values, _ := eigen(&inside)
	return values
}
