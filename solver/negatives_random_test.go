package solver_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// drawn are random pairs of one modality, of covariance I: some weights rare, δ 1 or less.
func drawn(t *testing.T, rng *rand.Rand, components, dimension int, apart float64) gmm.Pairs {
	t.Helper()
	weights, means := make([]string, components), make([]string, components)
	for k := range weights {
		weights[k] = fmt.Sprint(1 + rng.IntN(9)*(1+rng.IntN(2)*30))
		point := make([]string, dimension)
		for i := range point {
			point[i] = fmt.Sprintf("%.3f", apart*rng.NormFloat64())
		}
		means[k] = "[" + strings.Join(point, ", ") + "]"
	}
	delta := []string{"1", "3/4", "1/10"}[rng.IntN(3)]
	return pairsOf(t, fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": "%s"}`, strings.Join(weights, ", "), strings.Join(means, ", "), delta))
}

// randomSymmetric is a random matrix.
func randomSymmetric(rng *rand.Rand, d int, size float64) *mat.Dense {
	m := mat.NewDense(d, d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			x := size * rng.NormFloat64()
			m.Set(i, j, x)
			m.Set(j, i, x)
		}
	}
	return m
}

// Of one negative the loss is that of triplets, by another formula: values and gradients agree to twelve digits, where a rule has as many. With more the loss
// grows at each M, and beside its logarithm it joins InfoNCE's.
func TestNegativesJoinTheirLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	const digits = 1e-12
	sharp := 0
	for i := range enough.Cases(5) {
		d := 1 + i%2
		p := drawn(t, rng, 2+i%3, d, 1)
		m := randomSymmetric(rng, d, 0.15)
		encoder := mat.NewDense(d, 2, nil)
		encoder.Apply(func(int, int, float64) float64 { return 0.25 * rng.NormFloat64() }, encoder)
		at := func(l solver.Loss) (value, off float64, gradient *mat.Dense, far float64) {
			value, off, err := solver.Evaluate(l, p, encoder, nil)
			if err != nil {
				t.Fatal(l.Name, i, err)
			}
			f, err := solver.NewObjective(l, p)
			if err != nil {
				t.Fatal(err)
			}
			e, err := f.At(m, digits)
			if err != nil {
				t.Fatal(l.Name, i, err)
			}
			gradient, far = e.Gradient()
			return value, off, gradient, far
		}
		value, _, gradient, _ := at(solver.Triplet)
		one, off, first, far := at(solver.Negatives(1))
		const rule = 1e-10
		if off < rule && far < rule {
			sharp++
			off, far = 0, 0
		}
		var difference mat.Dense
		difference.Sub(gradient, first)
		size := 1 + mat.Norm(gradient, 2)
		if math.Abs(value-one) > digits*(1+value)+off || mat.Norm(&difference, 2) > digits*size+far {
			t.Errorf("case %d: the loss of one negative is %.14g and of triplets %.14g; gradients of size %.2g differ by %.2g", i, one, value, size, mat.Norm(&difference, 2))
		}
		last := one
		for _, n := range []int{2, 3, 10, 1000, 1_000_000} {
			more, off, _, _ := at(solver.Negatives(n))
			if !(more > last-off) {
				t.Errorf("case %d: with %d negatives the loss is %.14g, with fewer %.14g", i, n, more, last)
			}
			last = more
		}
		const many, near = 100_000_000, 1e-5
		limit, _, gradient, _ := at(solver.InfoNCE)
		most, _, first, _ := at(solver.Negatives(many))
		difference.Sub(gradient, first)
		if math.Abs(most-math.Log(many)-limit) > near || mat.Norm(&difference, 2) > near {
			t.Errorf("case %d: less log N the loss of %d negatives is %.14g, InfoNCE %.14g; gradients differ by %.2g", i, int(many), most-math.Log(many), limit, mat.Norm(&difference, 2))
		}
	}
	if sharp < enough.Least(3) {
		t.Errorf("%d cases are known to ten digits: too few", sharp)
	}
}

