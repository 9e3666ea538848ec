package quadrature_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
)

// means returns the mean of f over each shift of a lattice in q directions.
func means(l *quadrature.Lattice, q int, f func(t []float64) float64) []float64 {
	out := make([]float64, quadrature.Copies)
	t := make([]float64, q)
	for c := range out {
		for n := range l.Points() {
			l.Node(c, n, t)
			out[c] += f(t) / float64(l.Points())
		}
	}
	return out
}

// Three standard errors of the shifts bound the error in 98 % of cases, and the error
// falls with the points.
func TestLatticesKnowTheirError(t *testing.T) {
	for _, q := range []int{12, 100} { // the latter beyond the generating vector
		knowTheirError(t, q, enough.Cases(1200/q))
	}
}

func knowTheirError(t *testing.T, q, runs int) {
	rng := rand.New(rand.NewPCG(2, 0))
	beyond := 0
	var coarse, fine float64
	for run := range runs {
		c := make([]float64, q)
		for a := range c {
			c[a] = 0.5 * rng.NormFloat64() / math.Sqrt(float64(a+1))
		}
		want := math.Exp(floats.Dot(c, c) / 2)
		off := func(log int) (error, spread float64) {
			m := means(quadrature.NewLattice(q, log, uint64(run)), q, func(t []float64) float64 { return math.Exp(floats.Dot(c, t)) })
			mean := floats.Sum(m) / quadrature.Copies
			for _, x := range m {
				spread += (x - mean) * (x - mean)
			}
			return math.Abs(mean - want), math.Sqrt(spread / (quadrature.Copies * (quadrature.Copies - 1)))
		}
		error, spread := off(9)
		if error > 3*spread {
			beyond++
		}
		coarser, _ := off(5)
		coarse, fine = coarse+coarser/want, fine+error/want
	}
	if beyond > max(1, runs/50) {
		t.Errorf("%d of %d errors exceed three standard errors", beyond, runs)
	}
	if fine > coarse/5 { // √16 were chance's
		t.Errorf("sixteen times the points lower the mean error from %.2g to %.2g only", coarse/float64(runs), fine/float64(runs))
	}
}

func TestLatticeNodesAreFiniteAndNormal(t *testing.T) {
	const q = quadrature.MostDirections
	l := quadrature.NewLattice(q, 10, 1)
	node, sums := make([]float64, q), make([]float64, q)
	for n := range l.Points() {
		l.Node(3, n, node)
		for i, x := range node {
			if math.IsInf(x, 0) || math.IsNaN(x) {
				t.Fatalf("point %d has coordinate %v", n, x)
			}
			sums[i] += x * x / float64(l.Points())
		}
	}
	for i, s := range sums {
		if math.Abs(s-1) > 0.02 {
			t.Errorf("direction %d: the mean of t² is %v, want 1", i, s)
		}
	}
}
