package enclosure_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/whitened"

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

// In one dimension the gradient Σ m ε E[σ(u) X] and the curvature E[σ′(u) X²], jointly with the bias, are double integrals, which Gauss–Hermite rules
// give to ten digits where the score is not steep: digits of the sizes of their terms, which are small where σ is.
func TestLogisticAgainstTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 1))
	rule := newNormal(100)
	for _, k := range kinds {
		lost := max(1, k.lost)
		for i := range 6 {
			v := side(t, rng, 2+i%2, 1, 1)
			m, delta := 0.12*rng.NormFloat64(), []float64{1, 0.5, 0}[i%3]
			gradient, curvature, size := k.at(m, k.parts(v, delta, rule))
			term := k.of(v, mat.NewDense(1, 1, []float64{m}), delta)
			const digits = 1e-9
			g, err := term.Bounded(1e-3*digits*size, nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			if off := math.Abs(g.Matrix.At(0, 0) - gradient); off > g.Err+digits*size || !(g.Err < digits*lost*size) {
				t.Errorf("%s, case %d: the gradient is %.14g, by its definition %.14g, off by %.2g with a bound of %.2g, terms of size %.2g", k.name, i, g.Matrix.At(0, 0), gradient, off, g.Err, size)
			}
			if got := term.Modulus(0); !(got <= curvature*(1+digits) && got >= curvature*(1-1e-5*lost)) {
				t.Errorf("%s, case %d: the modulus is %.10g, the curvature %.10g", k.name, i, got, curvature)
			}
		}
	}
}

// What a coarse rule leaves is within its bound, whatever the dimension, the size of M and the law.
func TestLogisticBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 2))
	ran, tight := 0, 0
	for i := range enough.Cases(8 * len(kinds)) {
		k, d := kinds[i%len(kinds)], 1+i%3
		v := side(t, rng, 2+i%2, d, math.Exp(3*rng.Float64()))
		m := randomSymmetric(rng, d, math.Exp(-4*rng.Float64()))
		delta := []float64{1, 0.25}[rng.IntN(2)]
		fine, err := k.of(v, m, delta).Bounded(1e-13*k.of(v, m, delta).Scale(), nil)
		if err != nil {
			continue
		}
		ran++
		for _, tolerance := range []float64{1e-1, 1e-3, 1e-6} {
			term := k.of(v, m, delta)
			coarse, err := term.Bounded(tolerance*term.Scale(), nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			var off mat.Dense
			off.Sub(coarse.Matrix, fine.Matrix)
			distance := mat.Norm(&off, 2)
			if distance > coarse.Err+fine.Err {
				t.Errorf("%s, case %d: off by %.3g with a bound of %.3g", k.name, i, distance, coarse.Err)
			}
			if distance > coarse.Err/1e4 {
				tight++
			}
		}
	}
	if ran < enough.Least(5*len(kinds)) || tight < enough.Least(len(kinds)) {
		t.Errorf("%d cases ran, and %d bounds were within 10⁴ of what they bound: too few", ran, tight)
	}
}

// The gradient moves at least as the modulus says, and no faster than the steepest slope: along random lines to points within its reach.
func TestLogisticModulus(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 3))
	ran := map[string]int{}
	for i := range enough.Cases(5 * len(kinds)) {
		k, d := kinds[i%len(kinds)], 1+i%3
		v := side(t, rng, 2+i%2, d, 1+rng.Float64())
		m, direction := randomSymmetric(rng, d, 0.15), randomSymmetric(rng, d, 1)
		direction.Scale(1/mat.Norm(direction, 2), direction)
		here := k.of(v, m, 1)
		h := here.Modulus(0)
		if !(h > 0) {
			t.Fatalf("%s, case %d: no modulus", k.name, i)
		}
		fine := 1e-12 * here.Scale()
		one, err := k.of(v, m, 1).Bounded(fine, nil)
		if err != nil {
			t.Fatal(k.name, err)
		}
		for g := h; g > h/1e7; g /= 4 {
			c := here.Modulus(g)
			if c == 0 {
				continue
			}
			ran[k.name]++
			var moved, rise mat.Dense
			step := g / c
			moved.Scale(step, direction)
			moved.Add(&moved, m)
			two, err := k.of(v, &moved, 1).Bounded(fine, nil)
			if err != nil {
				t.Fatal(k.name, err)
			}
			rise.Sub(two.Matrix, one.Matrix)
			var slope float64
			for a := range d {
				for b := range d {
					slope += rise.At(a, b) * direction.At(a, b)
				}
			}
			off := one.Err + two.Err
			if slope < g-off {
				t.Errorf("%s, case %d: the slope rises by %.6g over %.3g, where at least %.6g is claimed", k.name, i, slope, step, g)
			}
			if most := step * here.Steepest(); slope > most+off {
				t.Errorf("%s, case %d: the slope rises by %.6g over %.3g, where at most %.6g is claimed", k.name, i, slope, step, most)
			}
		}
	}
	for _, k := range kinds {
		if ran[k.name] < enough.Least(2) {
			t.Errorf("%s: %d steps ran: too few", k.name, ran[k.name])
		}
	}
}
