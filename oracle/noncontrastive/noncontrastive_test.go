package noncontrastive

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func symmetric(t testing.TB, m string) gmm.Pairs {
	return read(t, fmt.Sprintf(`{"weights": [1, 1], "means": [["%s", 0], ["-%s", 0]], "covariance": "identity"}`, m, m))
}

const uneven = `{"weights": [4, 1], "means": [[0, 0], [3, 1]], "covariance": [[2, "1/2"], ["1/2", 1]], "delta": "1/2"}`

// Whitened, the pair at ±e₁ has τ = ½: L = ¾ along e₁, and nothing is gained across.
func TestWhitenedByHand(t *testing.T) {
	p := symmetric(t, "1")
	for _, c := range []struct {
		a           *mat.Dense
		loss, noise float64
	}{
		{mat.NewDense(2, 1, []float64{3, 0}), 0.75, 0},
		{mat.NewDense(2, 1, []float64{0, 1}), 1, 1},
		{mat.NewDense(2, 2, []float64{1, 2, 0, 1}), 1.75, 1},
	} {
		w, err := JudgeWhitened(p, c.a)
		if err != nil || w.Loss != c.loss || w.Noise != c.noise {
			t.Errorf("%v: loss %v, noise %v, %v; expected %v, %v", mat.Formatted(c.a), w.Loss, w.Noise, err, c.loss, c.noise)
		}
		if math.Abs(w.Slope-0.25) > w.Error {
			t.Errorf("τ² = %v, expected ¼", w.Slope)
		}
	}
	if _, err := JudgeWhitened(p, mat.NewDense(2, 2, []float64{1, 1, 0, 0})); err == nil {
		t.Error("dependent columns are whitened")
	}
}

// Without δ the pair at ±e₁ has no τ > 0: every A has the same loss, and nothing bounds its noise. Of means at 0 all of it is noise, and known to be.
func TestNothingBoundsNoiseWithoutDelta(t *testing.T) {
	across := mat.NewDense(3, 2, []float64{0, 0, 1, 0, 0, 1})
	for _, c := range []struct {
		means  string
		excess float64 // of noise beside what is forced
		leak   float64
	}{
		{`[[1, 0, 0], [-1, 0, 0]]`, 1, math.Inf(1)},
		{`[[0, 0, 0], [0, 0, 0]]`, 0, 0},
	} {
		p := read(t, fmt.Sprintf(`{"weights": [1, 1], "means": %s, "covariance": "identity", "delta": 0}`, c.means))
		w, err := JudgeWhitened(p, across)
		if err != nil || w.Noise-float64(w.Forced) != c.excess || w.Leak() != c.leak || w.Beaten() {
			t.Errorf("%s: %+v, leak %v, beaten %v, %v; expected %v of noise beside what is forced, and a bound of %v", c.means, w, w.Leak(), w.Beaten(), err, c.excess, c.leak)
		}
	}
}

