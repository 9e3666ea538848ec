package enclosure_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// side draws a mixture of so many components in d dimensions, whitened by the frame that its covariance I makes exact.
func side(t *testing.T, rng *rand.Rand, components, d int, size float64) *whitened.Mixture {
	t.Helper()
	e := gmm.Exact{}
	for range components {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(9), 1))
		mean := make([]float64, d)
		for i := range mean {
			mean[i] = math.Round(64*size*rng.NormFloat64()) / 64
		}
		e.Means = append(e.Means, gmm.Rationals(mean...))
	}
	unit := mat.NewDense(d, d, nil)
	for i := range d {
		row := make([]float64, d)
		row[i] = 1
		unit.Set(i, i, 1)
		e.Covariance = append(e.Covariance, gmm.Rationals(row...))
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	v, err := whitened.See(m, gmm.Frame{Basis: unit})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func randomSymmetric(rng *rand.Rand, d int, size float64) *mat.Dense {
	m := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range i + 1 {
			x := size * rng.NormFloat64()
			m.Set(i, j, x)
			m.Set(j, i, x)
		}
	}
	return m
}

// In one dimension the gradient E[σ(t) x v] and the curvature E[σ′(t) (xv)²], t = mxv, are double integrals, which Gauss–Hermite rules
// give to ten digits where the score is not steep.
func TestLogisticAgainstTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 1))
	const points = 120
	nodes, weights := make([]float64, points), make([]float64, points)
	quad.Hermite{}.FixedLocations(nodes, weights, math.Inf(-1), math.Inf(1))
	normal := func(n int) (x, w float64) {
		return math.Sqrt2 * nodes[n], weights[n] / math.Sqrt(math.Pi)
	}
	for i := range 12 {
		v := side(t, rng, 2+i%2, 1, 1)
		m, delta := 0.2*rng.NormFloat64(), []float64{1, 0.5, 0}[i%3]
		var gradient, curvature float64
		for j, wj := range v.Weights {
			for k, wk := range v.Weights {
				partner := (1 - delta) * wk
				if k == j {
					partner += delta
				}
				for l, wl := range v.Weights {
					for a := range points {
						x, wx := normal(a)
						x += v.Means.At(0, j)
						for b := range points {
							z, wz := normal(b)
							z = math.Sqrt2*z + v.Means.At(0, l) - v.Means.At(0, k)
							p := wj * partner * wl * wx * wz
							s := 1 / (1 + math.Exp(-m*x*z))
							gradient += p * s * x * z
							curvature += p * s * (1 - s) * x * x * z * z
						}
					}
				}
			}
		}
		term := enclosure.NewTriplets(v, mat.NewDense(1, 1, []float64{m}), delta, nil)
		g, err := term.Bounded(1e-13, nil)
		if err != nil {
			t.Fatal(err)
		}
		const digits = 1e-9
		if off := math.Abs(g.Matrix.At(0, 0) - gradient); off > g.Err+digits {
			t.Errorf("case %d: the gradient is %.14g, by its definition %.14g, off by %.2g with a bound of %.2g", i, g.Matrix.At(0, 0), gradient, off, g.Err)
		}
		if got := term.Modulus(0); !(got <= curvature+digits && got >= curvature*(1-1e-5)) {
			t.Errorf("case %d: the modulus is %.10g, the curvature %.10g", i, got, curvature)
		}
	}
}

// What a coarse rule leaves is within its bound, whatever the dimension, the size of M and the law.
func TestLogisticBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 2))
	ran, tight := 0, 0
	for i := range enough.Cases(60) {
		d := 1 + i%3
		v := side(t, rng, 2+i%3, d, math.Exp(3*rng.Float64()))
		m := randomSymmetric(rng, d, math.Exp(-4*rng.Float64()))
		term := enclosure.NewTriplets(v, m, []float64{1, 0.25}[i%2], nil)
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
				t.Errorf("case %d: off by %.3g with a bound of %.3g", i, distance, coarse.Err)
			}
			if distance > coarse.Err/1e4 {
				tight++
			}
		}
	}
	if ran < enough.Least(50) || tight < enough.Least(10) {
		t.Errorf("%d cases ran, and %d bounds were within 10⁴ of what they bound: too few", ran, tight)
	}
}

// The gradient moves at least as the modulus says, and no faster than the steepest slope: along random lines to points within its reach.
func TestLogisticModulus(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 3))
	ran := 0
	for i := range enough.Cases(30) {
		d := 1 + i%3
		v := side(t, rng, 2+i%2, d, 1+rng.Float64())
		m, direction := randomSymmetric(rng, d, 0.2), randomSymmetric(rng, d, 1)
		direction.Scale(1/mat.Norm(direction, 2), direction)
		here := enclosure.NewTriplets(v, m, 1, nil)
		h := here.Modulus(0)
		if !(h > 0) {
			t.Fatalf("case %d: no modulus", i)
		}
		for g := h; g > h/1e4; g /= 4 {
			c := here.Modulus(g)
			if c == 0 {
				continue
			}
			ran++
			var moved, rise mat.Dense
			step := g / c
			moved.Scale(step, direction)
			moved.Add(&moved, m)
			there := enclosure.NewTriplets(v, &moved, 1, nil)
			one, err := here.Bounded(1e-12, nil)
			if err != nil {
				t.Fatal(err)
			}
			two, err := there.Bounded(1e-12, nil)
			if err != nil {
				t.Fatal(err)
			}
			rise.Sub(two.Matrix, one.Matrix)
			var slope float64
			for a := range d {
				for b := range d {
					slope += rise.At(a, b) * direction.At(a, b)
				}
			}
			if slope < g-1e-10 {
				t.Errorf("case %d: the slope rises by %.6g over %.3g, where at least %.6g is claimed", i, slope, step, g)
			}
			if most := step * here.Steepest(); slope > most+1e-10 {
				t.Errorf("case %d: the slope rises by %.6g over %.3g, where at most %.6g is claimed", i, slope, step, most)
			}
		}
	}
	if ran < enough.Least(50) {
		t.Errorf("%d steps ran: too few", ran)
	}
}
