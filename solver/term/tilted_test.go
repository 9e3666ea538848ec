package term

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// generalPairs draws a mixture with own covariances and δ; every third is tilted.
func generalPairs(t testing.TB, seed int) gmm.Pairs {
	t.Helper()
	g := generators.General()
	if seed%3 == 0 {
		g = generators.Tilted()
	}
	p, err := gmm.NewPairs(g.Example(seed), generators.Delta().Example(seed))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Taylor's theorem: the odd part of h ↦ f(M+hV) less h⟨∇f,V⟩ falls as h³, the even part less
// f(M) + ½h²D²f[V,V] as h⁴; wrong terms would fall as h and h².
func TestGeneralDerivativesByTaylorSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	informative := 0
	for i := range enough.Cases(15) {
		f := inAll(t, generalPairs(t, i))
		n := len(f.Law.Left.Second)
		m, v := randomSymmetric(rng, n, 0.1), randomSymmetric(rng, n, 0.5)
		pt := f.evaluated(t, m, 1e-12)
		here, noise := pt.Value()
		image, err := pt.Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		slope, bend := dense.Inner(pt.iterate.Gradient, v), dense.Inner(image, v)
		var odd, even [2]float64
		for j, h := range [2]float64{5e-2, 1e-2} {
			above, upper := f.evaluated(t, shifted(m, h, v), 1e-12).Value()
			below, lower := f.evaluated(t, shifted(m, -h, v), 1e-12).Value()
			noise = max(noise, upper, lower)
			odd[j] = (above-below)/2 - h*slope
			even[j] = (above+below)/2 - here - h*h*bend/2
		}
		if min(math.Abs(odd[1]), math.Abs(even[1])) < 100*noise {
			continue
		}
		informative++
		if got := math.Log(math.Abs(odd[0]/odd[1])) / math.Log(5); got < 2.5 {
			t.Errorf("case %d: without the gradient's term the loss's odd part falls as h^%.2f, want h³", i, got)
		}
		if got := math.Log(math.Abs(even[0]/even[1])) / math.Log(5); got < 3.2 {
			t.Errorf("case %d: without the Hessian's term the loss's even part falls as h^%.2f, want h⁴", i, got)
		}
		if curvature := f.traits.modulus * f.metric.Primal(v) * f.metric.Primal(v); bend < curvature*(1-1e-9) {
			t.Errorf("case %d: D²f[V,V] = %.6g is less than c⟨V², W⟩ = %.6g", i, bend, curvature)
		}
	}
	if informative < enough.Least(5) {
		t.Errorf("only %d cases told slopes apart", informative)
	}
}

// The estimated error of a gradient, and of the loss, is one of its true error, by a
// rule of far more points.
func TestGeneralErrorEstimateIsHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	coarse := 0
	for i := range enough.Cases(45) {
		f := inAll(t, generalPairs(t, i))
		n := len(f.Law.Left.Second)
		m := randomSymmetric(rng, n, 0.4/float64(n*n))
		whole := f.terms[0].(*tilted)
		exact := whole.average(whole.sections(m), m, tensor([]int{400, 160, 60}[n-1], n))
		for _, tolerance := range []float64{1e-2, 1e-5, 1e-9} {
			pt := new(Point)
			if f.At(pt, m, tolerance) != nil {
				continue
			}
			var off mat.Dense
			off.Sub(pt.iterate.Gradient, exact.gradient)
			if pt.parts[0].accuracy().err > 1e-9 {
				coarse++
			}
			if got := f.metric.Dual(&off); got > pt.iterate.Err {
				t.Errorf("case %d: the gradient is off by %.2g, its estimate is %.2g", i, got, pt.iterate.Err)
			}
			loss, lossError := pt.Value()
			if got := math.Abs(loss - exact.loss); got > lossError+1e-13 {
				t.Errorf("case %d: the loss is off by %.2g, its estimate is %.2g", i, got, lossError)
			}
		}
	}
	if coarse < enough.Least(10) {
		t.Errorf("only %d evaluations had an error to speak of", coarse)
	}
}
