package enclosure

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// infonce is the InfoNCE loss at a symmetric matrix.
func infonce(v *whitened.Mixture, m *mat.Dense, delta float64) Sum {
	return Sum{Left: v, Right: v, Metric: whitened.Mean, Terms: []Term{NewLogPartition(v, v, m, delta, func() uint64 { return 1 })}}
}

// randomView draws a mixture of 2 to most components, a symmetric matrix and δ.
func randomView(t *testing.T, rng *rand.Rand, most int) (*whitened.Mixture, *mat.Dense, float64) {
	t.Helper()
	k, d := 2+rng.IntN(most-1), 1+rng.IntN(4)
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	spread := math.Exp(2*rng.Float64() - 0.5)
	for i := range k {
		weights[i] = 0.01 + rng.Float64()
		for j := range d {
			means.Set(i, j, spread*rng.NormFloat64())
		}
	}
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	delta := rng.Float64()
	v, err := whitened.See(m, gmm.Frame{Basis: identity})
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range i + 1 {
			y := 0.5 / spread * rng.NormFloat64()
			x.Set(i, j, y)
			x.Set(j, i, y)
		}
	}
	return v, x, delta
}

// The a-priori bound covers the difference to a far finer rule at every tolerance.
func TestGradientErrorIsBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	checked, tight := 0, 0.0
	for i := range enough.Cases(150) {
		v, x, delta := randomView(t, rng, 3)
		at := infonce(v, x, delta)
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
			tight = math.Max(tight, off/e.Err)
			if off > e.Err+fine.Err {
				t.Errorf("case %d, tolerance %g: the gradient is off by %.3g, bounded by %.3g", i, tolerance, off, e.Err)
			}
			if e.Err > tolerance+1e-10 {
				t.Errorf("case %d: the error bound %.3g misses the tolerance %g", i, e.Err, tolerance)
			}
		}
	}
	t.Logf("%d gradients; the largest error is %.2g of its bound", checked, tight)
	if checked < enough.Least(500) {
		t.Errorf("only %d gradients were checked", checked)
	}
}

// The gradient is that of the loss: here by Monte Carlo of its definition,
// −T_δ + M + ½(MC + CM) + ½(H + Hᵀ), H = E x (Σ p_k μ_k)ᵀ.
func TestGradientIsTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	const samples = 200000
	for i := range enough.Cases(5) {
		v, x, delta := randomView(t, rng, 4)
		at := infonce(v, x, delta)
		e, err := at.Bounded(1e-8, nil)
		if err != nil {
			t.Fatal(err)
		}
		dim, k := v.Means.Dims()
		want := mat.NewDense(dim, dim, nil)
		mean := make([]float64, dim)
		scatter := mat.NewDense(dim, dim, nil)
		for j, w := range v.Weights {
			for a := range dim {
				mean[a] += w * v.Means.At(a, j)
				for b := range dim {
					scatter.Set(a, b, scatter.At(a, b)+w*v.Means.At(a, j)*v.Means.At(b, j))
				}
			}
		}
		point, logits, pulled := make([]float64, dim), make([]float64, k), new(mat.Dense)
		pulled.Mul(x, v.Means)
		for j, w := range v.Weights {
			for range samples {
				for a := range dim {
					point[a] = v.Means.At(a, j) + rng.NormFloat64()
				}
				var sum float64
				for c := range k {
					logit := v.LogWeights[c]
					for a := range dim {
						logit += point[a] * pulled.At(a, c)
					}
					logits[c] = math.Exp(logit)
					sum += logits[c]
				}
				for a := range dim {
					for b := range dim {
						for c := range k {
							want.Set(a, b, want.At(a, b)+w*point[a]*v.Means.At(b, c)*logits[c]/sum/samples)
						}
					}
				}
			}
		}
		dense.Symmetric(want)
		var product mat.Dense
		product.Mul(x, scatter)
		for a := range dim {
			for b := range dim {
				rest := x.At(a, b) + (product.At(a, b)+product.At(b, a))/2 - delta*scatter.At(a, b) - (1-delta)*mean[a]*mean[b]
				want.Set(a, b, want.At(a, b)+rest)
			}
		}
		var diff mat.Dense
		diff.Sub(want, e.Matrix)
		var size float64
		for j := range k {
			size = math.Max(size, 1+mat.Dot(v.Means.ColView(j), v.Means.ColView(j)))
		}
		if off, allowed := mat.Norm(&diff, 2), 8*size*float64(dim)/math.Sqrt(samples); off > allowed {
			t.Errorf("case %d: the gradient is off by %.3g, sampling explains %.3g", i, off, allowed)
		}
	}
}

// The randomised quasi-Monte Carlo gradient agrees with the bounded one within its own
// error, which is small, and within one standard error in the mean square.
func TestSampledGradientAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	squares, told := 0.0, 0
	for i := range max(15, enough.Cases(30)) {
		at := infonce(randomView(t, rng, 6))
		e, err := at.Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		s := at.Sampled(0, 1, nil, Within(1e-1))
		var diff mat.Dense
		diff.Sub(s.Matrix, e.Matrix)
		off := at.Norm(&diff)
		if off > s.Err+e.Err {
			t.Errorf("case %d: the gradients differ by %.3g, the sampled error is %.3g %s", i, off, s.Err, s.Rule)
		}
		if !(s.Err < 0.3) {
			t.Errorf("case %d: the sampled error is %.3g", i, s.Err)
		}
		if s.Err > 100*e.Err {
			told++
			squares += math.Pow(off/(s.Err/confidence), 2)
		}
	}
	if mean := squares / float64(told); told < enough.Least(14) || mean < 0.3 || mean > 3 {
		t.Errorf("in %d cases the mean square of the error is %.2g standard errors, want 1", told, mean)
	}
}

// The strip and tail bounds hold for one-dimensional rules of all steps.
func TestTrapezoidalBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for i := range enough.Cases(300) {
		slopeRange := math.Exp(4*rng.Float64() - 2)
		offset := []float64{0, 3 * rng.NormFloat64()}
		slope := [][]float64{{-slopeRange / 2, slopeRange / 2}}
		in := integrand{weight: []float64{1}, length: []float64{0}, reach: []float64{1}, ranges: []float64{slopeRange}}
		g, err := planGrid(in, math.Pow(10, -1-11*rng.Float64()), 1e6)
		if err != nil {
			t.Fatal(err)
		}
		fine := grid{step: []float64{0.01}, half: []int{1200}}
		sums := func(g grid) (p, tp []float64) {
			nodes, err := g.tabulate(slope, len(offset))
			if err != nil {
				t.Fatal(err)
			}
			if p, tp, err = nodes.softmaxSums(offset); err != nil {
				t.Fatal(err)
			}
			return p, tp
		}
		p, tp := sums(g)
		q, tq := sums(fine)
		// With reach 1 and length 0 the bound is that of E |t| p_k; E p_k has a smaller one.
		if off := math.Max(math.Abs(p[1]-q[1]), math.Abs(tp[1]-tq[1])); off > g.bound+1e-14 {
			t.Errorf("case %d, range %.3g, %v: off by %.3g, bounded by %.3g", i, slopeRange, g, off, g.bound)
		}
	}
}
