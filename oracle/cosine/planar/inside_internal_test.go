package planar

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
)

// three are three classes in a plane.
func three(m, delta float64) Mixture {
	return Mixture{weights: []float64{1. / 3, 1. / 3, 1. / 3}, means: [][2]float64{{m, 0}, {0, m}, {-m, -m}}, delta: delta, far: m * math.Sqrt2}
}

// direct is the loss at a shape by a plain sum over directions of x.
func direct(m Mixture, s Shape, scale float64) float64 {
	const n = 400
	c := make([][2]float64, n)
	given := make([][]float64, len(m.means))
	mass := make([]float64, n)
	for j := range c {
		sin, cos := math.Sincos(2 * math.Pi * (float64(j) + .3) / n)
		u, v := math.Cos(s.Axis)*cos+math.Sin(s.Axis)*sin, s.Ratio*(math.Cos(s.Axis)*sin-math.Sin(s.Axis)*cos)
		c[j] = [2]float64{u / math.Hypot(u, v), v / math.Hypot(u, v)}
		for k, x := range m.means {
			p := 2 * math.Pi / n * density(x[0]*cos+x[1]*sin, x[1]*cos-x[0]*sin)
			given[k] = append(given[k], p)
			mass[j] += m.weights[k] * p
		}
	}
	loss := 0.0
	var all [2]float64
	for k, w := range m.weights {
		var f [2]float64
		for j, p := range given[k] {
			f[0] += p * c[j][0]
			f[1] += p * c[j][1]
		}
		loss -= m.delta * w * scale * (f[0]*f[0] + f[1]*f[1])
		all[0] += w * f[0]
		all[1] += w * f[1]
	}
	loss -= (1 - m.delta) * scale * (all[0]*all[0] + all[1]*all[1])
	for i, a := range c {
		z := 0.0
		for j, b := range c {
			z += mass[j] * math.Exp(scale*(a[0]*b[0]+a[1]*b[1]))
		}
		loss += mass[i] * math.Log(z)
	}
	return loss
}

// The loss at a shape is that of a plain sum.
func TestInsideAgainstPlainSum(t *testing.T) {
	for _, scale := range []float64{0.5, 2, 10} {
		for _, s := range []Shape{{0, 1}, {0.4, 0.3}, {2.2, 0.6}} {
			m := three(1, 0.8)
			l, err := m.at(s, newBessel(scale, 1e-15), scale, 1e-13)
			if err != nil {
				t.Fatal(err)
			}
			const sharp = 1e-10
			if want := direct(m, s, scale); math.Abs(l.value-want) > l.error+sharp || l.error > sharp {
				t.Errorf("κ = %v at %v: %v ± %v, of a plain sum %v", scale, s, l.value, l.error, want)
			}
		}
	}
}

// Errors that are told cover what a finer rule changes.
func TestInsideErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range enough.Cases(80) {
		m, k := drawn(rng), 0.3+8*rng.Float64()
		s := Shape{3 * rng.Float64(), math.Exp(-4 * rng.Float64())}
		rough, err := m.at(s, newBessel(k, 1e-3), k, 1e-2)
		if err != nil {
			t.Fatal(err)
		}
		fine, err := m.at(s, newBessel(k, 1e-14), k, 1e-12)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(rough.value-fine.value) > rough.error+fine.error || rough.slope < fine.slope-1e-9 || rough.pairs < fine.pairs-1e-9 || rough.soft < fine.soft-1e-9 {
			t.Errorf("%+v, κ = %v at %v: %+v, and more finely %+v", m, k, s, rough, fine)
		}
	}
}
