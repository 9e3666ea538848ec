package solver_test

import (
	"errors"
	"math"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// The eigenvalues of M_u on S_F are those of 40 digits that interval arithmetic gave, whatever the method, and what the solver claims of its
// distance is true by the oracle's bound.
func TestDonskerVaradhanReference(t *testing.T) {
	for _, c := range []struct {
		text        string
		centre      bool
		least, most float64
	}{
		{`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`, false, -.00728229871865763, .118706621390549},
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, false, -3.94460702673764e-4, .208294736406143},
		{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, true, -.0108519665565112, .0387680006666620},
	} {
		p := pairsOf(t, c.text)
		if c.centre {
			var err error
			if p, err = p.Centre(); err != nil {
				t.Fatal(err)
			}
		}
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			found, err := solver.Minimise(solver.DonskerVaradhan, p, solver.Options{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			f := oracle.Judge(oracle.DonskerVaradhan, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form})
			for i, want := range []float64{c.least, c.most} {
				const digits = 1e-14
				if off := math.Abs(f.Spectrum[i] - want); off > digits {
					t.Errorf("%s, %v: eigenvalue %d is %.15g, want %.15g", c.text, method, i+1, f.Spectrum[i], want)
				}
			}
			if f.Equality() != oracle.Refuted || f.Containment() != oracle.Holds || !(f.Evidence.Epsilon < 1e-10) {
				t.Errorf("%s, %v: equality %v, containment %v, to within %.2g", c.text, method, f.Equality(), f.Containment(), f.Evidence.Epsilon)
			}
			if !(found.Free.DistanceBound < 1e-12) {
				t.Errorf("%s, %v: distance %.2g", c.text, method, found.Free.DistanceBound)
			}
			value, off, err := solver.Evaluate(solver.DonskerVaradhan, p, found.Constrained.Left.Padded(2, 2), nil)
			if err != nil || math.Abs(value-found.Constrained.Loss) > off+found.Constrained.LossError {
				t.Errorf("%s, %v: the loss is %.15g, of the representation %.15g ± %.1g (%v)", c.text, method, found.Constrained.Loss, value, off, err)
			}
		}
	}
}

// Over representations with enough columns descent finds the same minimum, from starts that may be beyond the domain.
func TestDonskerVaradhanFactored(t *testing.T) {
	p := pairsOf(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": 0.75}`)
	convex, err := solver.Minimise(solver.DonskerVaradhan, p, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	factored, err := solver.Minimise(solver.DonskerVaradhan, p, solver.Options{Method: solver.Factored, Columns: 2, Starts: 8})
	if err != nil {
		t.Fatal(err)
	}
	if off := factored.Constrained.Loss - convex.Constrained.Loss; math.Abs(off) > 1e-13 {
		t.Errorf("the loss is %.15g over M and differs by %.2g over A", convex.Constrained.Loss, off)
	}
	two := modelPairs(t, `{"weights": [1, 1], "visual": {"means": [[1, 0], [-1, 0]], "covariance": "identity"}, "text": {"means": [[1, 0], [-1, 1]], "covariance": "identity"}}`)
	if _, err := solver.Minimise(solver.DonskerVaradhan, two, solver.Options{}); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("two modalities give %v", err)
	}
}

// Beyond ‖M‖ = 1 the loss is infinite, which is said; near it nothing is lost but digits.
func TestDonskerVaradhanDomain(t *testing.T) {
	p := pairsOf(t, `{"weights": [1], "means": [[0]], "covariance": "identity"}`)
	f, err := solver.NewObjective(solver.DonskerVaradhan, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []float64{1, 1.5} {
		if value, _, err := solver.Evaluate(solver.DonskerVaradhan, p, mat.NewDense(1, 1, []float64{a}), nil); !errors.Is(err, solver.ErrInfinite) {
			t.Errorf("the loss of A = %g is %g", a, value)
		}
		if _, err := f.At(mat.NewDense(1, 1, []float64{a}), 1e-10); err == nil {
			t.Errorf("M = %g has a gradient", a)
		}
	}
	// E exp(m x y) = (1 − m²)^−½ of independent x, y ∼ N(0, 1).
	for _, m := range []float64{0, 0.5, -0.9, 1 - 0x1p-30} {
		at, err := f.At(mat.NewDense(1, 1, []float64{m}), 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		gradient, off := at.Gradient()
		if want := m / (1 - m*m); math.Abs(gradient.At(0, 0)-want) > off {
			t.Errorf("at M = %g the gradient is %.15g ± %.1g, want %.15g", m, gradient.At(0, 0), off, want)
		}
	}
}
