package enclosure

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// few is enough at so many points.
func few(e Gradient, _ float64) bool { return e.Err < 2e-3 }

// Gradients that random points estimate are within their errors of bounded ones, of dot products and of distances, and the errors say something.
func TestSampledOwnGradientsKeepTheirErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 0))
	compared, telling, curved := 0, 0, 0
	for i := range enough.Cases(24) {
		v, delta := randomOwn(t, generators.General().Example(i), i)
		dim := len(v.W)
		m := randomLowRank(rng, dim, min(dim, 1+rng.IntN(2)), 0.05).Matrix(dim)
		sum := own(v, m, delta)
		if i%3 == 2 {
			sum = ofDistances(v, randomPositive(rng, dim, min(dim, 1+rng.IntN(2)), 0.5*rng.Float64()), delta)
		}
		exact, err := sum.Plain().Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		e := sum.Plain().Sampled(0, uint64(i), nil, few)
		var off mat.Dense
		off.Sub(e.Matrix, exact.Matrix)
		compared++
		if got := mat.Norm(&off, 2); got > e.Err+exact.Err {
			t.Errorf("case %d: the gradient is off by %.3g, its error is said to be %.3g; %s", i, got, e.Err, e.Rule)
		} else if e.Err < 0.05*sum.Scale() {
			telling++
			if got > 1e-5 {
				curved++ // what a wrong control variate would show in
			}
		}
	}
	if compared < enough.Least(10) || telling < enough.Least(8) || curved < enough.Least(4) {
		t.Errorf("%d compared, of %d the error tells something, %d of them differ", compared, telling, curved)
	}
}

// What the averages of second moments are off by is taken out of those of a nearly flat softmax: few points are enough.
func TestSamplesOfFlatQuadraticSoftmaxes(t *testing.T) {
	for i := range 4 {
		v, delta := randomOwn(t, generators.GeneralOf(3, 4, 3, 3).Example(i), i)
		m := randomLowRank(rand.New(rand.NewPCG(33, uint64(i))), 3, 3, 1e-4).Matrix(3)
		e := own(v, m, delta).Sampled(0, 1, nil, func(Gradient, float64) bool { return true })
		if e.Err > 2e-8 {
			t.Errorf("case %d: 1024 points leave an error of %.2g", i, e.Err)
		}
	}
}

// In any number of directions the gradient of equal covariances is that of the softmax for a shared one, which other points estimate.
func TestSampledOwnGradientsOfEqualCovariances(t *testing.T) {
	for i := range enough.Cases(6) {
		v, delta := randomOwn(t, generators.SharedCovarianceOf(3, 6, 2, 5).Example(i).Apart(), i)
		dim := len(v.W)
		rng := rand.New(rand.NewPCG(32, uint64(i)))
		m := randomLowRank(rng, dim, dim, 0.03).Matrix(dim)
		got := own(v, m, delta).Sampled(0, 1, nil, few)
		want := Sum{Left: v.Mixture, Right: v.Mixture, Metric: whitened.Mean, Terms: []Term{NewLogPartition(v.Mixture, v.Mixture, m, delta, func() uint64 { return 3 })}}.Sampled(1e-6, 2, nil, few)
		var off mat.Dense
		off.Sub(got.Matrix, want.Matrix)
		if apart := mat.Norm(&off, 2); !(apart <= 3*(got.Err+want.Err)) || math.IsInf(got.Err, 1) {
			t.Errorf("case %d, %d dimensions: the gradients differ by %.3g, errors %.3g and %.3g", i, dim, apart, got.Err, want.Err)
		}
	}
}
