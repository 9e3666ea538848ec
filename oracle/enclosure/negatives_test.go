package enclosure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/enclosure"

	"gonum.org/v1/gonum/mat"
)

// With one negative the gradient is that of triplets, and what a coarse rule leaves is within its bound, whatever the dimension, the size of M, the law and the number of negatives.
func TestNegativesBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 1))
	ran, tight, compared := 0, 0, 0
	for i := range enough.Cases(10) {
		d := 1 + i%2
		v := side(t, rng, 2+i%3, d, math.Exp(2*rng.Float64()))
		m := randomSymmetric(rng, d, math.Exp(-1-4*rng.Float64()))
		delta := []float64{1, 0.25}[i%2]
		count := []int{1, 2, 16, 1000, 1_000_000_000}[i%5]
		term := enclosure.NewNegatives(v, m, delta, count, nil)
		fine, err := term.Bounded(1e-13*term.Scale(), nil)
		if err != nil {
			continue
		}
		ran++
		for _, tolerance := range []float64{1e-5, 1e-6, 1e-8} {
			coarse, err := term.Bounded(tolerance*term.Scale(), nil)
			if err != nil {
				t.Fatal(err)
			}
			distance := apart(coarse.Matrix, fine.Matrix)
			if distance > coarse.Err+fine.Err {
				t.Errorf("case %d, %d negatives: off by %.3g with a bound of %.3g", i, count, distance, coarse.Err)
			}
			if distance > coarse.Err/1e4 {
				tight++
			}
		}
		if count == 1 {
			compared++
			triplets, err := enclosure.NewTriplets(v, m, delta, nil).Bounded(1e-12, nil)
			if err != nil {
				t.Fatal(err)
			}
			if off := apart(triplets.Matrix, fine.Matrix); off > fine.Err+triplets.Err {
				t.Errorf("case %d: off by %.3g from triplets, with bounds of %.3g and %.3g", i, off, fine.Err, triplets.Err)
			}
		}
	}
	if ran < enough.Least(7) || tight < enough.Least(2) || compared < enough.Least(1) {
		t.Errorf("%d cases ran, %d bounds were within 10⁴ of what they bound, %d were compared: too few", ran, tight, compared)
	}
}

// apart is the distance of the symmetric parts.
func apart(a, b *mat.Dense) float64 {
	var off, both mat.Dense
	off.Sub(a, b)
	both.Add(&off, off.T())
	return mat.Norm(&both, 2) / 2
}

// The gradient moves at least as the modulus says, and no faster than the steepest slope: along random lines to points within its reach.
func TestNegativesModulus(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 2))
	ran, sharp := 0, 0
	for i := range enough.Cases(8) {
		d, count := 1+i%2, []int{1, 4, 64, 100_000}[i%4]
		v := side(t, rng, 2+i%2, d, 1+rng.Float64())
		m, direction := randomSymmetric(rng, d, 0.2), randomSymmetric(rng, d, 1)
		direction.Scale(1/mat.Norm(direction, 2), direction)
		here := enclosure.NewNegatives(v, m, 1, count, nil)
		h := here.Modulus(0)
		if !(h > 0) {
			t.Fatalf("case %d: no modulus", i)
		}
		const fine = 1e-9
		one, err := here.Bounded(fine, nil)
		if err != nil {
			t.Fatal(err)
		}
		for g := h; g > h/1e4; g /= 8 {
			c := here.Modulus(g)
			if c == 0 {
				continue
			}
			ran++
			var moved, rise mat.Dense
			step := g / c
			moved.Scale(step, direction)
			moved.Add(&moved, m)
			two, err := enclosure.NewNegatives(v, &moved, 1, count, nil).Bounded(fine, nil)
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
			if slope < g-one.Err-two.Err {
				t.Errorf("case %d: the slope rises by %.6g over %.3g, where at least %.6g is claimed", i, slope, step, g)
			}
			if most := step * here.Steepest(); slope > most+one.Err+two.Err {
				t.Errorf("case %d: the slope rises by %.6g over %.3g, where at most %.6g is claimed", i, slope, step, most)
			}
			if d == 1 && slope < 1.5*h*step {
				sharp++
			}
		}
	}
	if ran < enough.Least(8) || sharp < enough.Least(2) {
		t.Errorf("%d steps ran, and %d show that the modulus is near: too few", ran, sharp)
	}
}
