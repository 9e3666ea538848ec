package planar

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
)

// plain is the loss at a shape with noise by a plain sum over directions of (x, ν), at nodes of Fejér's and of the trapezoidal rule.
func plain(m Mixture, n Noisy, scale float64) float64 {
	const around, up = 44, 36
	var f [][3]float64
	var given [][]float64
	var mass []float64
	means := m.turned(n.Axis)
	for j := range up { // Fejér's rule, exact for polynomials of the height
		angle := math.Pi * (float64(j) + .5) / up
		weight := 1.0
		for k := 1; k <= up/2; k++ {
			weight -= 2 * math.Cos(2*float64(k)*angle) / float64(4*k*k-1)
		}
		weight *= 2. / up
		z := math.Cos(angle)
		for i := range around {
			sin, cos := math.Sincos(2 * math.Pi * (float64(i) + .3) / around)
			v := [3]float64{cos * math.Sin(angle), sin * math.Sin(angle), z}
			u := [3]float64{v[0], n.Ratio * v[1], n.Noise * v[2]}
			long := math.Sqrt(u[0]*u[0] + u[1]*u[1] + u[2]*u[2])
			f = append(f, [3]float64{u[0] / long, u[1] / long, u[2] / long})
			var of []float64
			total := 0.0
			for k, x := range means {
				d := x[0]*v[0] + x[1]*v[1]
				p := weight * 2 * math.Pi / around * solid(d, math.Sqrt(math.Max(0, x[0]*x[0]+x[1]*x[1]-d*d)))
				of = append(of, p)
				total += m.weights[k] * p
			}
			given, mass = append(given, of), append(mass, total)
		}
	}
	loss := 0.0
	var all [3]float64
	square := func(x [3]float64) float64 { return x[0]*x[0] + x[1]*x[1] + x[2]*x[2] }
	for k, w := range m.weights {
		var mean [3]float64
		for j, x := range f {
			for c := range x {
				mean[c] += given[j][k] * x[c]
				all[c] += w * given[j][k] * x[c]
			}
		}
		loss -= m.delta * w * scale * square(mean)
	}
	loss -= (1 - m.delta) * scale * square(all)
	for i, a := range f {
		z := 0.0
		for j, b := range f {
			z += mass[j] * math.Exp(scale*(a[0]*b[0]+a[1]*b[1]+a[2]*b[2]))
		}
		loss += mass[i] * math.Log(z)
	}
	return loss
}

// The loss with noise is that of a plain sum.
func TestOutsideAgainstPlainSum(t *testing.T) {
	for i, n := range []Noisy{{Shape{0, 1}, 1}, {Shape{0.4, 0.7}, 0.5}, {Shape{2.2, 0.6}, 1.2}} {
		m, k := three(1, 0.8), []float64{3, 2, 0.5}[i]
		l, err := m.Outside(n, 1/k, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		const sharp = 1e-6 // of the plain sum
		if want := plain(m, n, k); math.Abs(l.Value-want) > l.Error+sharp || l.Error > sharp {
			t.Errorf("κ = %v at %v: %v ± %v, of a plain sum %v", k, n, l.Value, l.Error, want)
		}
	}
}

// Errors that are told cover what a finer rule changes.
func TestOutsideErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range enough.Cases(24) {
		m, k := drawn(rng), 0.5+3*rng.Float64()
		n := Noisy{Shape{3 * rng.Float64(), math.Exp(-2 * rng.Float64())}, math.Exp(-2 * rng.Float64())}
		rough, err := m.Outside(n, 1/k, 1e-2)
		if err != nil {
			t.Fatal(err)
		}
		fine, err := m.Outside(n, 1/k, 1e-7)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(rough.Value-fine.Value) > rough.Error+fine.Error {
			t.Errorf("%+v, κ = %v at %v: %v, and more finely %v", m, k, n, rough, fine)
		}
	}
}
