package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// RankBounds is what is known of the rank of M*, the minimiser over M ⪰ 0 of one modality.
type RankBounds struct {
	Least, Most int
	// Epsilon bounds ‖M̂ − M*‖_F, whitened, and Eigenvalues are those of M̂, descending. Rule says by which quadrature, or why nothing was bounded.
	Epsilon     float64
	Eigenvalues []float64
	Rule        string
}

// RankOf bounds the rank of M*, given a candidate for it in a frame of all d dimensions, until it is known whether it is at most a number. M* has as many positive eigenvalues as M̂ has beyond the
// distance; and at most d less as many as ∇f(M*) has, as ∇f(M*)M* = 0: those of ∇f(M̂) beyond its error and what ∇f moves by on the way. It is for losses of own covariances, and panics
// where Judge does.
func RankOf(l Loss, p gmm.Pairs, minimiser gmm.Form, most int) RankBounds {
	must(l.admits(p))
	d := p.Left.Dimension()
	r := RankBounds{Most: d, Epsilon: math.Inf(1)}
	at, err := see(l, p, minimiser, enclosure.NewBudget(1))
	if err != nil {
		r.Rule = l.unbounded(p, err)
		return r
	}
	c, size := at.onCone(), mat.Norm(at.m, 2)
	r.Eigenvalues, _ = dense.Eigen(at.m)
	slices.Reverse(r.Eigenvalues)
	rounding := float64(16*d) * dense.Roundoff
	for _, tolerance := range []float64{1e-5, 1e-7, 1e-9, 1e-11, 1e-13} {
		e, err := c.positive.bounded(tolerance * size)
		if err != nil {
			r.Rule = l.unbounded(p, err)
			return r
		}
		lipschitz, radius := l.ownTerm(c.positive, nil)
		distance := c.distance(e)
		r.Rule, r.Epsilon = e.Rule, distance+c.removed+at.formError*size
		r.Least = above(r.Eigenvalues, r.Epsilon+rounding*size)
		if distance < radius {
			rising, _ := dense.Eigen(e.Matrix)
			r.Most = d - above(rising, e.Err+lipschitz*distance+rounding*mat.Norm(e.Matrix, 2))
		}
		if r.Least > most || r.Most <= most {
			return r
		}
	}
	return r
}
