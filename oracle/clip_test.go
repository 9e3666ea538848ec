package oracle

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// randomClipPoint draws a paired mixture of 2 to most components and a matrix.
func randomClipPoint(t *testing.T, rng *rand.Rand, most int) *clipPoint {
	t.Helper()
	k := 2 + rng.IntN(most-1)
	weights := make([]float64, k)
	for i := range weights {
		weights[i] = 0.01 + rng.Float64()
	}
	spread := math.Exp(1.5*rng.Float64() - 0.5)
	side := func(d int) *gmm.Mixture {
		means, identity := mat.NewDense(k, d, nil), mat.NewDense(d, d, nil)
		means.Apply(func(_, _ int, _ float64) float64 { return spread * rng.NormFloat64() }, means)
		for i := range d {
			identity.Set(i, i, 1)
		}
		m, err := gmm.NewRounded(weights, means, identity)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	p, err := gmm.NewPaired(side(1+rng.IntN(3)), side(1+rng.IntN(3)), gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	m := mat.NewDense(p.Left.Dimension(), p.Right.Dimension(), nil)
	m.Apply(func(_, _ int, _ float64) float64 { return 0.5 / spread * rng.NormFloat64() }, m)
	at, err := seeClip(p, gmm.Plain(m))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The a-priori bound covers the difference to a far finer rule at every tolerance.
func TestClipGradientErrorIsBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	checked := 0
	for i := range 150 {
		at := randomClipPoint(t, rng, 3)
		fine, err := at.boundedGradient(1e-13, costliest)
		if err != nil {
			continue
		}
		for _, tolerance := range []float64{0.1, 1e-3, 1e-6, 1e-9} {
			e, err := at.boundedGradient(tolerance, costliest)
			if err != nil {
				t.Fatal(err)
			}
			var diff mat.Dense
			diff.Sub(e.gradient, fine.gradient)
			off := at.dualNorm(&diff)
			checked++
			if off > e.err+fine.err {
				t.Errorf("case %d, tolerance %g: the gradient is off by %.3g, bounded by %.3g", i, tolerance, off, e.err)
			}
			if e.err > tolerance+1e-10 {
				t.Errorf("case %d: the error bound %.3g misses the tolerance %g", i, e.err, tolerance)
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d gradients were checked", checked)
	}
}

// The gradient is that of the definition,
// −2X + W_V M + M W_T + E_x[x Σ p_k ν_kᵀ] + E_y[Σ p_k μ_k yᵀ], by Monte Carlo.
func TestClipGradientIsTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 2))
	const samples = 100000
	for i := range 2 {
		at := randomClipPoint(t, rng, 4)
		e, err := at.boundedGradient(1e-8, costliest)
		if err != nil {
			t.Fatal(err)
		}
		rows, columns := at.m.Dims()
		want := mat.NewDense(rows, columns, nil)
		for k, w := range at.visual.weights {
			want.RankOne(want, -2*w, at.visual.means.ColView(k), at.text.means.ColView(k))
		}
		for side, v := range []*view{at.visual, at.text} {
			other, m := at.text, mat.DenseCopyOf(at.m)
			if side == 1 {
				other, m = at.visual, mat.DenseCopyOf(at.m.T())
			}
			a, b := m.Dims()
			part := mat.NewDense(a, b, nil)
			x, logits, pull := mat.NewVecDense(a, nil), make([]float64, len(v.weights)), mat.NewVecDense(b, nil)
			for j, w := range v.weights {
				for range samples {
					for c := range a {
						x.SetVec(c, v.means.At(c, j)+rng.NormFloat64())
					}
					var sum float64
					for k := range logits {
						logits[k] = math.Exp(v.logWeights[k] + mat.Inner(x, m, other.means.ColView(k)))
						sum += logits[k]
					}
					pull.Zero()
					for k, l := range logits {
						pull.AddScaledVec(pull, l/sum, other.means.ColView(k))
					}
					part.RankOne(part, w/samples, x, pull)
				}
			}
			var quadratic mat.Dense
			quadratic.Mul(gmm.RawScatter(v.weights, v.means), m)
			part.Add(part, &quadratic)
			part.Add(part, m)
			if side == 0 {
				want.Add(want, part)
			} else {
				want.Add(want, part.T())
			}
		}
		want.Sub(want, e.gradient)
		size := (1 + mat.Norm(at.visual.means, 2)) * (1 + mat.Norm(at.text.means, 2))
		if off, allowed := mat.Norm(want, 2), 8*size/math.Sqrt(samples); off > allowed {
			t.Errorf("case %d: the gradient is off by %.3g, sampling explains %.3g", i, off, allowed)
		}
	}
}

// The randomised quasi-Monte Carlo gradient agrees with the bounded one within its
// own error, which is small.
func TestSampledClipGradientAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	for i := range 8 {
		at := randomClipPoint(t, rng, 4)
		e, err := at.boundedGradient(1e-9, costliest)
		if err != nil {
			continue
		}
		s := at.sampledGradient(0, within(1e-2))
		var diff mat.Dense
		diff.Sub(s.gradient, e.gradient)
		if off := at.dualNorm(&diff); off > s.err+e.err || !(s.err < 0.3) {
			t.Errorf("case %d: the gradients differ by %.3g, the sampled error is %.3g", i, off, s.err)
		}
	}
}
