package oracle

import (
	"fmt"
	"math"
	"strings"

	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// judgeEquality compares λ_min(M̂_u|S) with the distance of M̂_u from M_u, first
// plainly, then weighted by W^¼, and refines the gradient's error until the
// comparison is decided or refinement can no longer help. Where only a sampled gradient
// is in reach, it accepts the claimed distance if the two agree, and compares with the
// larger of the claim and the sampled norm, and the sampling's error added.
func (at *point) judgeEquality(f *Findings, s subspace.Subspace, claimed float64) {
	f.Spectrum = restrictedEigenvalues(at.m, s.Basis)
	side, c := &f.Sides[0], &f.Evidence
	side.Margin = f.Spectrum[0]
	margin, weightedMargin := side.Margin, restrictedEigenvalues(at.weighted, s.Basis)[0]
	rounding := slack(at.m, s) + at.formError*mat.Norm(at.m, 2)
	weightedSlack, least := slack(at.weighted, s), at.least()
	decide := func(e enclosure.Gradient) bool {
		c.Rule = e.Rule
		plain, weighted := at.distances(e.Norm + e.Err)
		c.Epsilon = plain + rounding
		if !(plain < math.Inf(1)) {
			c.Epsilon, c.Rule = math.Inf(1), tooFlat(e)
			return false
		}
		if side.Equality = compare(margin, c.Epsilon); side.Equality != Undecided {
			return true
		}
		if at.loss.metric.Power == 0 {
			return false // nothing is weighed
		}
		if side.Equality = compare(weightedMargin, weighted+weightedSlack); side.Equality != Undecided {
			c.Weighted, c.WeightedMargin, c.WeightedEpsilon = true, weightedMargin, weighted+weightedSlack
			return true
		}
		return false
	}
	_, err := at.refine(math.Abs(margin)*least/8, decide)
	if err == nil {
		c.Grade = Bounded
		return
	}
	c.Grade = Estimated
	largest := max(math.Abs(margin)*least, math.Abs(weightedMargin))
	at.sampled(largest/unnoticed, func(e enclosure.Gradient, _ float64) bool {
		if math.IsInf(e.Err, 1) { // the loss is not one to sample
			c.Rule = "none: " + strings.TrimPrefix(err.Error(), "oracle: ")
			return true
		}
		if !(e.Norm <= claimed+e.Err) {
			c.Rule = e.Rule + " contradicts the claimed distance bound"
			plain, _ := at.distances(e.Norm + e.Err)
			c.Epsilon = plain + rounding
			return true
		}
		e.Norm = max(e.Norm, claimed)
		return decide(e) || claimed >= largest
	})
}

// tooFlat is the rule where a gradient bounds no distance, for want of convexity there.
func tooFlat(e enclosure.Gradient) string {
	const flat = "none: where the solver ended, the loss is so flat that "
	if size := e.Norm + e.Err; size < math.Inf(1) {
		return flat + fmt.Sprintf("a gradient of up to %.2g bounds no distance to its minimiser", size)
	}
	return flat + "nothing bounds the distance to its minimiser"
}

// unnoticed is the part of a margin that may be lost to what is left out as unseen.
const unnoticed = 16

// finest is the relative error beyond which float64 gains nothing.
const finest = 1e-15

// refine evaluates the bounded gradient with ever smaller tolerances, from
// first on, until done says so or the gradient itself, or rounding, is what
// keeps it from being done. It fails where even the first is out of reach.
func (at *point) refine(first float64, done func(enclosure.Gradient) bool) (enclosure.Gradient, error) {
	floor := finest * at.sum.Scale()
	tolerance := min(max(first, floor), coarsestGradient)
	e, err := at.bounded(tolerance)
	for err == nil && !done(e) && tolerance > floor && e.Norm <= 4*e.Err {
		tolerance = max(tolerance/64, floor)
		finer, beyond := at.bounded(tolerance)
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

// restrictedEigenvalues returns the eigenvalues of BᵀMB, ascending.
func restrictedEigenvalues(m, basis *mat.Dense) []float64 {
	values, _ := dense.Eigen(dense.Congruent(m, basis))
	return values
}

// slack bounds what rounding, and the error of the basis, change in an
// eigenvalue of m on the space.
func slack(m *mat.Dense, s subspace.Subspace) float64 {
	dim, _ := m.Dims()
	return (float64(16*dim)*dense.Roundoff + 2*s.Error) * mat.Norm(m, 2)
}
