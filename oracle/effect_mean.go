package oracle

import (
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// judgeOnlyTheMean decides OnlyTheMean where Col(A*) is certainly not all of S_F. dropped is the norm of what M̂ has beside the directions, claimed the distance to M* that its
// finder claims.
//
// Let P̂ be the projector on the directions found, λ the least of their eigenvalues, and b ≥ ‖M̂ − M*‖. A unit vector v = M̂u of them has ‖u‖ ≤ 1/λ, and M*u
// lies in the range of M*, so that v is within θ = b/λ of it. Hence the projector P* on that range has ‖P*y‖ ≥ ‖P̂y‖ − θ‖y‖ for every y:
// shares of distances fall by θ at most, and so does the least singular value of P̂ on the span of the differences, the least share of all their directions.
// An error e of y takes another 2e/‖y‖.
func (at *point) judgeOnlyTheMean(e *Effect, m *gmm.Mixture, directions *mat.Dense, sizes []float64, dropped, claimed float64) {
	if e.Differences == 0 {
		e.OnlyTheMean, e.Grade = true, Bounded // there are no differences
		return
	}
	dim, _ := at.m.Dims()
	rounding := float64(16*(dim+1)) * dense.Roundoff
	allowed := 0.0
	if e.Differences > 1 {
		least, off := at.leastKept(e.Differences, directions)
		e.least = least + off
		allowed = least - off - whole - rounding
	} else if len(sizes) > 0 {
		e.least = e.Pairs[0].Share() // differences are parallel: the share of one is that of all
		allowed = 1
	}
	for _, pair := range e.Pairs {
		switch {
		case pair.Mahalanobis > 0:
			allowed = min(allowed, pair.Share()-whole-2*pair.Error/pair.Mahalanobis-rounding)
		case !equalMeans(m, pair):
			return // too near for float64
		}
	}
	if !(allowed > 0) {
		return
	}
	smallest, c := sizes[len(sizes)-1], at.onCone()
	size := mat.Norm(at.m, 2)
	beside := c.removed + dropped + (at.formError+rounding)*size
	decide := func(g enclosure.Gradient, claimed float64) bool {
		e.OnlyTheMean = c.distance(g)+claimed+beside < allowed*smallest
		return e.OnlyTheMean
	}
	for tolerance := allowed * smallest / 2; ; tolerance /= 64 {
		g, err := c.positive.bounded(tolerance)
		if err != nil {
			// Two methods must agree, as for equality: what random points may not see is in the distance that is claimed.
			decide(c.positive.sampled(tolerance/unnoticed, enclosure.Within(tolerance)), claimed)
			return
		}
		if decide(g, 0) {
			e.Grade = Bounded
			return
		}
		if tolerance <= finest*at.sum.Scale() {
			return
		}
	}
}

// equalMeans tells whether the means of a pair are the same vector.
func equalMeans(m *gmm.Mixture, p PairEffect) bool {
	means := m.Exact().Means
	return slices.EqualFunc(means[p.First], means[p.Second], func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
}

// leastKept is the least singular value of P̂ on the centred Fisher subspace of so many dimensions, and a bound of its error: 0 where the differences lose a dimension.
func (at *point) leastKept(differences int, directions *mat.Dense) (value, err float64) {
	if directions == nil {
		return 0, 0
	}
	if _, rank := directions.Dims(); rank < differences {
		return 0, 0
	}
	space := subspace.CentredIn(at.left, differences)
	var inside mat.Dense
	inside.Mul(directions.T(), space.Basis)
	values := dense.SingularValues(&inside)
	return values[len(values)-1], space.Error
}
