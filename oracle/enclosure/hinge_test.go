package enclosure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// hinges are the terms of both scores.
var hinges = map[string]func(side *whitened.Mixture, m *mat.Dense, delta, margin float64, work *enclosure.Budget) *enclosure.Hinge{
	"dot": enclosure.NewHinge, "distance": enclosure.NewDistanceHinge,
}

// bell is the density of N(0, 1), and its distribution function.
func bell(z float64) (density, below float64) {
	return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi), math.Erfc(-z/math.Sqrt2) / 2
}

// In one dimension t = m(y − x̂)x, and for distances t = ½m((x − x̂)² − (x − y)²): given x̂ and y a step of x, whose means are closed. What is left is an integral over y − x̂ and
// ½(y + x̂), independent, of smooth functions, which trapezoidal rules give to many digits.
func TestHingeAgainstTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 1))
	const step, reach = 1.0 / 64, 9
	grid := func(step float64, visit func(z, p float64)) {
		for z := -reach + step/2; z < reach; z += step {
			p, _ := bell(z)
			visit(z, p*step)
		}
	}
	for i := range enough.Cases(12) {
		v := side(t, rng, 2+i%2, 1, 1)
		m, delta, margin := math.Copysign(0.1+0.3*rng.Float64(), rng.NormFloat64()), []float64{1, 0.5, 0}[i%3], math.Exp(rng.NormFloat64()/2)
		for name, hinge := range hinges {
			var gradient, curvature float64
			// add averages over x under one label, where t = m(slope x + rest)
			add := func(p, mean, slope, rest float64) {
				mean = slope*mean + rest
				width := math.Abs(m * slope)
				density, below := bell((margin + m*mean) / width)
				gradient += p * (mean*below + math.Copysign(math.Abs(slope), m)*density)
				curvature += p * density / width * margin * margin / (m * m) // t = −α
			}
			for j, wj := range v.Weights {
				for k, wk := range v.Weights {
					partner := (1 - delta) * wk
					if k == j {
						partner += delta
					}
					for l, wl := range v.Weights {
						grid(step, func(a, p float64) {
							p *= wj * partner * wl
							if slope := math.Sqrt2*a + v.Means.At(0, l) - v.Means.At(0, k); slope == 0 || p == 0 {
							} else if name == "dot" {
								add(p, v.Means.At(0, j), slope, 0)
							} else {
								const coarse = 0.25
								grid(coarse, func(b, q float64) {
									middle := math.Sqrt2/2*b + (v.Means.At(0, l)+v.Means.At(0, k))/2
									add(p*q, v.Means.At(0, j), slope, -slope*middle)
								})
							}
						})
					}
				}
			}
			term := hinge(v, mat.NewDense(1, 1, []float64{m}), delta, margin, nil)
			g, err := term.Bounded(1e-13, nil)
			if err != nil {
				t.Fatal(err)
			}
			const digits = 1e-9
			if off := math.Abs(g.Matrix.At(0, 0) - gradient); off > g.Err+digits*(1+math.Abs(gradient)) {
				t.Errorf("case %d, %s: the gradient is %.14g, by its definition %.14g, off by %.2g with a bound of %.2g", i, name, g.Matrix.At(0, 0), gradient, off, g.Err)
			}
			if got := term.Modulus(0); !(got <= curvature*(1+digits) && got >= curvature*(1-1e-5)-digits) {
				t.Errorf("case %d, %s: the modulus is %.10g, the curvature %.10g", i, name, got, curvature)
			}
		}
	}
}

// What a coarse rule leaves is within its bound, whatever the dimension, the size of M and the law.
func TestHingeBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 2))
	for name, hinge := range hinges {
		ran, tight := 0, 0
		for i := range enough.Cases(60) {
			d := 1 + i%3
			v := side(t, rng, 2+i%3, d, math.Exp(3*rng.Float64()))
			m := randomSymmetric(rng, d, math.Exp(-4*rng.Float64()))
			term := hinge(v, m, []float64{1, 0.25}[i%2], 1, nil)
			fine, err := term.Bounded(1e-13*term.Scale(), nil)
			if err != nil {
				continue
			}
			ran++
			for _, tolerance := range []float64{1e-1, 1e-3, 1e-6} {
				coarse, err := term.Bounded(tolerance*term.Scale(), nil)
				if err != nil {
					t.Fatal(err)
				}
				var off mat.Dense
				off.Sub(coarse.Matrix, fine.Matrix)
				distance := mat.Norm(&off, 2)
				if distance > coarse.Err+fine.Err {
					t.Errorf("case %d, %s: off by %.3g with a bound of %.3g", i, name, distance, coarse.Err)
				}
				if distance > coarse.Err/1e4 {
					tight++
				}
			}
		}
		if ran < enough.Least(50) || tight < enough.Least(10) {
			t.Errorf("%s: %d cases ran, and %d bounds were within 10⁴ of what they bound: too few", name, ran, tight)
		}
	}
}

// The gradient moves at least as the modulus says, and no faster than the steepest slope: along random lines to points within its reach.
func TestHingeModulus(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 3))
	ran, tight := 0, 0
	for i := range enough.Cases(30) {
		d := 1 + i%3
		v := side(t, rng, 2+i%2, d, 1+rng.Float64())
		m, direction := randomSymmetric(rng, d, 0.2), randomSymmetric(rng, d, 1)
		direction.Scale(1/mat.Norm(direction, 2), direction)
		for name, hinge := range hinges {
			here := hinge(v, m, 1, 1, nil)
			steepest := here.Steepest() // everywhere
			h := here.Modulus(0)
			if about := here.Steepest(); about > steepest || about < h {
				t.Errorf("case %d, %s: the steepest slope is %.6g about M, %.6g everywhere, and at least %.6g", i, name, about, steepest, h)
			}
			if !(h > 0) {
				continue
			}
			for g := h; g > h/1e8; g /= 4 {
				c := here.Modulus(g)
				if c == 0 {
					continue
				}
				ran++
				step := g / c
				rise := slopeRise(t, here, hinge(v, moved(m, direction, step), 1, 1, nil), direction)
				if rise < g-1e-10 {
					t.Errorf("case %d, %s: the slope rises by %.6g over %.3g, where at least %.6g is claimed", i, name, rise, step, g)
				}
				if most := step * steepest; rise > most+1e-10 {
					t.Errorf("case %d, %s: the slope rises by %.6g over %.3g, where at most %.6g is claimed", i, name, rise, step, most)
				} else if rise > most/1e3 {
					tight++
				}
			}
		}
	}
	if ran < enough.Least(50) || tight < enough.Least(20) {
		t.Errorf("%d steps ran, %d near the steepest slope: too few", ran, tight)
	}
}

func moved(m, direction *mat.Dense, step float64) *mat.Dense {
	out := new(mat.Dense)
	out.Scale(step, direction)
	out.Add(out, m)
	return out
}

// slopeRise is ⟨∇f(there) − ∇f(here), V⟩.
func slopeRise(t *testing.T, here, there *enclosure.Hinge, direction *mat.Dense) float64 {
	t.Helper()
	one, err := here.Bounded(1e-13, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := there.Bounded(1e-13, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rise mat.Dense
	rise.Sub(two.Matrix, one.Matrix)
	rise.MulElem(&rise, direction)
	return mat.Sum(&rise)
}
