package quadrature_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
)

// sketchOf is the sketch of functions given by value: the sums over orbits themselves.
func sketchOf(g *quadrature.Sparse, q int, functions ...func(t []float64) float64) quadrature.Sketch {
	return func(first int, into []float64) {
		for n := first; n < g.Orbits(); n++ {
			each(g, n, q, func(t []float64) {
				for r, f := range functions {
					into[(n-first)*len(functions)+r] += f(t)
				}
			})
		}
	}
}

// each visits the nodes of an orbit in q directions and returns their weight.
func each(g *quadrature.Sparse, n, q int, visit func(t []float64)) (weight float64) {
	var o quadrature.Orbit
	weight = g.Orbit(n, &o)
	t := make([]float64, q)
	for signs := range o.Size() {
		clear(t)
		for a, d := range o.Directions {
			t[d] = o.Nodes[a]
			if signs>>a&1 == 1 {
				t[d] = -t[d]
			}
		}
		visit(t)
	}
	return weight
}

// A refined grid knows E t_a² t_b² t_c⁴ and the like exactly.
func TestSparseGridsKnowPolynomials(t *testing.T) {
	const q = 6
	rng := rand.New(rand.NewPCG(1, 0))
	moments := map[int]float64{0: 1, 2: 1, 4: 3, 6: 15}
	for i := range enough.Cases(25) {
		powers, want := make([]int, q), 1.0
		for range 3 {
			a := rng.IntN(q)
			powers[a] = min(6, powers[a]+2*rng.IntN(3))
		}
		for _, p := range powers {
			want *= moments[p]
		}
		f := func(t []float64) float64 {
			value := 1.0
			for a, p := range powers {
				value *= math.Pow(t[a], float64(p))
			}
			return value
		}
		// Beside an exponential, whose differences lead the grid everywhere.
		lead := func(t []float64) float64 { return math.Exp(0.9 * floats.Sum(t)) }
		g := quadrature.NewSparse(q, 2)
		g.Refine(sketchOf(g, q, f, lead), 1e-4, 200_000)
		if got := g.Mean()[0]; math.Abs(got-want) > 1e-12*want*g.Condition {
			t.Errorf("case %d: E Π t^%v = %v, want %v (%v)", i, powers, got, want, g)
		}
	}
}

// E e^{cᵀt} = e^{|c|²/2} to the tolerance, by few nodes where most directions are flat.
func TestSparseGridsAdapt(t *testing.T) {
	const q, tolerance = 20, 1e-9
	c := make([]float64, q)
	var square float64
	for a := range c {
		c[a] = 0.8 * math.Pow(0.4, float64(a))
		square += c[a] * c[a]
	}
	want := math.Exp(square / 2)
	g := quadrature.NewSparse(q, 1)
	g.Refine(sketchOf(g, q, func(t []float64) float64 { return math.Exp(floats.Dot(c, t)) }), tolerance, 1_000_000)
	if off := math.Abs(g.Mean()[0] - want); off > g.Error || g.Error > tolerance {
		t.Errorf("%v: off by %.2g, error estimate %.2g, tolerance %g", g, off, g.Error, tolerance)
	}
	if g.Nodes() > 20_000 {
		t.Errorf("%v for %g: it does not adapt", g, tolerance)
	}
	total, nodes := 0.0, 0
	for n := range g.Orbits() {
		weight := each(g, n, q, func([]float64) { nodes++ })
		var o quadrature.Orbit
		g.Orbit(n, &o)
		total += weight * float64(o.Size())
	}
	if nodes != g.Nodes() || math.Abs(total-1) > 1e-13*g.Condition {
		t.Errorf("%d nodes of total weight %v, want %d of 1", nodes, total, g.Nodes())
	}
}

// Where the finest one-dimensional rule does not suffice the error says so.
func TestSparseGridsAreHonestBeyondTheFinestRule(t *testing.T) {
	const q = 3
	step := func(t []float64) float64 { return 1 / (1 + math.Exp(-30*(t[0]+0.3*t[1]-0.4))) }
	g := quadrature.NewSparse(q, 1)
	g.Refine(sketchOf(g, q, step), 1e-8, 1_000_000)
	exact := 0.5 * math.Erfc(0.4/math.Sqrt(1.09)/math.Sqrt2) // but for the step's width, 1e-3 in effect
	if off := math.Abs(g.Mean()[0] - exact); off > g.Error || g.Error < 1e-3 {
		t.Errorf("%v: off by %.2g, error estimate %.2g", g, off, g.Error)
	}
}

func TestSparseGridsKeepTheirLimit(t *testing.T) {
	const q, limit = 10, 5000
	g := quadrature.NewSparse(q, 1)
	g.Refine(sketchOf(g, q, func(t []float64) float64 { return 1 / (1 + math.Exp(-2*floats.Sum(t)-1)) }), 1e-12, limit)
	if g.Nodes() > 2*limit || g.Error <= 1e-12 {
		t.Errorf("%v within %d, error %.2g", g, limit, g.Error)
	}
}
