package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// separatedPairs draws K means of whitened length about 2.5 in d dimensions.
func separatedPairs(t testing.TB, rng *rand.Rand, k, d int) gmm.Pairs {
	t.Helper()
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	for i := range k {
		weights[i] = 0.5 + rng.Float64()
		for j := range d {
			means.Set(i, j, 2.5/math.Sqrt(float64(d))*rng.NormFloat64())
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Newton's method (its Hessians, its conjugate gradients, its line searches and its
// gradients) allocates nothing in memory that has minimised before.
func TestNewtonAllocatesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	for _, loss := range []Loss{InfoNCE, CLIP} {
		for _, k := range []int{2, 3, 4} {
			p := separatedPairs(t, rng, k, k)
			if loss.Name == CLIP.Name {
				p = twoModalities(t, p, p.Left.Apart().Pooled())
			}
			w, err := p.WhitenFisher()
			if err != nil {
				t.Fatal(err)
			}
			f := stateOf(t, loss, p, w)
			var s descent.State
			start := f.zero()
			start.Set(0, 0, 0.1)
			once := func() {
				if steps, _, err := descent.Newton(f, &s, start, 1e-6); err != nil || steps < 2 {
					t.Fatal("no steps", steps, err)
				}
			}
			once() // either point
			once()
			if got := testing.AllocsPerRun(50, once); got != 0 {
				t.Errorf("%s, K = %d: Newton's method allocates %g times", loss.Name, k, got)
			}
		}
	}
}

// twoModalities joins mixtures of the same weights at δ = 1.
func twoModalities(t testing.TB, p gmm.Pairs, right *gmm.Mixture) gmm.Pairs {
	t.Helper()
	out, err := gmm.NewPaired(p.Left, right, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What a workspace did before changes no bit of a later solve, and neither does
// the number of goroutines.
func TestSolvesDoNotDependOnWorkspaceOrCores(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	var ws Workspace
	for i := range enough.Cases(20) {
		p := separatedPairs(t, rng, 2+i%3, 1+rng.IntN(4))
		fresh, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		used, err := ws.Minimise(InfoNCE, p, Options{Cores: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]Minimum{{fresh.Free, used.Free}, {fresh.Constrained, used.Constrained}} {
			if pair[0].Loss != pair[1].Loss || pair[0].DistanceBound != pair[1].DistanceBound || !mat.Equal(pair[0].Form.N, pair[1].Form.N) {
				t.Errorf("case %d: losses %v and %v, distance bounds %v and %v\n%#v", i, pair[0].Loss, pair[1].Loss, pair[0].DistanceBound, pair[1].DistanceBound, p)
			}
		}
	}
}

// The cheap margin has the sign of the accurate one, and most of its size.
func TestMarginAgreesWithTheSolve(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 0))
	var ws Workspace
	negative := 0
	for i := range enough.Cases(400) {
		p := separatedPairs(t, rng, 2+rng.IntN(2), 1+rng.IntN(3))
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f := stateOf(t, InfoNCE, p, w)
		values, _ := dense.Eigen(minimised(t, f, new(descent.State), 1e-10).Iterate().M)
		want, got := values[0], ws.Margin(InfoNCE, p)
		if want < 0 {
			negative++
		}
		if !(math.Abs(got-want) <= math.Abs(got)/4+1e-9) {
			t.Errorf("case %d: the margin is %v, a solve finds %v\n%#v", i, got, want, p)
		}
	}
	if negative < enough.Least(10) {
		t.Errorf("only %d margins were negative", negative)
	}
}

func TestMarginOfNothing(t *testing.T) {
	p := readPairs(t, `{"weights": [1], "means": [[0, 0]], "covariance": "identity"}`)
	if got := Margin(InfoNCE, p); !math.IsNaN(got) {
		t.Errorf("the margin of an empty Fisher subspace is %v, want NaN", got)
	}
}

// Hessians of softmaxes nearly as steep as can be tabled are finite and convex.
func TestSteepCurvatureIsFinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 0))
	steep := 0
	for range enough.Cases(100) {
		p := separatedPairs(t, rng, 3, 2)
		f := whitened(t, p)
		m := randomSymmetric(rng, 2, math.Exp(4*rng.Float64()))
		pt, err := evaluated(f, m, 1e-8)
		if err != nil {
			continue // too steep
		}
		v := randomSymmetric(rng, 2, 1)
		h, err := pt.Curvature(v)
		if err != nil {
			continue
		}
		steep++
		if bend := dense.Inner(h, v); !(bend >= math.Pow(f.Metric().Primal(v), 2)*(1-1e-9)) {
			t.Fatalf("D²f[V,V] = %g at %v", bend, mat.Formatted(m))
		}
	}
	if steep < enough.Least(12) {
		t.Errorf("only %d softmaxes could be tabled", steep)
	}
}

// A component of next to no weight far from the others makes the minimiser's
// softmax steep; a solve answers nevertheless.
func TestFarOutlierIsSolved(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 0))
	for i := range enough.Cases(6) {
		const k, d = 4, 3
		means := mat.NewDense(k, d, nil)
		for j := range k - 1 {
			for c := range d {
				means.Set(j, c, 2*rng.NormFloat64())
			}
		}
		means.Set(k-1, 0, 50+100*rng.Float64())
		m, err := gmm.New([]float64{1, 1 + rng.Float64(), 1, math.Pow(10, -6-6*rng.Float64())}, means, mat.NewDense(d, d, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}))
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Minimise(InfoNCE, p, Options{}); err != nil {
			t.Errorf("case %d: %v\n%#v", i, err, p)
		}
	}
}
