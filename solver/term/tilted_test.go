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
		bend, told := taylor(t, i, f, m, v, [2]float64{5e-2, 1e-2}, 1e-12)
		if !told {
			continue
		}
		informative++
		if curvature := f.traits.modulus * f.metric.Primal(v) * f.metric.Primal(v); bend < curvature*(1-1e-9) {
			t.Errorf("case %d: D²f[V,V] = %.6g is less than c⟨V², W⟩ = %.6g", i, bend, curvature)
		}
	}
	if informative < enough.Least(5) {
		t.Errorf("only %d cases told slopes apart", informative)
	}
}

// taylor compares f along M + hV, to a tolerance of the gradient, with its derivatives at M, where two steps, the longer first, tell the slopes apart, and returns D²f[V,V].
func taylor(t *testing.T, i int, f *Sum, m, v *mat.Dense, steps [2]float64, tolerance float64) (bend float64, told bool) {
	t.Helper()
	pt := f.evaluated(t, m, tolerance)
	here, noise := pt.Value()
	image, err := pt.Curvature(v)
	if err != nil {
		t.Fatal(err)
	}
	slope := dense.Inner(pt.iterate.Gradient, v)
	bend = dense.Inner(image, v)
	var odd, even [2]float64
	for j, h := range steps {
		above, upper := f.evaluated(t, shifted(m, h, v), tolerance).Value()
		below, lower := f.evaluated(t, shifted(m, -h, v), tolerance).Value()
		noise = max(noise, upper, lower)
		odd[j] = (above-below)/2 - h*slope
		even[j] = (above+below)/2 - here - h*h*bend/2
	}
	if min(math.Abs(odd[1]), math.Abs(even[1])) < 100*noise {
		return bend, false
	}
	ratio := math.Log(steps[0] / steps[1])
	if got := math.Log(math.Abs(odd[0]/odd[1])) / ratio; got < 2.5 {
		t.Errorf("case %d: without the gradient's term the loss's odd part falls as h^%.2f, want h³", i, got)
	}
	if got := math.Log(math.Abs(even[0]/even[1])) / ratio; got < 3.2 {
		t.Errorf("case %d: without the Hessian's term the loss's even part falls as h^%.2f, want h⁴", i, got)
	}
	return bend, true
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

// narrowPairs draws a mixture with own covariances in four or five dimensions, whose means span two.
func narrowPairs(t testing.TB, seed int) gmm.Pairs {
	t.Helper()
	d := 4 + seed%2
	p, err := gmm.NewPairs(generators.GeneralOf(2, 2, d, d).Example(seed), generators.Delta().Example(seed))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Where rules are along the directions of M only, derivatives are those of the loss, too: at M of rank two, along directions that raise the rank.
func TestNarrowDerivativesByTaylorSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 0))
	informative := 0
	for i := range enough.Cases(10) {
		f := inAll(t, narrowPairs(t, i))
		n := len(f.Law.Left.Second)
		m, v := ranked(rng, n, 2, 0.1), ranked(rng, n, 1, 0.3)
		if _, told := taylor(t, i, f, m, v, [2]float64{8e-2, 2e-2}, 1e-11); told {
			informative++
		}
	}
	if informative < enough.Least(3) {
		t.Errorf("only %d cases told slopes apart", informative)
	}
}

// ranked is a random symmetric n×n matrix of a rank.
func ranked(rng *rand.Rand, n, rank int, size float64) *mat.Dense {
	a := mat.NewDense(n, rank, nil)
	a.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, a)
	out := dense.Times(a, a.T())
	out.Scale(size/dense.Norm(out), out)
	return out
}

// Of a mixture in three dimensions, seen in four of which the last is noise, rules along the directions of M give what rules over all dimensions do.
func TestNarrowAgreesWithTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 0))
	ran := 0
	for i := range enough.Cases(10) {
		g := generators.GeneralOf(3, 3, 3, 3).Example(i)
		delta := generators.Delta().Example(i)
		three, err := gmm.NewPairs(g, delta)
		if err != nil {
			t.Fatal(err)
		}
		four, err := gmm.NewPairs(g.Embed(), delta)
		if err != nil {
			t.Fatal(err)
		}
		whole, narrow := inAll(t, three), inAll(t, four)
		var inverse mat.Dense
		if inverse.Inverse(whole.Law.Left.Means) != nil {
			continue // the means, three in three dimensions, tell how the coordinates of both lie to each other
		}
		turn := dense.Times(narrow.Law.Left.Means, &inverse)
		a := ranked(rng, 3, 1, 0.2)
		wide := dense.Times(turn, dense.Times(a, turn.T()))
		dense.Symmetrise(wide)
		one, two := whole.evaluated(t, a, 1e-10), narrow.evaluated(t, wide, 1e-10)
		lossOne, offOne := one.Value()
		lossTwo, offTwo := two.Value()
		ran++
		if math.Abs(lossOne-lossTwo) > offOne+offTwo+1e-10 {
			t.Errorf("case %d: the loss is %.12g, seen along M %.12g", i, lossOne, lossTwo)
		}
	}
	if ran < enough.Least(3) {
		t.Errorf("only %d cases ran", ran)
	}
}
