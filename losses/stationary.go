package losses

import (
	"fmt"
	"math"

	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// Stationary is what is known of a loss of representations that is not convex in M = AAᵀ, as with cosine scores or hidden layers. No gradient certifies a minimum there: what was
// found is the best stationary point of a search, and containment can be refuted by two values of the loss alone, one of a representation that sees more than the
// subspace, and a lower bound of all that do not.
type Stationary struct {
	// Best is the best stationary point that was found. Inside is the best among representations that see no more than the Fisher subspace.
	Best, Inside Found
	// AtMost is an upper bound of the loss of Best or of another representation that sees more than the subspace, and AtLeast a lower bound of the loss of every one that does not;
	// NaN where there is none. Grade is what both rest on.
	AtMost, AtLeast float64
	Grade           oracle.Grade
	// By says how both were bounded, or why they were not.
	By string
	// Everything tells that the subspace is everything that representations see, so that containment is no question.
	Everything bool
}

// Found is a stationary point.
type Found struct {
	// A is that of x ↦ Aᵀx, d×r in original coordinates; nil of other maps.
	A *mat.Dense
	// Loss is known to ±LossError, an estimate.
	Loss, LossError float64
	// Bias is the b of a loss that has one, the best where it is free; else NaN.
	Bias float64
	// GradientNorm is the norm of the gradient and LeastCurvature the least eigenvalue of the Hessian off the symmetries of the loss, known to ±CurvatureError, over the
	// parameters of the search: one that is clearly negative is a saddle's.
	GradientNorm, LeastCurvature, CurvatureError float64
	// Starts is how many descents there were, of which Reached led to it; 0 of a closed form.
	Starts, Reached int
	// Rule is the quadrature, and Points its nodes; "" of a closed form.
	Rule   string
	Points int
}

// Containment is Refuted where two values of the loss refute it: AtMost < AtLeast. It is Holds where the subspace is everything, else Undecided.
func (s Stationary) Containment() oracle.Verdict {
	switch {
	case s.Everything:
		return oracle.Holds
	case s.AtMost < s.AtLeast:
		return oracle.Refuted
	}
	return oracle.Undecided
}

// Reason says in words why containment is what it is; space is how the subspace is written.
func (s Stationary) Reason(space string) string {
	gain := s.Inside.Loss - s.Best.Loss
	switch {
	case s.Everything:
		return space + " is everything"
	case s.Containment() == oracle.Refuted:
		return fmt.Sprintf("outside a loss of at most %.10g, inside at least %.10g", s.AtMost, s.AtLeast)
	case math.IsNaN(gain):
		return "there is nothing to compare with"
	case gain > s.Inside.LossError+s.Best.LossError:
		return fmt.Sprintf("the best found outside is lower by %.3g than the best found inside, which is not bounded", gain)
	}
	return "nothing was found outside that is lower than the best found inside, which does not tell that there is none"
}

// Curved says in words what the second-order condition tells of the point.
func (f Found) Curved() string {
	switch noise := 10 * f.CurvatureError; {
	case f.GradientNorm > nearlyStationary:
		return "the search ended before the point was stationary"
	case f.LeastCurvature > noise:
		return "a local minimum, as far as derivatives tell"
	case f.LeastCurvature < -noise:
		return "a saddle"
	}
	return "flat along a direction, as far as derivatives tell"
}

// nearlyStationary is the gradient norm up to which a point counts as stationary.
const nearlyStationary = 1e-6
