package term

import (
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/closed"

	"gonum.org/v1/gonum/mat"
)

// Quadratic is a term that is a quadratic in M.
type Quadratic = closed.Quadratic

// Spectral is the quadratic of the spectral loss.
func Spectral(l *Law) Term { return closedForm{closed.Spectral(l.closed())} }

// Agreement is the quadratic of the agreement loss, of one modality.
func Agreement(l *Law) Term { return closedForm{closed.Agreement(l.closed())} }

// DonskerVaradhan is the loss of Donsker and Varadhan's bound, of one modality.
func DonskerVaradhan(l *Law) Term {
	return closedForm{closed.DonskerVaradhan(l.closed(), l.LogWeights)}
}

func (l *Law) closed() closed.Law {
	return closed.Law{Weights: l.Weights, Delta: l.Delta, Left: l.Left.closed(), Right: l.Right.closed()}
}

func (s *Side) closed() closed.Side {
	return closed.Side{Means: s.Means, Error: s.Error, Roots: s.Roots, Modulus: s.Modulus}
}

// SpectralOf is the spectral loss at M = 1 of sides in r dimensions, and an estimate of its rounding error.
func SpectralOf(weights []float64, delta float64, left, right Projected) (value, err float64) {
	value, size := closed.SpectralOf(weights, delta, left.seen(), right.seen())
	return value, max(left.rounding(len(weights)), right.rounding(len(weights))) * size
}

// AgreementOf is the agreement loss at M = 1 of a side in r dimensions, and an estimate of its rounding error.
func AgreementOf(weights []float64, delta float64, side Projected) (value, err float64) {
	value, size := closed.AgreementOf(weights, delta, side.seen())
	return value, side.rounding(len(weights)) * size
}

// DonskerVaradhanOf is the loss of Donsker and Varadhan's bound at M = 1 of a side in r dimensions, +Inf where that is, and an estimate of its
// rounding error.
func DonskerVaradhanOf(weights, logWeights []float64, delta float64, side Projected) (value, err float64) {
	value, size := closed.DonskerVaradhanOf(weights, logWeights, delta, side.seen())
	return value, side.rounding(len(weights)) * size
}

func (p Projected) seen() closed.Seen {
	return closed.Seen{Means: p.Means, Covariance: p.Covariance, Own: p.Own}
}

// rounding is the relative error of sums over the dimensions and so many components.
func (p Projected) rounding(components int) float64 {
	r, _ := p.Means.Dims()
	return float64(8*(p.Dimension+r+components)) * unitRoundoff
}

// closedForm is a term that needs no quadrature.
type closedForm struct{ closed.Function }

func (t closedForm) traits() traits {
	own := t.Traits()
	return traits{modulus: own.Metric.Modulus, metric: &own.Metric, pull: own.Pull, relative: own.Relative}
}

func (t closedForm) measuredBy(func(g *mat.Dense) float64, func() *mat.Dense) {}

func (t closedForm) contains(m *mat.Dense) bool { return t.Contains(m) }

func (t closedForm) evaluation(evaluation) evaluation { return &closedAt{of: t.Function} }

// closedAt is a term that needs no quadrature at one M.
type closedAt struct {
	of closed.Function
	closed.Point
}

func (e *closedAt) average(_ *dense.Arena, m *mat.Dense, _ float64) (*mat.Dense, error) {
	var err error
	if e.Point, err = e.of.At(m); err != nil {
		return nil, err
	}
	return e.Gradient(), nil
}

func (e *closedAt) accuracy() accuracy {
	err, moved := e.Errors()
	return accuracy{err: err, moved: moved}
}

func (e *closedAt) value(float64) (value, err, size float64) {
	value, size = e.Value()
	return value, 0, size
}

// modulus is that at M.
func (e *closedAt) modulus(descent.Metric, float64) float64 { return e.Modulus() }

func (e *closedAt) hessian(float64) (descent.Operator, error) { return e, nil }

func (e *closedAt) rule() string { return "closed form" }
