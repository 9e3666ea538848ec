package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// manyPairs draws K means of whitened length about separation in d dimensions, with
// weights that differ by factors of about e^skew. Every second mixture scatters about
// three points of a plane whose minimiser there is not positive definite.
func manyPairs(t testing.TB, rng *rand.Rand, k, d int, separation, skew float64) gmm.Pairs {
	t.Helper()
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	deficient := rng.IntN(2) == 0
	plane := [3][2]float64{{-2, 4}, {-1, -3}, {-1, -1}}
	for i := range k {
		weights[i] = math.Exp(skew * rng.NormFloat64())
		for j := range d {
			means.Set(i, j, separation/math.Sqrt(float64(d))*rng.NormFloat64())
		}
		if deficient {
			weights[i] = 1
			for j, x := range plane[i%3] {
				means.Set(i, j, x+0.1*rng.NormFloat64())
			}
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(float64(1+rng.IntN(4)) / 4)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Solves at many components end where the gradient by the tensor rule, or by a far
// finer grid, is within the stated distance of 0, for any number of cores alike.
func TestManyComponentsAreSolved(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 0))
	negative := 0
	for i := range enough.Cases(12) {
		k := 6 + i%5
		p := manyPairs(t, rng, k, k-2+rng.IntN(4), 0.5+4*rng.Float64(), 1.5*rng.Float64())
		const tolerance = 1e-5
		one, err := Minimise(InfoNCE, p, Options{Tolerance: tolerance})
		if err != nil {
			t.Fatalf("case %d: %v\n%#v", i, err, p)
		}
		three, err := Minimise(InfoNCE, p, Options{Tolerance: tolerance, Cores: 3})
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(one.Free.Form.N, three.Free.Form.N) || !mat.Equal(one.Constrained.Form.N, three.Constrained.Form.N) || one.Free.Loss != three.Free.Loss {
			t.Errorf("case %d: the result depends on the number of cores\n%#v", i, p)
		}
		if one.Constrained.Rank < p.Left.FisherDimension() {
			negative++
		}
		if one.Free.DistanceBound > 2*tolerance || one.Constrained.DistanceBound > 2*tolerance {
			t.Errorf("case %d: distances of %.2g and %.2g for a tolerance of %g\n%#v", i, one.Free.DistanceBound, one.Constrained.DistanceBound, tolerance, p)
		}
		finer, err := Minimise(InfoNCE, p, Options{Tolerance: tolerance / 30, Start: one.Free.Form.Matrix(p)})
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]Minimum{{one.Free, finer.Free}, {one.Constrained, finer.Constrained}} {
			var diff mat.Dense
			diff.Sub(pair[0].Form.N, pair[1].Form.N)
			if off := mat.Norm(&diff, 2); off > pair[0].DistanceBound+pair[1].DistanceBound {
				t.Errorf("case %d: minima differ by %.2g, distances of %.2g and %.2g are claimed\n%#v", i, off, pair[0].DistanceBound, pair[1].DistanceBound, p)
			}
			if off := math.Abs(pair[0].Loss - pair[1].Loss); off > pair[0].LossError+pair[1].LossError+math.Pow(pair[0].DistanceBound, 2) {
				t.Errorf("case %d: losses differ by %.2g, errors %.2g and %.2g\n%#v", i, off, pair[0].LossError, pair[1].LossError, p)
			}
		}
	}
	if negative < enough.Least(1) {
		t.Errorf("only %d minimisers were of deficient rank", negative)
	}
}

// The loss of a representation is that of the minimum it came from.
func TestLossOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(28, 0))
	for i := range enough.Cases(10) {
		p := manyPairs(t, rng, 6+i%4, 7, 1+2*rng.Float64(), rng.Float64())
		c, err := Minimise(InfoNCE, p, Options{Tolerance: 1e-6})
		if err != nil {
			t.Fatal(err)
		}
		value, off, err := Evaluate(InfoNCE, p, c.Constrained.Left.Columns, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(value-c.Constrained.Loss) > off+c.Constrained.LossError || off > 1e-4 {
			t.Errorf("case %d: a loss of %.9g ± %.2g beside the minimum's %.9g ± %.2g\n%#v", i, value, off, c.Constrained.Loss, c.Constrained.LossError, p)
		}
	}
}

// CLIP's two softmaxes are averaged by the same rules.
func TestClipOfManyComponents(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 0))
	for i := range enough.Cases(10) {
		k := 6 + i%3
		visual, text := manyPairs(t, rng, k, 5, 2, 0), manyPairs(t, rng, k, 7, 1.5, 0)
		equal := make([]float64, k)
		for j := range equal {
			equal[j] = 1
		}
		mixture := func(p gmm.Pairs) *gmm.Mixture {
			m, err := gmm.New(equal, p.Left.Means(), p.Left.Covariance())
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		p, err := gmm.NewPaired(mixture(visual), mixture(text), gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		const tolerance = 1e-5
		coarse, err := Minimise(CLIP, p, Options{Tolerance: tolerance})
		if err != nil {
			t.Fatal(err)
		}
		fine, err := Minimise(CLIP, p, Options{Tolerance: tolerance / 30, Cores: 2})
		if err != nil {
			t.Fatal(err)
		}
		var diff mat.Dense
		diff.Sub(coarse.Free.Form.Matrix(p), fine.Free.Form.Matrix(p)) // both covariances are 1
		if off := mat.Norm(&diff, 2); off > coarse.Free.DistanceBound+fine.Free.DistanceBound || coarse.Free.DistanceBound > tolerance {
			t.Errorf("case %d: minima differ by %.2g, distances of %.2g and %.2g", i, off, coarse.Free.DistanceBound, fine.Free.DistanceBound)
		}
	}
}
