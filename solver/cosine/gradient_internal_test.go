package cosine

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// some is a search over a mixture in so many dimensions of the Fisher subspace.
func some(l Loss, fisher int, delta float64) *search {
	f := &search{evaluator: newEvaluator(l, law{[]float64{0.2, 0.5, 0.3}, delta}), fisher: fisher, whole: fisher + 2, rng: rand.New(rand.NewPCG(3, 9))}
	f.means = mat.NewDense(fisher, 3, nil)
	f.means.Apply(func(i, k int, _ float64) float64 { return []float64{1.2, -0.7, 0.4, 0.3, 1.1, -0.9}[3*i+k] }, f.means)
	f.even = evening(f.means, f.law.weights)
	return f
}

// The remainder of the first Taylor polynomial is of the second order.
func TestGradientByTaylorSlope(t *testing.T) {
	const τ = 0.6
	for name, l := range map[string]Loss{"infonce": InfoNCE(τ), "1 negative": Negatives(1, τ), "6 negatives": Negatives(6, τ), "sigmoid": Sigmoid(3, Bias{}, τ), "sigmoid of a bias": Sigmoid(1, Bias{true, -0.3}, τ)} {
		for columns := 1; columns <= 3; columns++ {
			for fisher := 1; fisher <= 2; fisher++ {
				if columns == 3 && (l.temperature != τ || name == "1 negative" || name == "6 negatives") {
					continue // dear
				}
				f := some(l, fisher, 0.75)
				s := shape{fisher, min(2, columns), columns}
				of := f.function(s, precision{24, 1 << 12})
				θ := f.from(s, nil)[1]
				direction, gradient := make([]float64, len(θ)), make([]float64, len(θ))
				for i := range direction {
					direction[i] = f.rng.NormFloat64() / 4
				}
				here := of(θ, gradient)
				slope := floats.Dot(gradient, direction)
				ignored := make([]float64, len(θ))
				remainder := func(h float64) float64 {
					moved := make([]float64, len(θ))
					floats.AddScaledTo(moved, θ, h, direction)
					return math.Abs(of(moved, ignored) - here - h*slope)
				}
				if wide, narrow := remainder(1e-2), remainder(1e-3); !(narrow < wide/50 || narrow < 1e-10) || math.IsNaN(here) {
					t.Errorf("%s, %d columns, %d dimensions: remainders %.3g and %.3g", name, columns, fisher, wide, narrow)
				}
			}
		}
	}
}

// Harmonics of a rule are orthonormal: what is analysed is what was synthesised, and convolution with 1 is the integral.
func TestHarmonics(t *testing.T) {
	for r, l := range map[int]layout{1: {}, 2: {around: 32}, 3: {around: 24, rings: 16}} {
		f := newField(r, l)
		rng := rand.New(rand.NewPCG(1, uint64(r)))
		c, back := make([]complex128, len(f.degree)), make([]complex128, len(f.degree))
		for i := range c {
			c[i] = complex(rng.NormFloat64(), 0)
		}
		values := make([]float64, len(f.at))
		f.synthesise(values, c)
		f.analyse(back, values)
		for i := range c {
			if d := c[i] - back[i]; math.Hypot(real(d), imag(d)) > 1e-12 {
				t.Errorf("r = %d: coefficient %d is %v, analysed %v", r, i, c[i], back[i])
			}
		}
		one := f.convolved(f.tabulated(func(float64) float64 { return 1 }), values)
		ones := make([]float64, len(values))
		for i := range ones {
			ones[i] = 1
		}
		if total := f.integral(values, ones); math.Abs(one[0]-total) > 1e-12*(1+math.Abs(total)) {
			t.Errorf("r = %d: the integral is %g, the convolution with 1 %g", r, total, one[0])
		}
		// The transpose of kernel is spread.
		values, degrees := make([]float64, len(f.angles())), make([]float64, len(f.kernel(make([]float64, len(f.angles())))))
		for i := range values {
			values[i] = math.Exp(f.angles()[i])
		}
		for i := range degrees {
			degrees[i] = 1 / float64(1+i)
		}
		if a, b := floats.Dot(f.kernel(values), degrees), floats.Dot(values, f.spread(degrees)); math.Abs(a-b) > 1e-11*math.Abs(a) {
			t.Errorf("r = %d: ⟨kernel, degrees⟩ = %.15g, ⟨values, spread⟩ = %.15g", r, a, b)
		}
	}
}

func BenchmarkLossAndGradient(b *testing.B) {
	f := &search{evaluator: newEvaluator(InfoNCE(0.5), law{[]float64{0.5, 0.5}, 1}), fisher: 1, whole: 2}
	f.means = mat.NewDense(1, 2, []float64{1, -1})
	f.even = evening(f.means, f.law.weights)
	of := f.function(shape{1, 1, 2}, fine(2))
	gradient := make([]float64, 4)
	for b.Loop() {
		of([]float64{1, 0, 0, 0.3}, gradient)
	}
}
