package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"

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

func whitenedGeneral(t testing.TB, p gmm.Pairs) (*general, *mat.Dense, gmm.Whitened) {
	t.Helper()
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	f, rotation := newGeneral(p, w)
	return f, rotation, w
}

func generalAt(t testing.TB, f *general, m *mat.Dense, tolerance float64) *generalPoint {
	t.Helper()
	pt, err := f.at(m, tolerance)
	if err != nil {
		t.Fatal(err)
	}
	return pt
}

// Taylor's theorem: the odd part of h ↦ f(M+hV) less h⟨∇f,V⟩ falls as h³, the even part less
// f(M) + ½h²D²f[V,V] as h⁴; wrong terms would fall as h and h².
func TestGeneralDerivativesByTaylorSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	informative := 0
	for i := range cases(15) {
		f, _, _ := whitenedGeneral(t, generalPairs(t, i))
		n := len(f.second)
		m, v := randomSymmetric(rng, n, 0.1), randomSymmetric(rng, n, 0.5)
		pt := generalAt(t, f, m, 1e-12)
		image := mat.NewDense(n, n, nil)
		pt.hessian().apply(image, v)
		slope, bend := inner(pt.gradient, v), inner(image, v)
		var odd, even [2]float64
		noise := pt.lossError
		for j, h := range [2]float64{5e-2, 1e-2} {
			above, below := generalAt(t, f, shifted(m, h, v), 1e-12), generalAt(t, f, shifted(m, -h, v), 1e-12)
			noise = max(noise, above.lossError, below.lossError)
			odd[j] = (above.loss-below.loss)/2 - h*slope
			even[j] = (above.loss+below.loss)/2 - pt.loss - h*h*bend/2
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
		if curvature := f.modulus * f.primalNorm(v) * f.primalNorm(v); bend < curvature*(1-1e-9) {
			t.Errorf("case %d: D²f[V,V] = %.6g is less than c⟨V², W⟩ = %.6g", i, bend, curvature)
		}
	}
	if informative < cases(5) {
		t.Errorf("only %d cases told slopes apart", informative)
	}
}

// The estimated error of a gradient, and of the loss, is one of its true error, by a
// rule of far more points.
func TestGeneralErrorEstimateIsHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	coarse := 0
	for i := range cases(45) {
		f, _, _ := whitenedGeneral(t, generalPairs(t, i))
		n := len(f.second)
		m := randomSymmetric(rng, n, 0.4/float64(n*n))
		exact := f.average(m, tensor([]int{400, 160, 60}[n-1], n))
		for _, tolerance := range []float64{1e-2, 1e-5, 1e-9} {
			pt, err := f.at(m, tolerance)
			if err != nil {
				continue
			}
			var off mat.Dense
			off.Sub(pt.gradient, exact.gradient)
			if pt.ruleError > 1e-9 {
				coarse++
			}
			if got := f.dualNorm(&off); got > pt.err {
				t.Errorf("case %d: the gradient is off by %.2g, its estimate is %.2g", i, got, pt.err)
			}
			if got := math.Abs(pt.loss - exact.loss); got > pt.lossError+1e-13 {
				t.Errorf("case %d: the loss is off by %.2g, its estimate is %.2g", i, got, pt.lossError)
			}
		}
	}
	if coarse < cases(10) {
		t.Errorf("only %d evaluations had an error to speak of", coarse)
	}
}