// The inequality holds at random A, and fails with a wrong law of pairs or too large eigenvalues.
func TestWhitenedInequality(t *testing.T) {
	p := read(t, `{"weights": [1, 2, 3], "means": [[1, 0, 0], [1, 1, 0], [-1, 0, 0]], "covariance": [[[1, "2/5", 0], ["2/5", "1/2", 0], [0, 0, 1]], [[1, "-1/5", 0], ["-1/5", "5/4", 0], [0, 0, 1]], [[1, 0, "1/2"], [0, 1, 0], ["1/2", 0, 1]]], "delta": "1/2"}`)
	m, err := momentsOf(p)
	if err != nil {
		t.Fatal(err)
	}
	right := spectrum(p)
	smaller := eigenvalues{[]float64{right.values[0] / 2, right.values[1] / 2}, right.err}
	certain, err := p.WithDelta(big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := momentsOf(certain)
	if err != nil {
		t.Fatal(err)
	}
	source := rand.New(rand.NewPCG(1, 2))
	small, other := 0, 0
	for range 60 {
		r := 1 + source.IntN(3)
		a := mat.NewDense(3, r, nil)
		a.Apply(func(i, _ int, _ float64) float64 { return source.NormFloat64() / math.Pow(4, float64(i)) }, a)
		if w, err := m.whitened(a, right); err != nil || w.Beaten() {
			t.Errorf("L = %v is below %v + %v·(%v − %d), or %v", w.Loss, w.Least, w.Slope, w.Noise, w.Forced, err)
		}
		if w, _ := m.whitened(a, smaller); w.Beaten() {
			small++
		}
		if w, _ := wrong.whitened(a, right); w.Beaten() {
			other++
		}
	}
	if small < 6 || other < 6 {
		t.Errorf("of 60 matrices %d catch eigenvalues of half the size, %d another δ", small, other)
	}
}

// The gradient by definition is the closed form, which a covariance of one component for another's would not be.
func TestPredictor(t *testing.T) {
	p := read(t, `{"weights": [1, 3], "means": [[1, 0], [-2, 0]], "covariance": [[[1, 0], [0, 2]], [[2, "1/2"], ["1/2", 1]]], "delta": "1/3"}`)
	a, w := mat.NewDense(2, 1, []float64{0.5, -0.25}), columnsOf(mat.NewDense(1, 1, []float64{3}))
	found, err := Predict(p, a, w)
	if err != nil || found.Pull.Cmp(found.Energy) != 0 || found.Inside || found.Energy.Sign() <= 0 {
		t.Fatalf("%v, %v, %v", found, found.Energy, err)
	}
	m, _ := momentsOf(p)
	m.within = m.second // the moment in the place of the covariance is the same off S_F
	if other := m.predicted(p, columnsOf(a), w); other.Pull.Cmp(other.Energy) != 0 {
		t.Error("S₂ and Σ̄ differ off S_F")
	}
	m.within = p.Left.Exact().Covariances[1] // a wrong metric: neither the projector nor the norm is right
	if other := m.predicted(p, columnsOf(a), w); other.Pull.Cmp(other.Energy) == 0 {
		t.Error("the covariance of one component passes for the mean of both")
	}
}

// Hadsell's loss at the minima that are known, in the unit of the last digits.
func TestMarginAtKnownMinima(t *testing.T) {
	for _, c := range []struct {
		m             string
		along, across float64
	}{{"1", .060759, .032012}, {"2", .051472, .019152}, {"4", .025430, .020831}} {
		p := symmetric(t, c.m)
		f, err := marginOf(p, Margin{})
		if err != nil {
			t.Fatal(err)
		}
		at := func(m, q float64) float64 { value, _ := f.outside(m, q); return value }
		for _, step := range []float64{-1e-4, 1e-4} {
			if at(c.along+step, c.across) <= at(c.along, c.across) || at(c.along, c.across+step) <= at(c.along, c.across) {
				t.Errorf("±%s: (%v, %v) is no minimum", c.m, c.along, c.across)
			}
		}
		leak, err := JudgeMargin(p, Margin{}, c.along, c.across)
		if err != nil || leak.Gap() < 1e-3 {
			t.Errorf("±%s: %+v, %v", c.m, leak, err)
		}
	}
}

// Values inside and outside are the definition's, sampled, and one tends to the other as noise vanishes; bounds of the error are small.
func TestMarginIsItsDefinition(t *testing.T) {
	p := read(t, uneven)
	f, err := marginOf(p, Margin{Weight: 2, Reach: 1.5})
	if err != nil {
		t.Fatal(err)
	}
	source := rand.New(rand.NewPCG(3, 4))
	const draws = 100000
	m, q := 0.1, 0.05
	for _, noise := range []float64{0, q} {
		sum, squares := 0.0, 0.0
		weights := []float64{0.8, 0.2}
		separation := math.Sqrt(squared(t, p))
		draw := func() int {
			if source.Float64() < weights[0] {
				return 0
			}
			return 1
		}
		for range draws {
			j, k := draw(), draw()
			l := j
			if source.Float64() >= 0.5 {
				l = draw()
			}
			z := separation*float64(j-k) + math.Sqrt2*source.NormFloat64()
			z0 := separation*float64(j-l) + math.Sqrt2*source.NormFloat64()
			ξ, ξ0 := math.Sqrt2*source.NormFloat64(), math.Sqrt2*source.NormFloat64()
			short := max(0, 1.5-math.Sqrt(m*z*z+noise*ξ*ξ))
			x := m*z0*z0 + noise*ξ0*ξ0 + 2*short*short
			sum, squares = sum+x, squares+x*x
		}
		mean := sum / draws
		deviation := math.Sqrt((squares/draws - mean*mean) / draws)
		value, _, e := f.value(m)
		if noise > 0 {
			value, e = f.outside(m, noise)
		}
		if math.Abs(value-mean) > 5*deviation+e || e > 1e-9 {
			t.Errorf("noise %v: %v ± %v, sampled %v ± %v", noise, value, e, mean, deviation)
		}
	}
	inside, _, _ := f.value(m)
	// Noise q parts pairs by √(D + qξ²) ≤ √D + √q|ξ|, E|ξ| = 2/√π.
	const faint = 1e-3
	near, e := f.outside(m, faint)
	if gain := inside + 2*faint - near; gain < -e || gain > 2*2*1.5*math.Sqrt(faint)*2/math.Sqrt(math.Pi)+e {
		t.Errorf("beside little noise %v ± %v, inside %v", near, e, inside)
	}
	least, at := f.inside()
	for _, x := range []float64{at / 2, at * 0.999, at, at * 1.001, at * 3} {
		if value, _, e := f.value(x); value < least-e {
			t.Errorf("%v at %v is below the least, %v", value, x, least)
		}
	}
}

// Containment of Barlow Twins ends where it should: the best of a search over the features' directions.
func TestBarlowTwins(t *testing.T) {
	p := symmetric(t, "1")
	for _, weight := range []float64{0.25, 0.9, 1.1, 3} {
		b, err := BarlowTwins(p, weight)
		if err != nil || math.Abs(b.Correlation-0.5) > 1e-15 {
			t.Fatalf("%+v, %v", b, err)
		}
		loss := func(c []float64) (sum float64) { // of the definition, c_i = ⟨v, u_i⟩
			for i := range c {
				for j := range c {
					if x := b.Correlation * c[i] * c[j]; i == j {
						sum += (1 - x) * (1 - x)
					} else {
						sum += weight * x * x
					}
				}
			}
			return sum
		}
		for r := 2; r <= 4; r++ {
			inside := make([]float64, r)
			for i := range inside {
				inside[i] = 1
			}
			least := loss(inside)
			source := rand.New(rand.NewPCG(5, uint64(r)))
			beaten := false
			for range 2000 {
				c := make([]float64, r)
				for i := range c {
					c[i] = 1 - math.Pow(source.Float64(), 4)
				}
				beaten = beaten || loss(c) < least-1e-12
			}
			if contained := float64(r) <= b.Most*(1+1e-12); contained == beaten {
				t.Errorf("λ = %v, r = %d: containment up to %v features, but a search finds better outside: %v", weight, r, b.Most, beaten)
			}
		}
	}
}

// squared is the Mahalanobis distance of two means, squared.
func squared(t testing.TB, p gmm.Pairs) float64 {
	t.Helper()
	g := p.Left.ExactGram()
	x, _ := g[1][1].Float64() // the other mean is 0
	return x
}