// With a hundred million negatives the smallest eigenvalue is InfoNCE's to nine digits, and with ten times as many the minimiser: it differs by some 0.2/N.
func TestNegativesOfMany(t *testing.T) {
	for _, text := range []string{twoPoints, pointsApart, threeCentred} {
		p := pairsOf(t, text)
		minimiser := func(l solver.Loss) (*mat.Dense, float64) {
			found, err := solver.Minimise(l, p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			m := found.Free.Form.Matrix(p)
			half, spread := (m.At(0, 0)+m.At(1, 1))/2, math.Hypot(m.At(0, 1), (m.At(0, 0)-m.At(1, 1))/2)
			return m, half - spread
		}
		limit, least := minimiser(solver.InfoNCE)
		_, close := minimiser(solver.Negatives(100_000_000))
		closer, _ := minimiser(solver.Negatives(1_000_000_000))
		var off mat.Dense
		off.Sub(limit, closer)
		const nine = 1e-9
		if distance := mat.Norm(&off, 2); distance > nine || math.Abs(close-least) > nine {
			t.Errorf("%s: minimisers differ by %.2g, smallest eigenvalues by %.2g", text, distance, close-least)
		}
	}
}

// Whatever the number of negatives, random mixtures are solved, and where the oracle decides it says what the eigenvalues do.
func TestNegativesOfAnyNumber(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 2))
	decided, all := 0, 0
	for i := range enough.Cases(4) {
		d := 1 + i%3
		p := drawn(t, rng, 2+i%3, d, []float64{0.5, 2, 4}[i/3%3])
		last := 0.0
		for _, n := range []int{1, 2, 7, 30, 1000, 1_000_000, 1_000_000_000} {
			found, err := solver.Minimise(solver.Negatives(n), p, solver.Options{})
			if err != nil {
				t.Errorf("case %d, %d negatives: %v", i, n, err)
				continue
			}
			all++
			if !(found.Free.DistanceBound < 1e-6) || !(found.Free.Loss > last) || found.Free.Loss > math.Log1p(float64(n))+1e-12 {
				t.Errorf("case %d, %d negatives: distance %.2g; the loss is %.12g, after %.12g with fewer", i, n, found.Free.DistanceBound, found.Free.Loss, last)
			}
			last = found.Free.Loss
			f := oracle.Judge(oracle.Negatives(n), p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
			if f.Equality() == oracle.Undecided || len(f.Spectrum) == 0 {
				continue
			}
			decided++
			if (f.Spectrum[0] > 0) != (f.Equality() == oracle.Holds) || f.Evidence.Grade != oracle.Bounded {
				t.Errorf("case %d, %d negatives: eigenvalues %.3g, equality %v, %v", i, n, f.Spectrum, f.Equality(), f.Evidence.Grade)
			}
		}
	}
	if 2*decided < all {
		t.Errorf("%d of %d are decided: too few", decided, all)
	}
}

// What the oracle bounds the distance to the minimiser by is never less than it is, of matrices that are off by something.
func TestNegativesCertificate(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 3))
	bounded, near := 0, 0
	for i := range enough.Cases(10) {
		d := 1 + i%2
		n := []int{2, 16, 1000, 1_000_000}[i%4]
		p := drawn(t, rng, 2+i%2, d, 0.5+2*rng.Float64())
		found, err := solver.Minimise(solver.Negatives(n), p, solver.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(i, err)
		}
		if found.Free.Form.N == nil {
			continue
		}
		moved := randomSymmetric(rng, d, math.Pow(10, -1-8*rng.Float64()))
		distance := mat.Norm(moved, 2)
		moved.Add(moved, found.Free.Form.Matrix(p))
		f := oracle.Judge(oracle.Negatives(n), p, oracle.Candidates{Free: gmm.Plain(moved)})
		epsilon := f.Evidence.Epsilon
		if math.IsInf(epsilon, 1) || math.IsNaN(epsilon) || epsilon == 0 {
			continue
		}
		bounded++
		if epsilon < 10*distance {
			near++
		}
		if distance > epsilon+found.Free.DistanceBound {
			t.Errorf("case %d, %d negatives: off by %.3g with a bound of %.3g", i, n, distance, epsilon)
		}
	}
	if bounded < enough.Least(4) || near < enough.Least(1) {
		t.Errorf("%d distances are bounded, %d within a factor of 10: too few", bounded, near)
	}
}
