package enclosure

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// clip is the CLIP loss.
func clip(visual *whitened.Mixture, m *mat.Dense, text *whitened.Mixture) Sum {
	return Sum{Left: visual, Right: text, Metric: whitened.Mean, Terms: []Term{NewLogPartition(visual, text, m, 1, func() uint64 { return 1 })},
		Transposed: []Term{NewLogPartition(text, visual, mat.DenseCopyOf(m.T()), 1, func() uint64 { return 2 })}}
}

func matrixOf(s Sum) *mat.Dense { return s.Terms[0].(LogPartition).m }

// randomClipPoint draws a paired mixture of 2 to most components and a matrix.
func randomClipPoint(t *testing.T, rng *rand.Rand, most int) Sum {
	t.Helper()
	k := 2 + rng.IntN(most-1)
	weights := make([]float64, k)
	for i := range weights {
		weights[i] = 0.01 + rng.Float64()
	}
	spread := math.Exp(1.5*rng.Float64() - 0.5)
	side := func(d int) *whitened.Mixture {
		means, identity := mat.NewDense(k, d, nil), mat.NewDense(d, d, nil)
		means.Apply(func(_, _ int, _ float64) float64 { return spread * rng.NormFloat64() }, means)
		for i := range d {
			identity.Set(i, i, 1)
		}
		m, err := gmm.New(weights, means, identity)
		if err != nil {
			t.Fatal(err)
		}
		v, err := whitened.See(m, gmm.Frame{Basis: identity})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	visual, text := side(1+rng.IntN(3)), side(1+rng.IntN(3))
	m := mat.NewDense(len(visual.W), len(text.W), nil)
	m.Apply(func(_, _ int, _ float64) float64 { return 0.5 / spread * rng.NormFloat64() }, m)
	return clip(visual, whitened.Matrix(visual, m, text), text)
}

// The a-priori bound covers the difference to a far finer rule at every tolerance.
func TestClipGradientErrorIsBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	checked := 0
	for i := range enough.Cases(75) {
		at := randomClipPoint(t, rng, 3)
		fine, err := at.Bounded(1e-13, nil)
		if err != nil {
			continue
		}
		for _, tolerance := range []float64{0.1, 1e-3, 1e-6, 1e-9} {
			e, err := at.Bounded(tolerance, nil)
			if err != nil {
				t.Fatal(err)
			}
			var diff mat.Dense
			diff.Sub(e.Matrix, fine.Matrix)
			off := at.Norm(&diff)
			checked++
			if off > e.Err+fine.Err {
				t.Errorf("case %d, tolerance %g: the gradient is off by %.3g, bounded by %.3g", i, tolerance, off, e.Err)
			}
			if e.Err > tolerance+1e-10 {
				t.Errorf("case %d: the error bound %.3g misses the tolerance %g", i, e.Err, tolerance)
			}
		}
	}
	if checked < enough.Least(250) {
		t.Errorf("only %d gradients were checked", checked)
	}
}

// The gradient is that of the definition,
// −2X + W_V M + M W_T + E_x[x Σ p_k ν_kᵀ] + E_y[Σ p_k μ_k yᵀ], by Monte Carlo.
func TestClipGradientIsTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 2))
	const samples = 100000
	for i := range enough.Cases(2) {
		at := randomClipPoint(t, rng, 4)
		e, err := at.Bounded(1e-8, nil)
		if err != nil {
			t.Fatal(err)
		}
		rows, columns := matrixOf(at).Dims()
		want := mat.NewDense(rows, columns, nil)
		for k, w := range at.Left.Weights {
			want.RankOne(want, -2*w, at.Left.Means.ColView(k), at.Right.Means.ColView(k))
		}
		for side, v := range []*whitened.Mixture{at.Left, at.Right} {
			other, m := at.Right, mat.DenseCopyOf(matrixOf(at))
			if side == 1 {
				other, m = at.Left, mat.DenseCopyOf(matrixOf(at).T())
			}
			a, b := m.Dims()
			part := mat.NewDense(a, b, nil)
			x, logits, pull := mat.NewVecDense(a, nil), make([]float64, len(v.Weights)), mat.NewVecDense(b, nil)
			for j, w := range v.Weights {
				for range samples {
					for c := range a {
						x.SetVec(c, v.Means.At(c, j)+rng.NormFloat64())
					}
					var sum float64
					for k := range logits {
						logits[k] = math.Exp(v.LogWeights[k] + mat.Inner(x, m, other.Means.ColView(k)))
						sum += logits[k]
					}
					pull.Zero()
					for k, l := range logits {
						pull.AddScaledVec(pull, l/sum, other.Means.ColView(k))
					}
					part.RankOne(part, w/samples, x, pull)
				}
			}
			var quadratic mat.Dense
			quadratic.Mul(gmm.RawScatter(v.Weights, v.Means), m)
			part.Add(part, &quadratic)
			part.Add(part, m)
			if side == 0 {
				want.Add(want, part)
			} else {
				want.Add(want, part.T())
			}
		}
		want.Sub(want, e.Matrix)
		size := (1 + mat.Norm(at.Left.Means, 2)) * (1 + mat.Norm(at.Right.Means, 2))
		if off, allowed := mat.Norm(want, 2), 8*size/math.Sqrt(samples); off > allowed {
			t.Errorf("case %d: the gradient is off by %.3g, sampling explains %.3g", i, off, allowed)
		}
	}
}

// The randomised quasi-Monte Carlo gradient agrees with the bounded one within its
// own error, which is small.
func TestSampledClipGradientAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	for i := range enough.Cases(5) {
		at := randomClipPoint(t, rng, 4)
		e, err := at.Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		s := at.Sampled(0, 3, nil, Within(1e-2))
		var diff mat.Dense
		diff.Sub(s.Matrix, e.Matrix)
		if off := at.Norm(&diff); off > s.Err+e.Err || !(s.Err < 0.3) {
			t.Errorf("case %d: the gradients differ by %.3g, the sampled error is %.3g", i, off, s.Err)
		}
	}
}
