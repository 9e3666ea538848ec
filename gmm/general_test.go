package gmm_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

func readGeneral(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	p := read(t, text)
	if p.Shared() {
		t.Fatalf("%s is %v", text, p.Model())
	}
	return p
}

// leastEigenvalue is the proved c with Σ_k ⪰ cΣ̄.
func leastEigenvalue(t *testing.T, m *gmm.Mixture) float64 {
	t.Helper()
	w, err := m.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	return w.LeastEigenvalue
}

// Weights 1:2 and correlations 4/5 and −2/5 average to the identity exactly.
func TestPooledCovarianceIsExact(t *testing.T) {
	g := readGeneral(t, soundGeneral)
	if got, want := g.Left.Pooled().GoString(), "Mixture{weights 1:2, means (2, 0) (-1, 0), covariance identity}"; got != want {
		t.Errorf("pooled %s, want %s", got, want)
	}
	centred, err := g.Centre()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := centred.GoString(), g.GoString(); got != want {
		t.Errorf("centring the centred %s gives %s", want, got)
	}
	if e := g.Left.Exact(); e.Covariances[0][0][1].Cmp(big.NewRat(4, 5)) != 0 {
		t.Errorf("the file's numbers were not kept: %v", e.Covariances)
	}
	if c := leastEigenvalue(t, g.Left); !(0.2*(1-1e-12) < c && c <= 0.2) {
		t.Errorf("Σ_k ⪰ %.17g Σ̄, but the best constant is 0.2", c)
	}
}

func TestCentreOfGeneralIsExact(t *testing.T) {
	g := readGeneral(t, `{"weights": [1, 2, 4], "means": [["1/3"], [2], [0]], "covariance": ["identity", [[2]], [["1/7"]]]}`)
	c, err := g.Centre()
	if err != nil {
		t.Fatal(err)
	}
	e := c.Left.Exact()
	sum := new(big.Rat)
	for k, w := range e.Weights {
		sum.Add(sum, new(big.Rat).Mul(w, e.Means[k][0]))
	}
	if sum.Sign() != 0 {
		t.Errorf("the centred mean is %v, want 0", sum)
	}
	if c.Left.Own(1).At(0, 0) != 2 || c.Left.Covariance().At(0, 0) != g.Left.Covariance().At(0, 0) {
		t.Error("centring changed a covariance")
	}
}

// spiked has Σ̄ = H, the Hilbert matrix, and whitened covariances ½I + uuᵀ and
// (3/2)I − uuᵀ with a unit vector u: their eigenvalues are ½ and 3/2.
func spiked(t *testing.T, d int) *gmm.Mixture {
	t.Helper()
	v := make([]*big.Rat, d)
	for i := range v {
		v[i] = big.NewRat(int64(2*i+1), int64(i+2))
	}
	size := hilbertGram(v, v)
	e := gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{v, v}, Covariances: make([][][]*big.Rat, 2)}
	for i := range d {
		one, two := make([]*big.Rat, d), make([]*big.Rat, d)
		for j := range d {
			spike := new(big.Rat).Mul(v[i], v[j])
			spike.Quo(spike, size)
			half := big.NewRat(1, 2*int64(i+j+1))
			one[j] = new(big.Rat).Add(half, spike)
			two[j] = new(big.Rat).Sub(new(big.Rat).Mul(half, big.NewRat(3, 1)), spike)
		}
		e.Covariances[0], e.Covariances[1] = append(e.Covariances[0], one), append(e.Covariances[1], two)
	}
	g, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The errors of whitened covariances are as small as stated, however
// ill-conditioned Σ̄ is, and c is a lower bound.
func TestWhitenedCovariances(t *testing.T) {
	for _, d := range []int{2, 4, 6, 8, 10} {
		g := spiked(t, d)
		w, err := g.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		sum := mat.NewSymDense(d, nil)
		for k, covariance := range w.Covariances {
			var e mat.EigenSym
			if !e.Factorize(covariance, false) {
				t.Fatal("no eigenvalues")
			}
			worst := 0.0
			for i, got := range e.Values(nil) {
				want := 0.5
				if k == 0 && i == d-1 || k == 1 && i > 0 {
					want = 1.5
				}
				worst = math.Max(worst, math.Abs(got-want))
			}
			if off := w.CovarianceErrors[k]; !(worst <= off) || off > 1e-10 {
				t.Errorf("d = %d: an eigenvalue of T_%d is off by %.2g, the bound says %.2g", d, k, worst, off)
			}
			sum.AddSym(sum, covariance)
		}
		for i := range d {
			for j := range d {
				want := 0.0
				if i == j {
					want = 2
				}
				if math.Abs(sum.At(i, j)-want) > w.CovarianceErrors[0]+w.CovarianceErrors[1] {
					t.Errorf("d = %d: T_0 + T_1 has %.17g at (%d, %d), want %g", d, sum.At(i, j), i, j, want)
				}
			}
		}
		if c := w.LeastEigenvalue; !(c <= 0.5 && c >= 0.5-1e-9) {
			t.Errorf("d = %d: Σ_k ⪰ %.17g Σ̄, the best constant is ½", d, c)
		}
	}
}

