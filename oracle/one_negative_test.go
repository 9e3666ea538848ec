package oracle_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// The best matrix inside S_F and the gradient outside, computed to these digits by a program that shares nothing with this one.
func TestReferenceOfOneNegative(t *testing.T) {
	d, err := gmm.Read("group", strings.NewReader(`{"weights": [1, 1, 14], "means": [[4, 0], [4, 0], [-2, 0]],
		"covariance": [[[1, "9/10"], ["9/10", 1]], [[1, "-9/10"], ["-9/10", 1]], [[1, 0], [0, 1]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := oracle.JudgeOneNegative(d.Pairs)
	if err != nil {
		t.Fatal(err)
	}
	const inside, curvature = 0.14015161358236, -0.00033707833665
	if off := math.Abs(got.Inside - inside); off > got.InsideError || got.InsideError > 1e-6 {
		t.Errorf("m = %.14g ± %.1g, want %.14g", got.Inside, got.InsideError, inside)
	}
	if off := math.Abs(got.Curvature - curvature); off > got.CurvatureError || got.CurvatureError > 1e-6 {
		t.Errorf("the curvature is %.12g ± %.1g, want %.12g", got.Curvature, got.CurvatureError, curvature)
	}
}

// What is found is what sampling the definition says: of x, x̂ and y, the mean of σ·Qx(Qy − Qx̂)ᵀ along the direction of the couplings, and that the slope along m vanishes.
func TestOneNegativeBySampling(t *testing.T) {
	compared := 0
	for seed := range 12 {
		m := generators.RareGroup().Example(seed).Apart()
		p, err := gmm.NewPairs(m, generators.Informative().Example(seed))
		if err != nil {
			t.Fatal(err)
		}
		got, err := oracle.JudgeOneNegative(p)
		if err != nil || m.Envelope().Invariant() {
			continue
		}
		compared++
		couplings, err := m.Couplings()
		if err != nil {
			t.Fatal(err)
		}
		w := couplings[0].Direction // of variance 1, uncorrelated with S_F
		v := make([]float64, 2)
		for i, row := range m.Pooled().Envelope().Basis() {
			v[i], _ = row[0].Float64()
		}
		sigma := m.Covariance()
		scale := 0.0
		for i := range v {
			for j := range v {
				scale += v[i] * sigma.At(i, j) * v[j]
			}
		}
		along := func(v, x []float64) float64 { return v[0]*x[0] + v[1]*x[1] }
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		s, err := p.NewSampler(rng)
		if err != nil {
			t.Fatal(err)
		}
		const n = 400_000
		var curvature, slope, squares, slopes float64
		for range n {
			x, hat, _, _ := s.Pair()
			y := s.Right(s.Component())
			tx, z := along(v, x)/math.Sqrt(scale), (along(v, y)-along(v, hat))/math.Sqrt(scale)
			sigmoid := 1 / (1 + math.Exp(-got.Inside*tx*z))
			c, l := sigmoid*along(w, x)*(along(w, y)-along(w, hat)), sigmoid*tx*z
			curvature, slope, squares, slopes = curvature+c/n, slope+l/n, squares+c*c/n, slopes+l*l/n
		}
		want := got.Curvature
		if got.Contained {
			want = math.NaN() // the eigenvalue is that of S_F, 0
			if z := curvature / math.Sqrt(squares/n); z < -5 {
				t.Errorf("seed %d: contained, and the curvature is sampled as %.3g, z = %.2g", seed, curvature, z)
			}
		}
		if z := (curvature - want) / math.Sqrt(squares/n); math.Abs(z) > 5 {
			t.Errorf("seed %d: the curvature is %.5g, sampled %.5g, z = %.2g", seed, want, curvature, z)
		}
		if z := slope / math.Sqrt(slopes/n); math.Abs(z) > 5 {
			t.Errorf("seed %d: the slope at m is sampled as %.3g, z = %.2g", seed, slope, z)
		}
	}
	if compared < 4 {
		t.Errorf("only %d mixtures were compared", compared)
	}
}
