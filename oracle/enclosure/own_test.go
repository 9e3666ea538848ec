package enclosure

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// own is the InfoNCE loss of own covariances.
func own(v *whitened.Own, m *mat.Dense, delta float64) Sum {
	return Sum{Left: v.Mixture, Right: v.Mixture, Metric: whitened.Mean, Terms: []Term{NewOwnPartition(v, m, delta)}}
}

func randomOwn(t *testing.T, g *gmm.Mixture, seed int) (*whitened.Own, float64) {
	t.Helper()
	p, err := gmm.NewPairs(g, generators.Delta().Example(seed))
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	v, err := whitened.SeeOwn(p.Left, w.Frame)
	if err != nil {
		t.Fatal(err)
	}
	return v, p.Delta()
}

func randomLowRank(rng *rand.Rand, dim, q int, size float64) LowRank {
	m := LowRank{mat.NewDense(dim, q, nil), make([]float64, q)}
	for i := range q {
		m.N[i] = size * rng.NormFloat64()
		for a := range dim {
			m.R.Set(a, i, rng.NormFloat64())
		}
	}
	return m
}

// The bound of the gradient's error bounds its difference from a far finer gradient.
func TestGeneralGradientKeepsItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 0))
	ran, loose := 0, 0
	for i := range enough.Cases(15) {
		v, delta := randomOwn(t, generators.General().Example(i), i)
		dim := len(v.W)
		m := randomLowRank(rng, dim, min(dim, 1+rng.IntN(2)), 0.05)
		fine, err := own(v, m.Matrix(dim), delta).Bounded(1e-12, nil)
		if err != nil {
			continue
		}
		for _, tolerance := range []float64{1, 1e-2, 1e-4, 1e-8} {
			e, err := own(v, m.Matrix(dim), delta).Bounded(tolerance, nil)
			if err != nil {
				t.Fatalf("case %d: a tolerance of %g needs more than one of 1e-12: %v", i, tolerance, err)
			}
			var off mat.Dense
			off.Sub(e.Matrix, fine.Matrix)
			got := mat.Norm(&off, 2)
			ran++
			if got > e.Err+fine.Err {
				t.Errorf("case %d: the gradient is off by %.3g, its bound is %.3g", i, got, e.Err)
			}
			if got < e.Err/1e8 && tolerance > 1e-6 {
				loose++
			}
		}
	}
	if ran < enough.Least(32) || loose > ran/2 {
		t.Errorf("%d gradients compared, %d of them bounded too loosely to test anything", ran, loose)
	}
}

// Where all covariances are equal, the gradient is that of a shared covariance, which
// has other formulas, directions and strips.
func TestGeneralGradientOfEqualCovariances(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 0))
	compared := 0
	for i := range enough.Cases(15) {
		v, delta := randomOwn(t, generators.SharedCovarianceOf(2, 4, 1, 3).Example(i).Apart(), i)
		dim := len(v.W)
		m := randomLowRank(rng, dim, dim, 0.05)
		got, err := own(v, m.Matrix(dim), delta).Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		shared, err := infonce(v.Mixture, m.Matrix(dim), delta).Bounded(1e-9, nil)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		var off mat.Dense
		off.Sub(got.Matrix, shared.Matrix)
		if distance := whitened.Mean.DualNorm(v.Mixture, &off, v.Mixture); distance > got.Err+shared.Err {
			t.Errorf("case %d: the gradients differ by %.2g, their bounds are %.2g and %.2g", i, distance, got.Err, shared.Err)
		}
	}
	if compared < enough.Least(10) {
		t.Errorf("only %d gradients were compared", compared)
	}
}

// The gradient is the definition's: x and y given x, sampled.
func TestGeneralGradientAgainstTheDefinition(t *testing.T) {
	const points = 40000
	rng := rand.New(rand.NewPCG(23, 0))
	for i := range enough.Cases(5) {
		v, delta := randomOwn(t, generators.General().Example(i+3), i)
		dim, k := v.Means.Dims()
		m := randomLowRank(rng, dim, 1, 0.03)
		e, err := own(v, m.Matrix(dim), delta).Bounded(1e-6, nil)
		if err != nil {
			t.Fatal(err)
		}
		full := m.Matrix(dim)
		sum, squares := mat.NewDense(dim, dim, nil), mat.NewDense(dim, dim, nil)
		for range points {
			u, j := rng.Float64(), 0
			for ; j < k-1 && u > v.Weights[j]; j++ {
				u -= v.Weights[j]
			}
			var chol mat.Cholesky
			chol.Factorize(mat.NewSymDense(dim, mat.DenseCopyOf(v.Covariances[j]).RawMatrix().Data))
			var lower mat.TriDense
			chol.LTo(&lower)
			noise := mat.NewVecDense(dim, nil)
			for a := range dim {
				noise.SetVec(a, rng.NormFloat64())
			}
			var x, mx mat.VecDense
			x.MulVec(&lower, noise)
			x.AddVec(&x, v.Means.ColView(j))
			mx.MulVec(full, &x)
			p, mean := make([]float64, k), mat.NewVecDense(dim, nil)
			for c := range k { // E exp(xᵀMy) = exp(xᵀMμ + ½xᵀMTMx)
				p[c] = math.Exp(v.LogWeights[c] + mat.Dot(&mx, v.Means.ColView(c)) + mat.Inner(&mx, v.Covariances[c], &mx)/2)
			}
			normalise(p, p)
			for c := range k { // E[y exp(xᵀMy)] / E exp(xᵀMy) = μ + TMx
				var y mat.VecDense
				y.MulVec(v.Covariances[c], &mx)
				y.AddVec(&y, v.Means.ColView(c))
				mean.AddScaledVec(mean, p[c], &y)
			}
			for a := range dim {
				for b := range dim {
					s := (x.AtVec(a)*mean.AtVec(b) + x.AtVec(b)*mean.AtVec(a)) / 2
					sum.Set(a, b, sum.At(a, b)+s)
					squares.Set(a, b, squares.At(a, b)+s*s)
				}
			}
		}
		for a := range dim {
			for b := range dim {
				// T_δ = δC + (1−δ)μ̄μ̄ᵀ.
				var scatter, one, two float64
				for c, w := range v.Weights {
					scatter += w * v.Means.At(a, c) * v.Means.At(b, c)
					one += w * v.Means.At(a, c)
					two += w * v.Means.At(b, c)
				}
				mean := sum.At(a, b) / points
				want := mean - delta*scatter - (1-delta)*one*two
				deviation := math.Sqrt((squares.At(a, b)/points-mean*mean)/points) + 1e-9
				if z := (e.Matrix.At(a, b) - want) / deviation; math.Abs(z) > 5.5 {
					t.Errorf("case %d: ∇f has the entry %.5g at %d, %d, sampled %.5g ± %.2g", i, e.Matrix.At(a, b), a, b, want, deviation)
				}
			}
		}
	}
}

