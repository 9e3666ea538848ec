package descent_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// rosenbrock is Σ 100(θ_{i+1} − θᵢ²)² + (1 − θᵢ)².
func rosenbrock(θ, g []float64) (f float64) {
	clear(g)
	for i := range len(θ) - 1 {
		a, b := θ[i+1]-θ[i]*θ[i], 1-θ[i]
		f += 100*a*a + b*b
		g[i] -= 400*a*θ[i] + 2*b
		g[i+1] += 200 * a
	}
	return f
}

// himmelblau has four minima of value 0.
func himmelblau(θ, g []float64) float64 {
	x, y := θ[0], θ[1]
	a, b := x*x+y-11, x+y*y-7
	g[0], g[1] = 4*a*x+2*b, 2*a+4*b*y
	return a*a + b*b
}

// saddle is x²/2 + y⁴/4 − y²/2: its origin is a saddle, at which the gradient of a start with y = 0 stays without y.
func saddle(θ, g []float64) float64 {
	x, y := θ[0], θ[1]
	g[0], g[1] = x, y*y*y-y
	return x*x/2 + y*y*y*y/4 - y*y/2
}

// twoWells has the minima near ±1, of which that at −1 is deeper.
func twoWells(θ, g []float64) float64 {
	x := θ[0]
	g[0] = 4*x*(x*x-1) + 0.3
	return (x*x-1)*(x*x-1) + 0.3*x
}

// rayleigh is tr AᵀDA(AᵀA)⁻¹ for one column: it depends on the direction of A alone, and 1 is the least.
func rayleigh(θ, g []float64) float64 {
	num, den := 0.0, floats.Dot(θ, θ)
	for i, x := range θ {
		num += float64(i+1) * x * x
	}
	for i, x := range θ {
		g[i] = 2 * (float64(i+1) - num/den) * x / den
	}
	return num / den
}

func alongItself(θ []float64) *mat.Dense {
	return mat.NewDense(len(θ), 1, append([]float64{}, θ...))
}

func TestStationaryOnStandardProblems(t *testing.T) {
	for name, c := range map[string]struct {
		f         descent.Function
		starts    [][]float64
		o         descent.Search
		value     float64
		curvature float64 // NaN if not known
		reached   int
	}{
		"rosenbrock":         {f: rosenbrock, starts: [][]float64{{-1.2, 1}}, curvature: 0.399361, reached: 1},
		"rosenbrock of 7":    {f: rosenbrock, starts: [][]float64{{-0.2, 1, 0.3, 0, 0.5, 0.1, 0}, {0, 0, 0, 0, 0, 0, 0}}, curvature: math.NaN(), reached: 2},
		"rosenbrock of 70":   {f: rosenbrock, starts: [][]float64{make([]float64, 70)}, curvature: math.NaN(), reached: 1},
		"himmelblau":         {f: himmelblau, starts: [][]float64{{0, 0}, {-4, 4}, {-3, -3}}, curvature: math.NaN(), reached: 3},
		"a saddle":           {f: saddle, starts: [][]float64{{1, 0}}, value: -0.25, curvature: 1, reached: 1},
		"a start at it":      {f: saddle, starts: [][]float64{{0, 0}}, value: -0.25, curvature: 1, reached: 1},
		"two wells":          {f: twoWells, starts: [][]float64{{1}, {-0.5}, {0.7}}, value: -0.305428483743916, curvature: math.NaN(), reached: 1},
		"without a scale":    {f: rayleigh, starts: [][]float64{{0.2, 1, -1}}, o: descent.Search{Flat: alongItself}, value: 1, curvature: math.NaN(), reached: 1},
		"where it is NaN":    {f: func(θ, g []float64) float64 { g[0] = 1 - 1/θ[0]; return θ[0] - math.Log(θ[0]) }, starts: [][]float64{{-1}, {3}}, value: 1, curvature: 1, reached: 1},
		"already stationary": {f: himmelblau, starts: [][]float64{{3, 2}}, curvature: 25.7157, reached: 1},
	} {
		p := descent.Stationary(c.f, c.starts, c.o)
		if math.Abs(p.Value-c.value) > 1e-9 || p.GradientNorm > 1e-11 || p.LeastCurvature <= 0 || p.Reached != c.reached {
			t.Errorf("%s: expected the value %g by %d starts, found %+v", name, c.value, c.reached, p)
		}
		if math.Abs(p.LeastCurvature-c.curvature) > 1e-4*c.curvature || p.CurvatureError > 1e-4 {
			t.Errorf("%s: expected the least curvature %g, found %g ± %g", name, c.curvature, p.LeastCurvature, p.CurvatureError)
		}
		gradient := make([]float64, len(p.At))
		if v := c.f(p.At, gradient); v != p.Value || floats.Norm(gradient, 2) != p.GradientNorm {
			t.Errorf("%s: value and gradient are not those of the point", name)
		}
	}
}

// Of ½‖θ‖²-like forms with a flat rotation, −tr AᵀBA + ¼‖AᵀA‖², the curvature along the rotation is not seen, and is 0 when it is.
func TestStationaryAlongSymmetries(t *testing.T) {
	const d, r = 3, 2
	f := func(θ, g []float64) float64 {
		a, into := mat.NewDense(d, r, θ), mat.NewDense(d, r, g)
		ba := mat.DenseCopyOf(a)
		ba.Apply(func(i, _ int, x float64) float64 { return float64(i+1) * x }, ba)
		var gram, term mat.Dense
		gram.Mul(a.T(), a)
		term.Mul(a, &gram)
		into.Sub(&term, ba)
		norm := mat.Norm(&gram, 2)
		var inner mat.Dense
		inner.Mul(a.T(), ba)
		return norm*norm/4 - mat.Trace(&inner)/2
	}
	turns := func(θ []float64) *mat.Dense {
		out := mat.NewDense(d*r, 1, nil)
		for i := range d {
			out.Set(i*r, 0, θ[i*r+1])
			out.Set(i*r+1, 0, -θ[i*r])
		}
		return out
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		start := make([]float64, d*r)
		for i := range start {
			start[i] = rng.NormFloat64()
		}
		// A = (√2 e₂, √3 e₃) up to a rotation: −¼(4 + 9); the curvatures are 1, 1, … and 0 along the rotation.
		with := descent.Stationary(f, [][]float64{start}, descent.Search{Flat: turns})
		without := descent.Stationary(f, [][]float64{start}, descent.Search{})
		for _, p := range []descent.StationaryPoint{with, without} {
			if math.Abs(p.Value+3.25) > 1e-12 || p.GradientNorm > 1e-11 {
				t.Fatalf("from %v: %+v", start, p)
			}
		}
		if math.Abs(with.LeastCurvature-1) > 1e-5 || math.Abs(without.LeastCurvature) > 1e-6 {
			t.Fatalf("curvatures %g and, with the rotation, %g", with.LeastCurvature, without.LeastCurvature)
		}
	}
}

// The same starts have the same result, bit for bit.
func TestStationaryIsDeterministic(t *testing.T) {
	starts := [][]float64{{0, 0}, {-4, 4}, {3, -2}}
	one, two := descent.Stationary(himmelblau, starts, descent.Search{}), descent.Stationary(himmelblau, starts, descent.Search{})
	if one.Value != two.Value || !floats.Equal(one.At, two.At) || one.LeastCurvature != two.LeastCurvature {
		t.Errorf("%+v and %+v", one, two)
	}
}
