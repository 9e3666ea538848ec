package term

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// distancesInAll states InfoNCE of distances in all coordinates.
func distancesInAll(t testing.TB, p gmm.Pairs) *Sum {
	t.Helper()
	w, err := p.WhitenFull()
	law := stated(t, p, w, err).Law
	return NewSum(law, Distance(law))
}

// Derivatives are those of the loss, by Taylor's theorem: where rules are over all dimensions, and where they are along the directions of M only, at M of rank two and
// along directions that raise the rank. The curvature is at least what the modulus says.
func TestDistanceDerivativesOfOwnCovariancesByTaylorSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 0))
	informative := [2]int{}
	for i := range enough.Cases(24) {
		narrow := i % 2
		p, rank := generalPairs(t, i), 3
		if narrow == 1 {
			p, rank = narrowPairs(t, i/2), 2
		}
		f := distancesInAll(t, p)
		n := len(f.Law.Left.Second)
		m, v := ranked(rng, n, min(n, rank), 0.4), ranked(rng, n, 1, 0.3)
		if narrow == 0 && i%4 == 0 {
			m = randomSymmetric(rng, n, 0.1) // of either sign
			for !f.Contains(shifted(m, 4, m)) {
				m.Scale(0.5, m)
			}
		}
		bend, told := taylor(t, i, f, m, v, [2]float64{8e-2, 2e-2}, 1e-11)
		e := f.evaluated(t, m, 1e-11).parts[0].(*tiltedDistanceAt)
		if least := e.modulus(f.metric, 0) * dense.Inner(v, v); bend < least*(1-1e-9) {
			t.Errorf("case %d: D²f[V,V] = %.6g is less than ‖V‖²/2a² = %.6g", i, bend, least)
		}
		if told {
			informative[narrow]++
		}
	}
	if min(informative[0], informative[1]) < enough.Least(3) {
		t.Errorf("only %v cases told slopes apart", informative)
	}
}

// Of covariances that are all equal, loss and gradient are those of a shared one, which other code computes.
func TestDistancesOfEqualCovariancesAreThoseOfASharedOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 0))
	for i := range enough.Cases(10) {
		p, err := gmm.NewPairs(generators.SharedCovariance().Example(i), generators.Delta().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		if p.Left.Dimension() > MostWholeDimensions || p.Left.Coincident() {
			continue
		}
		shared, own := distancesInAll(t, p), distancesInAll(t, p.Apart())
		n := len(shared.Law.Left.Second)
		m := ranked(rng, n, n, 0.3)
		one, two := shared.evaluated(t, m, 1e-10), own.evaluated(t, m, 1e-10)
		lossOne, offOne := one.Value()
		lossTwo, offTwo := two.Value()
		if math.Abs(lossOne-lossTwo) > offOne+offTwo+1e-12 {
			t.Errorf("case %d: the loss is %.14g and, of own covariances, %.14g", i, lossOne, lossTwo)
		}
		var apart mat.Dense
		apart.Sub(one.iterate.Gradient, two.iterate.Gradient)
		if got := dense.Norm(&apart); got > one.iterate.Err+two.iterate.Err+1e-12 {
			t.Errorf("case %d: the gradients differ by %.2g", i, got)
		}
	}
}