// Where whitened covariances show nothing the bound is crude, but still a bound.
func TestLeastEigenvalueOfHopelessCovariances(t *testing.T) {
	for d := 11; d <= 16; d++ {
		w, err := spiked(t, d).WhitenFull()
		if err == nil && !(0 < w.LeastEigenvalue && w.LeastEigenvalue <= 0.5) {
			t.Errorf("d = %d: Σ_k ⪰ %g Σ̄, the best constant is ½", d, w.LeastEigenvalue)
		}
	}
}

// A mixture and its general form are the same, and equal matrices do not make a
// file shared.
func TestGeneralFormOfAMixture(t *testing.T) {
	p := read(t, `{"weights": [1, 3], "means": [[2, 0], [-1, 1]], "covariance": [[2, 1], [1, 1]], "delta": "1/3"}`)
	one := p.Apart()
	two := readGeneral(t, `{"weights": [1, 3], "means": [[2, 0], [-1, 1]], "covariance": [[[2, 1], [1, 1]], [[2, 1], [1, 1]]], "delta": "1/3"}`)
	if one.GoString() != two.GoString() || one.Pooled().GoString() != p.GoString() {
		t.Errorf("%#v and %#v", one, two)
	}
	if c := leastEigenvalue(t, one.Left); !(1-1e-12 < c && c <= 1) {
		t.Errorf("Σ ⪰ %.17g Σ", c)
	}
	if one.Uninformative() || one.Delta() != p.Delta() {
		t.Errorf("δ = %v", one.Delta())
	}
}

func TestGeneralSamplerMatchesMoments(t *testing.T) {
	g := readGeneral(t, `{"weights": [1, 3], "means": [[2, 0], [-1, 1]], "covariance": [[[1, 0.9], [0.9, 1]], [[4, -1], [-1, 1]]]}`)
	s, err := g.NewSampler(rand.New(rand.NewPCG(5, 6)))
	if err != nil {
		t.Fatal(err)
	}
	const n = 100000
	for k := range 2 {
		mean, want := g.Left.Means().RawRowView(k), g.Left.Own(k)
		var squares [2][2]float64
		for range n {
			x := s.Left(k)
			for i := range 2 {
				for j := range 2 {
					squares[i][j] += (x[i] - mean[i]) * (x[j] - mean[j]) / n
				}
			}
		}
		for i := range 2 {
			for j := range 2 {
				// Var(z_i z_j) ≤ 2σ_iiσ_jj; six standard errors.
				if allowed := 6 * math.Sqrt(2*want.At(i, i)*want.At(j, j)/n); math.Abs(squares[i][j]-want.At(i, j)) > allowed {
					t.Errorf("component %d: sampled covariance %.4f at (%d, %d), want %.4f", k, squares[i][j], i, j, want.At(i, j))
				}
			}
		}
	}
}

// Transformations take each covariance with them: that of the pooled mixture is the pooled one of what they make.
func TestTransformationsOfOwnCovariances(t *testing.T) {
	m := readGeneral(t, `{"weights": [1, 3], "means": [[2, 0], [-1, 1]], "covariance": [[[1, 0.9], [0.9, 1]], [[4, -1], [-1, 1]]]}`).Left
	transformed := func(m *gmm.Mixture) *gmm.Mixture {
		x, err := m.Transform([][]*big.Rat{gmm.Rationals(1, 2), gmm.Rationals(0, 3)})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, f := range map[string]func(*gmm.Mixture) *gmm.Mixture{
		"Split": func(m *gmm.Mixture) *gmm.Mixture { return m.Split(1) }, "Embed": (*gmm.Mixture).Embed, "Transform": transformed,
		"Permute": func(m *gmm.Mixture) *gmm.Mixture { return m.Permute([]int{1, 0}) },
	} {
		x := f(m)
		if x.Shared() || x.Pooled().GoString() != f(m.Pooled()).GoString() {
			t.Errorf("%s: %v and %v", name, x.Pooled(), f(m.Pooled()))
		}
	}
	swapped, split := m.Permute([]int{1, 0}), m.Split(1)
	if swapped.Own(0).At(0, 0) != 4 || split.Own(2).At(0, 0) != 4 || split.Own(0).At(0, 1) != 0.9 || m.Embed().Own(1).At(2, 2) != 1 {
		t.Errorf("covariances went astray: %v, %v, %v", swapped, split, m.Embed())
	}
}
