package solver

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
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

// f is the InfoNCE loss of the definition, by sampled pairs and negatives.
func TestGeneralLossAgainstTheDefinition(t *testing.T) {
	const anchors, negatives, improbable = 2000, 200, 5
	rng := rand.New(rand.NewPCG(13, 0))
	ran := enough.Cases(3)
	for i := range ran {
		p := generalPairs(t, i)
		f := whitened(t, p)
		n := len(f.Law.Left.Second)
		m := randomSymmetric(rng, n, 0.05)
		pt, err := evaluated(f, m, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		loss, _ := pt.Value()
		form := f.minimum(pt.Iterate(), 0).Form.Matrix(p)
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
		if z := (mean - loss) / (deviation + 1e-4); math.Abs(z) > improbable {
			t.Errorf("case %d: the loss is %.6g, sampled %.6g ± %.2g, z = %.1f\n%#v", i, loss, mean, deviation, z, p)
		}
	}
	if ran == 0 {
		t.Error("no case ran")
	}
}

// Where all covariances are equal, the solve is that of the shared covariance.
func TestGeneralAgreesWithASharedCovariance(t *testing.T) {
	for i := range enough.Cases(5) {
		m := generators.SharedCovarianceOf(2, 3, 1, 3).Example(i)
		p, err := gmm.NewPairs(m, generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		shared, err := Minimise(InfoNCE, p, Options{Method: Blind, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		own, err := Minimise(InfoNCE, p.Apart(), Options{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		reduced, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name     string
			one, two Minimum
		}{{"M_u", shared.Free, own.Free}, {"M*", shared.Constrained, own.Constrained}, {"M_in", reduced.Constrained, own.Inside}} {
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
	for i := range enough.Cases(8) {
		p := generalPairs(t, i)
		c, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Constrained.Rank < p.Left.Dimension() {
			onFace++
		}
		if c.Constrained.GradientNorm > 1e-10 || c.Free.GradientNorm > 1e-10 || c.Inside.GradientNorm > 1e-10 {
			t.Errorf("case %d: residuals %.2g, %.2g, %.2g\n%#v", i, c.Free.GradientNorm, c.Constrained.GradientNorm, c.Inside.GradientNorm, p)
		}
		noise := c.Constrained.LossError + c.Free.LossError + c.Inside.LossError
		if c.Free.Loss > c.Constrained.Loss+noise || c.Constrained.Loss > c.Inside.Loss+noise {
			t.Errorf("case %d: losses %.12g of M_u, %.12g of M*, %.12g of M_in\n%#v", i, c.Free.Loss, c.Constrained.Loss, c.Inside.Loss, p)
		}
		if c.Inside.Loss > c.Constrained.Loss+noise+1e-9 {
			inside++
		}
		w, err := p.Left.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		if got := distance(InfoNCE, p, c.Free.Form, 1e-9); got > 1e-8/w.LeastEigenvalue {
			t.Errorf("case %d: the oracle bounds the distance of M_u by %.2g only, the solver claims %.2g\n%#v", i, got, c.Free.DistanceBound, p)
		}
	}
	if onFace < enough.Least(1) || inside < enough.Least(1) {
		t.Errorf("%d minimisers lay on a proper face, %d outside S_F: too few", onFace, inside)
	}
}

// With both modalities alike the CLIP loss is InfoNCE once for each: with own covariances, too, it has the same minimiser
// and twice the loss.
func TestClipOfOwnCovariances(t *testing.T) {
	for i := range enough.Cases(3) {
		p := generalPairs(t, i)
		one, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		e := p.Left.Exact()
		again, err := gmm.NewExact(e)
		if err != nil {
			t.Fatal(err)
		}
		two, err := gmm.NewPaired(p.Left, again, p.ExactDelta())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []gmm.Pairs{p, two} {
			got, err := Minimise(CLIP, q, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if off, most := oracle.WhitenedNorm(p.Left, difference(got.Free.Form.Matrix(q), one.Free.Form.Matrix(p))), got.Free.DistanceBound+one.Free.DistanceBound; off > most+1e-13 {
				t.Errorf("case %d: in %d modalities minima differ by %.2g, the bounds sum to %.2g\n%#v", i, q.Modalities(), off, most, p)
			}
			if off, most := math.Abs(got.Free.Loss-2*one.Free.Loss), got.Free.LossError+2*one.Free.LossError; off > most+1e-13 {
				t.Errorf("case %d: in %d modalities the loss is off by %.2g, the errors sum to %.2g\n%#v", i, q.Modalities(), off, most, p)
			}
		}
	}
}

func difference(a, b *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Sub(a, b)
	return &out
}
