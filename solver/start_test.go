package solver

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
)

// asSymmetric turns a symmetric Dense into a SymDense.
func asSymmetric(a *mat.Dense) *mat.SymDense {
	n, _ := a.Dims()
	return mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data)
}

// Wherever a solve starts, its minima lie within the sum of their bounds.
func TestMinimaDoNotDependOnTheStart(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	compared := 0
	for range enough.Cases(60) {
		p := randomPairs(t, rng)
		plain, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w, err := p.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		if w.Left.Means == nil {
			continue
		}
		d := p.Left.Dimension()
		for _, size := range []float64{1e-3, 0.1, 3, 1e8, 1e160, math.Inf(1), math.NaN()} {
			given := mat.NewSymDense(d, nil)
			if shape := randomSymmetric(rng, d, 1); math.IsNaN(size) || math.IsInf(size, 0) {
				given.SetSym(0, 0, size)
			} else {
				given = asSymmetric(shape)
				given.ScaleSym(size, given)
			}
			started, err := Minimise(InfoNCE, p, Options{Start: mat.DenseCopyOf(given)})
			if err != nil {
				t.Fatalf("from a start of size %g: %v", size, err)
			}
			for _, pair := range [][2]Minimum{{plain.Free, started.Free}, {plain.Constrained, started.Constrained}} {
				one, other := w.Left.Restriction(p.Left, pair[0].Form.Matrix(p)), w.Left.Restriction(p.Left, pair[1].Form.Matrix(p))
				var apart mat.Dense
				apart.Sub(one, other)
				compared++
				const translation = 1e-12 // to original coordinates and back, relative; the covariances are tame
				if bound := pair[0].DistanceBound + pair[1].DistanceBound + translation*mat.Norm(one, 2); mat.Norm(&apart, 2) > bound {
					t.Errorf("%#v: a start of size %g moves a minimum by %.3g, more than %.3g", p, size, mat.Norm(&apart, 2), bound)
				}
			}
		}
	}
	if compared < enough.Least(500) {
		t.Errorf("only %d minima were compared", compared)
	}
}

// A neighbour's minimum saves steps, and a mixture's own leaves nothing to do
// but the finest evaluation.
func TestANeighbourSavesSteps(t *testing.T) {
	p := readPairs(t, `{"weights": [989, 10, 1], "means": [["-0.095", "-0.04"], ["7.905", "2.96"], ["14.905", "9.96"]], "covariance": "identity"}`)
	steps := func(delta *big.Rat, start *mat.Dense) (int, *mat.Dense) {
		q, err := p.WithDelta(delta)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Minimise(InfoNCE, q, Options{Start: start})
		if err != nil {
			t.Fatal(err)
		}
		return c.Steps, c.Free.Form.Matrix(q)
	}
	cold, m := steps(big.NewRat(1, 2), nil)
	own, _ := steps(big.NewRat(1, 2), m)
	coldNext, _ := steps(big.NewRat(51, 100), nil)
	warmNext, _ := steps(big.NewRat(51, 100), m)
	t.Logf("δ = ½: %d steps, %d from its own minimum; δ = .51: %d, %d from its neighbour's", cold, own, coldNext, warmNext)
	if own >= cold/2 || warmNext >= coldNext {
		t.Errorf("δ = ½: %d steps, %d from its own minimum; δ = .51: %d, %d from its neighbour's", cold, own, coldNext, warmNext)
	}
}

// The start is turned into the coordinates of the loss: from its own minimum a
// solve in several dimensions has nothing left but the last digits.
func TestOwnMinimumIsTheStart(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	several := 0
	for range enough.Cases(100) {
		p := randomPairs(t, rng)
		if p.Delta() == 0 || p.Left.FisherDimension() < 3 {
			continue
		}
		cold, err := Minimise(InfoNCE, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		own, err := Minimise(InfoNCE, p, Options{Start: cold.Free.Form.Matrix(p)})
		if err != nil {
			t.Fatal(err)
		}
		several++
		if own.Steps > 1 {
			t.Errorf("%#v: %d steps from its own minimum, %d from 0", p, own.Steps, cold.Steps)
		}
	}
	if several < enough.Least(15) {
		t.Errorf("only %d mixtures have three dimensions", several)
	}
}

func TestStartOfAnotherShapePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a start of dimension 3 was taken in 2 dimensions")
		}
	}()
	p := readPairs(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`)
	_, _ = Minimise(InfoNCE, p, Options{Start: mat.NewDense(3, 3, nil)})
}
