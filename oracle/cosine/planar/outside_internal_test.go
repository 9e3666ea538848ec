package planar

import (
	"math"
	"testing"
	"time"
)

// plain is the loss at a shape with noise by a plain sum over directions of (x, ν), at nodes of Gauss–Legendre and of the trapezoidal rule.
func plain(m Mixture, n Noisy, scale float64) float64 {
	const around, up = 80, 60
	var f [][3]float64
	var given [][]float64
	var mass []float64
	means := m.turned(n.Axis)
	for j := range up { // midpoint in the cube root of the height would do; Fejér's rule is exact for polynomials
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

func TestOutsideAgainstPlainSum(t *testing.T) {
	for _, scale := range []float64{0.5, 2, 10} {
		for _, n := range []Noisy{{Shape{0, 1}, 1}, {Shape{0.4, 0.7}, 0.4}, {Shape{2.2, 0.6}, 1.3}} {
			m := three(1, 0.8)
			start := time.Now()
			l, err := m.Outside(n, 1/scale, 1e-10)
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(start)
			want := plain(m, n, scale)
			t.Logf("%v %v: %.14g ±%.1g want %.14g, %v", scale, n, l.Value, l.Error, want, took)
			if math.Abs(l.Value-want) > l.Error+1e-9 {
				t.Errorf("off")
			}
		}
	}
}
