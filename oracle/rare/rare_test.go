package rare

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// pairOf is weights 1 : r at means 0 and m on a line, seen from the first, M = s/m.
func pairOf(r, m, s float64) seen {
	return seen{offset: []float64{0, math.Log(r)}, slope: [][]float64{{0}, {s}}}
}

// Design points and bounds of two components on a line, beside values computed to 12
// digits by an adaptive quadrature.
func TestStepsOnALine(t *testing.T) {
	at := place{mean: []float64{0}, along: [][]float64{{1}}, noise: 0}
	for _, c := range []struct {
		r, m, s, t, share, second, mass, moment float64
	}{
		{1e-9, 20, 5, 3.89312, .221376, 4.208509, 5.644016e-5, 2.093807e-4},
		{1e-60, 400, 40, 3.512395, .912190, 3.530762, 2.799553e-4, 1.036043e-3},
		{1e-3, 4, 1, .9972964, 1.644258e-3 * math.Exp(.9972964*.9972964/2), 1.985539, 1.641420e-3, 1.908805e-3},
	} {
		s := pairOf(c.r, c.m, c.s)
		point, _ := s.pointOf(1, 1)
		second, _ := s.pointOf(1, 2)
		p := make([]float64, 2)
		s.shares(p, point)
		for _, x := range [][2]float64{{point[0], c.t}, {second[0], c.second}, {p[1], c.share}} {
			if math.Abs(x[0]-x[1]) > 2e-6*x[1] {
				t.Errorf("r = %g: %.8g, want %.8g", c.r, x[0], x[1])
			}
		}
		b := chances{[]choice{{s, 1}}, 1}.bound(point, at)
		const tight = 1.3
		if !(c.mass <= b.mass && b.mass <= tight*c.mass && c.moment <= b.moment && b.moment <= tight*c.moment) {
			t.Errorf("r = %g: bounds %.6g and %.6g of %.6g and %.6g", c.r, b.mass, b.moment, c.mass, c.moment)
		}
	}
}

// pointOf is the design point of p_k^power.
func (s seen) pointOf(k int, power float64) (t []float64, off float64) {
	origin, steps := make([]float64, len(s.slope[0])), 1000
	return search{chances{[]choice{{s, k}}, power}, origin, origin, &steps}.designPoint()
}

// drawn is a random softmax of k components in q directions of slopes up to steep.
func drawn(rng *rand.Rand, k, q int, steep float64) seen {
	s := seen{offset: make([]float64, k), slope: make([][]float64, k)}
	for i := range k {
		s.slope[i] = make([]float64, q)
		size := math.Exp(rng.Float64() * math.Log(steep))
		for c := range q {
			s.slope[i][c] = size * rng.NormFloat64()
		}
		s.offset[i] = -4 * size * rng.Float64()
	}
	return s
}

// F is 1-strongly concave, and the steps end at its maximum, however steep.
func TestDesignPointsAreFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for i := range enough.Cases(100) {
		s := drawn(rng, 2+i%7, 1+i%5, 1e3)
		for k := range s.offset {
			for _, power := range []float64{1, 2} {
				if _, off := s.pointOf(k, power); !(off < 1e-5) {
					t.Errorf("case %d, component %d, power %g: the gradient is %.2g", i, k, power, off)
				}
			}
		}
	}
}

// average integrates p_k and |x|p_k, x = mean + t, over a line.
func (s seen) average(k int, mean float64) (mass, moment float64) {
	p := make([]float64, len(s.offset))
	const h = 1e-3
	for n := -13000; n <= 13000; n++ {
		x := float64(n) * h
		s.shares(p, []float64{x})
		w := h * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) * p[k]
		mass += w
		moment += w * math.Abs(mean+x)
	}
	return mass, moment
}

// The bounds hold on lines, for every component.
func TestBoundsHold(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for i := range enough.Cases(10) {
		s := drawn(rng, 2+i%3, 1, 30)
		mean := 2 * rng.NormFloat64()
		at := place{mean: []float64{mean}, along: [][]float64{{1}}}
		for k := range s.offset {
			c := chances{[]choice{{s, k}}, 1}
			point, _ := s.pointOf(k, 1)
			mass, moment := s.average(k, mean)
			const quadrature = 1e-6
			if b := c.bound(point, at); mass > b.mass*(1+quadrature)+1e-30 || moment > b.moment*(1+quadrature)+1e-30 {
				t.Errorf("case %d: %.8g and %.8g are bounded by %.8g and %.8g", i, mass, moment, b.mass, b.moment)
			}
		}
	}
}

// With all visited, the averages over kept components and the visits are those of the whole softmax.
func TestVisitsCompleteTheSoftmax(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for i := range enough.Cases(6) {
		s := drawn(rng, 3+i%3, 1, 30)
		k := len(s.offset)
		x := Softmax{Weight: make([]float64, k), Slope: s.slope, Anchor: mat.NewDense(1, k, nil), Along: mat.NewDense(1, 1, []float64{1}), Noise: 1}
		for j := range k {
			x.Offset = append(x.Offset, s.offset)
			x.Between = append(x.Between, make([]float64, k))
			for l := range k {
				x.Between[j][l] = 1
			}
			x.Weight[j] = 1 / float64(k)
		}
		plan := x.Plan(1<<15, 0, 100, rand.NewPCG(9, 9))
		const n = 1 << 12
		z := mat.NewDense(n, 1, nil)
		for r := range n {
			z.Set(r, 0, rng.NormFloat64())
		}
		p, tp := mat.NewDense(k, k, nil), mat.NewDense(1, k, nil)
		for _, v := range plan.Visits {
			v.Add(z, p, tp)
		}
		for j := range k {
			for l := range k {
				whole, _ := s.average(l, 0)
				kept := 0.0
				if plan.Kept[j][l] {
					kept, _ = s.over(plan.Kept[j]).average(l, 0)
				}
				if off := math.Abs(kept + p.At(j, l) - whole); off > 1e-3*whole+1e-12 && off > .1*math.Abs(whole-kept) {
					t.Errorf("case %d: component %d: %.8g + %.8g beside %.8g", i, l, kept, p.At(j, l), whole)
				}
			}
		}
	}
}