// Every trapezoidal sum is within the bound of its strip and tail: the bound of
// planQuadratic alone, without rounding, and without slack beyond a few digits.
func TestQuadraticStripBound(t *testing.T) {
	// g = t^n softmax of two logits with slopes and curvatures apart by D and Q.
	for _, c := range []struct{ linear, quadratic float64 }{{1, 0}, {0, 1}, {3, 1}, {0.5, 4}, {6, 0.2}} {
		s := &quadraticSoftmax{j: 0, quadraticLogits: quadraticLogits{constant: []float64{0, 0.3}, linear: [][]float64{{0}, {c.linear}},
			quadratic: []*mat.Dense{mat.NewDense(1, 1, []float64{0}), mat.NewDense(1, 1, []float64{-c.quadratic})}},
			mean: mat.NewVecDense(1, []float64{1}), along: mat.NewDense(1, 1, []float64{1}),
			shift: []*mat.VecDense{mat.NewVecDense(1, []float64{0}), mat.NewVecDense(1, []float64{1})},
			bend:  []*mat.Dense{mat.NewDense(1, 1, []float64{0}), mat.NewDense(1, 1, []float64{0.5})}}
		fine := grid{step: []float64{1e-3}, half: []int{14000}}
		exact := s.assemble(fine.sums(&s.quadraticLogits)).At(0, 0)
		for _, tolerance := range []float64{1e-1, 1e-3, 1e-6, 1e-9} {
			g, err := planQuadratic(s.bound(), tolerance, 1e5)
			if err != nil {
				t.Fatal(err)
			}
			got := math.Abs(s.assemble(g.sums(&s.quadraticLogits)).At(0, 0) - exact)
			if got > g.bound+1e-14 || g.bound > tolerance {
				t.Errorf("D = %g, Q = %g: %v errs by %.2g, its bound is %.2g, the tolerance %g", c.linear, c.quadratic, g, got, g.bound, tolerance)
			}
		}
	}
}

// The gradient moves by no more than Lipschitz allows between matrices inside a subspace, and by a fair part of it somewhere, so that the
// bound is one of this loss.
func TestGeneralGradientMovesAsLipschitzBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 0))
	ran, closest := 0, 0.0
	for i := range enough.Cases(40) {
		v, delta := randomOwn(t, generators.GeneralOf(2, 3, 1, 4).Example(i), i)
		dim := len(v.W)
		inside := randomLowRank(rng, dim, min(dim, 1+rng.IntN(2)), 1)
		var qr mat.QR
		qr.Factorize(inside.R)
		var basis mat.Dense
		qr.QTo(&basis)
		inside.R = mat.DenseCopyOf(basis.Slice(0, dim, 0, len(inside.N)))
		at := func(h float64) *mat.Dense {
			m := LowRank{inside.R, make([]float64, len(inside.N))}
			for a, x := range inside.N {
				m.N[a] = 0.1*math.Abs(x)/(1+math.Abs(x)) + h*x
			}
			return m.Matrix(dim)
		}
		const step = 0.01
		one, err := own(v, at(0), delta).Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		two, err := own(v, at(step), delta).Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		var moved, off mat.Dense
		moved.Sub(at(step), at(0))
		off.Sub(two.Matrix, one.Matrix)
		size := max(mat.Norm(at(0), 2), mat.Norm(at(step), 2))
		bound := v.Lipschitz(size, inside.R) * mat.Norm(&moved, 2)
		ran++
		got := mat.Norm(&off, 2)
		closest = max(closest, got/bound)
		if got-one.Err-two.Err > bound {
			t.Errorf("case %d: the gradient moves by %.4g, its bound is %.4g", i, got, bound)
		}
	}
	if ran < enough.Least(15) || closest < 0.05 {
		t.Errorf("%d pairs were compared, of which the gradient moved by %.2g of its bound at most", ran, closest)
	}
}