// f is the InfoNCE loss of the definition, by sampled pairs and negatives.
func TestGeneralLossAgainstTheDefinition(t *testing.T) {
	const anchors, negatives, improbable = 2000, 200, 5
	rng := rand.New(rand.NewPCG(13, 0))
	ran := cases(6)
	for i := range ran {
		p := generalPairs(t, i)
		f, rotation, w := whitenedGeneral(t, p)
		n := len(f.second)
		m := randomSymmetric(rng, n, 0.05)
		pt := generalAt(t, f, m, 1e-10)
		form := f.minimum(w, rotation, &pt.place, 0).Form.Matrix(p)
		s, err := p.NewSampler(rng)
		if err != nil {
			t.Fatal(err)
		}
		pull := func(x, y []float64) float64 {
			return mat.Inner(mat.NewVecDense(n, x), form, mat.NewVecDense(n, y))
		}
		var sum, squares float64
		for range anchors {
			x, positive, _, _ := s.Pair()
			var mean, square float64
			for range negatives {
				e := math.Exp(pull(x, s.Left(s.Component())))
				mean += e / negatives
				square += e * e / negatives
			}
			// The logarithm of a mean is too small by var/(2n mean²), to first order.
			value := math.Log(mean) + (square-mean*mean)/(2*negatives*mean*mean) - pull(x, positive)
			sum += value
			squares += value * value
		}
		mean := sum / anchors
		deviation := math.Sqrt((squares/anchors - mean*mean) / anchors)
		if z := (mean - pt.loss) / (deviation + 1e-4); math.Abs(z) > improbable {
			t.Errorf("case %d: the loss is %.6g, sampled %.6g ± %.2g, z = %.1f\n%#v", i, pt.loss, mean, deviation, z, p)
		}
	}
	if ran == 0 {
		t.Error("no case ran")
	}
}

// Where all covariances are equal, the solve is that of the shared covariance.
func TestGeneralAgreesWithASharedCovariance(t *testing.T) {
	for i := range cases(10) {
		m := generators.SharedCovarianceOf(2, 3, 1, 3).Example(i)
		p, err := gmm.NewPairs(m, generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		shared, err := Blind(p, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		own, err := General(p, Options{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		reduced, err := Reduced(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name     string
			one, two Minimum
		}{{"M_u", shared.Unconstrained, own.Unconstrained}, {"M*", shared.Minimiser, own.Minimiser}, {"M_in", reduced.Minimiser, own.Inside}} {
			var off mat.Dense
			off.Sub(c.one.Form.Matrix(p), c.two.Form.Matrix(p))
			if got, most := oracle.WhitenedNorm(m, &off), c.one.DistanceBound+c.two.DistanceBound; got > most+1e-13 {
				t.Errorf("case %d: %s differs by %.2g, the bounds sum to %.2g\n%#v", i, c.name, got, most, p)
			}
			if got, most := math.Abs(c.one.Loss-c.two.Loss), c.one.LossError+c.two.LossError; got > most+1e-13 {
				t.Errorf("case %d: the losses at %s differ by %.2g, the errors sum to %.2g\n%#v", i, c.name, got, most, p)
			}
		}
	}
}

// M* obeys the KKT conditions and, with M_in, the order of their losses, and the oracle confirms
// the distance bound of M_u.
func TestGeneralMinimisers(t *testing.T) {
	onFace, inside := 0, 0
	for i := range cases(15) {
		p := generalPairs(t, i)
		c, err := General(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Minimiser.Rank < p.Left.Dimension() {
			onFace++
		}
		if c.Minimiser.GradientNorm > 1e-10 || c.Unconstrained.GradientNorm > 1e-10 || c.Inside.GradientNorm > 1e-10 {
			t.Errorf("case %d: residuals %.2g, %.2g, %.2g\n%#v", i, c.Unconstrained.GradientNorm, c.Minimiser.GradientNorm, c.Inside.GradientNorm, p)
		}
		noise := c.Minimiser.LossError + c.Unconstrained.LossError + c.Inside.LossError
		if c.Unconstrained.Loss > c.Minimiser.Loss+noise || c.Minimiser.Loss > c.Inside.Loss+noise {
			t.Errorf("case %d: losses %.12g of M_u, %.12g of M*, %.12g of M_in\n%#v", i, c.Unconstrained.Loss, c.Minimiser.Loss, c.Inside.Loss, p)
		}
		if c.Inside.Loss > c.Minimiser.Loss+noise+1e-9 {
			inside++
		}
		w, err := p.Left.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		if got := oracle.GeneralDistance(p, c.Unconstrained.Form, 1e-9); got > 1e-8/w.LeastEigenvalue {
			t.Errorf("case %d: the oracle bounds the distance of M_u by %.2g only, the solver claims %.2g\n%#v", i, got, c.Unconstrained.DistanceBound, p)
		}
	}
	if onFace < cases(2) || inside < cases(2) {
		t.Errorf("%d minimisers lay on a proper face, %d outside S_F: too few", onFace, inside)
	}
}
