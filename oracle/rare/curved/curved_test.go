package curved

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// onLine is a softmax of logits a + bt + ½ct².
func onLine(logits ...[3]float64) Softmax {
	var s Softmax
	for _, l := range logits {
		s.Constant, s.Linear = append(s.Constant, l[0]), append(s.Linear, []float64{l[1]})
		s.Quadratic = append(s.Quadratic, mat.NewDense(1, 1, []float64{l[2]}))
	}
	return s
}

// mean is E[p_k g(t)] on a line, by a fine trapezoidal rule.
func (s Softmax) mean(k int, g func(t float64) float64) float64 {
	const h, reach = 1.0 / 128, 10
	var sum float64
	for t := -reach; float64(t) <= reach; t++ {
		for n := range 128 {
			x := float64(t) + h*float64(n)
			p, _ := s.shares([]float64{x})
			sum += h * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) * p[k] * g(x)
		}
	}
	return sum
}

// Tangents at the design point bound averages, of wide and of narrow components alike, and far ones by little.
func TestTangentsBoundAverages(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	bounded, sharp := 0, 0
	for i := range enough.Cases(80) {
		s := onLine([3]float64{}, [3]float64{-12 * rng.Float64(), 4 * rng.NormFloat64(), 0.6 * rng.NormFloat64()}, [3]float64{-6 * rng.Float64(), rng.NormFloat64(), 0.3 * rng.NormFloat64()})
		g := Growth{rng.Float64(), rng.Float64(), rng.Float64(), rng.Float64(), rng.Float64()}
		if i%2 == 0 {
			g = Growth{C: 1} // E p itself
		}
		for k := range s.Constant {
			d := s.bend(k)
			bound := s.bounded(k, d, g)
			if math.IsInf(bound, 1) {
				continue
			}
			bounded++
			got := s.mean(k, func(x float64) float64 { return g.mean(math.Abs(x)) })
			if got > bound*(1+1e-9) {
				t.Errorf("E[p|g|] = %g exceeds %g, d = %.3g: %v %v %v", got, bound, d, s.Constant, s.Linear, s.Quadratic)
			}
			if got > bound/10 {
				sharp++
			}
		}
	}
	if bounded < enough.Least(100) || sharp < bounded/2 {
		t.Errorf("%d bounded, %d of them sharply", bounded, sharp)
	}
}

// A component is seen where points are, and where too few are it is not: its bound is then no less than what they miss.
func TestHiddenComponents(t *testing.T) {
	const points = 1 << 14
	g := Growth{X0: 1, Y0: 1}
	for _, c := range []struct {
		name string
		of   Softmax
		k    int
		seen bool
	}{
		{"a near step", onLine([3]float64{}, [3]float64{-60, 30, 0}), 1, true},
		{"a far step", onLine([3]float64{}, [3]float64{-150, 30, 0}), 1, false},
		{"a wide component, early", onLine([3]float64{}, [3]float64{-2, 0, 0.3}), 1, true},
		{"a wide component that takes over at 5", onLine([3]float64{}, [3]float64{-12.5, 0, 1}), 1, false},
		{"one as much wider as the density falls", onLine([3]float64{}, [3]float64{-3, 0, 0.9}), 1, false},
		{"a narrow window of a wide component", onLine([3]float64{}, [3]float64{3, 0, -1e7}), 1, false},
		{"a window that is seen", onLine([3]float64{}, [3]float64{3, 0, -20}), 1, true},
	} {
		source := rand.NewPCG(2, 0)
		if seen := c.of.seen(c.k, c.of.bend(c.k), reachedBy(2*points), c.of.pilot(points, source)[c.k]); seen != c.seen {
			t.Errorf("%s: seen is %v", c.name, seen)
		}
		bound, open := c.of.Hidden(g, points, source)
		missed := c.of.mean(c.k, func(float64) float64 { return 1 })
		if rare := missed < 10.0/points; !c.seen && rare && bound < missed || c.seen && open > 1 {
			t.Errorf("%s: %d hidden, bounded by %.3g, of %.3g", c.name, open, bound, missed)
		}
	}
}

// In many directions the design point is the maximum, to the error that is told.
func TestDesignPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for range enough.Cases(40) {
		const k, q = 4, 5
		var s Softmax
		for range k {
			linear, quadratic := make([]float64, q), mat.NewDense(q, q, nil)
			for i := range q {
				linear[i] = 2 * rng.NormFloat64()
				for j := range i + 1 {
					x := 0.05 * rng.NormFloat64()
					quadratic.Set(i, j, x)
					quadratic.Set(j, i, x)
				}
			}
			s.Constant, s.Linear, s.Quadratic = append(s.Constant, rng.NormFloat64()), append(s.Linear, linear), append(s.Quadratic, quadratic)
		}
		d := s.bend(0)
		best, off := s.designPoint(0, 2, 1-2*d)
		top, _ := s.objective(0, 2, best)
		if off > 1e-6 {
			t.Errorf("the maximum is known to %g only", off)
		}
		for range 20 {
			other, apart := make([]float64, q), 0.0
			for i := range other {
				step := rng.NormFloat64()
				other[i] = best[i] + step
				apart += step * step
			}
			if value, _ := s.objective(0, 2, other); value > top-(1-2*d)*apart/2+off*math.Sqrt(apart)+1e-9 {
				t.Errorf("F is %g beside %g at its maximum, %g apart", value, top, math.Sqrt(apart))
			}
		}
	}
}
