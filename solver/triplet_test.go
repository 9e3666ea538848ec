package solver_test

import (
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// The eigenvalues of M_u on S_F are those of the reference for InfoNCE with one negative, whatever the method, and what the
// solver claims of its distance is true by the oracle's bound.
func TestTripletReference(t *testing.T) {
	for _, c := range []struct {
		text        string
		centre      bool
		least, most float64 // eigenvalues; NaN where the reference has none
	}{
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, false, -2.43584019e-3, .28860510},
		{`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`, false, -1.97850119e-2, .20165264},
		{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, true, 5.14909318e-5, .05421625},
		{`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`, true, 2.73209181e-5, .04472079},
		{`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`, false, -2.82538693e-2, math.NaN()},
		{`{"weights": [1, 87, 87, 1], "means": [[19, 18], [3, 1], [-3, -1], [-19, -18]], "covariance": "identity"}`, false, -4.013572e-3, math.NaN()},
		{`{"weights": [47, 1, 29], "means": [["9/4", 1], [-21, -18], ["-339/116", -1]], "covariance": "identity"}`, true, 1.649149e-2, math.NaN()},
	} {
		d, err := gmm.Read("file", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		p := d.Pairs
		if c.centre {
			if p, err = p.Centre(); err != nil {
				t.Fatal(err)
			}
		}
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			found, err := solver.Minimise(solver.Triplet, p, solver.Options{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			f := oracle.Judge(oracle.Triplet, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form})
			for i, want := range []float64{c.least, c.most} {
				const digits = 5e-9 // of the larger ones; those of the smaller are relative
				if off := math.Abs(f.Spectrum[i] - want); off > math.Min(digits, 5e-8*math.Abs(want)*10) {
					t.Errorf("%s, %v: eigenvalue %d is %.10g, want %.10g", c.text, method, i+1, f.Spectrum[i], want)
				}
			}
			if want := oracle.Holds; (c.least > 0) != (f.Equality() == want) || f.Equality() == oracle.Undecided || f.Containment() != want {
				t.Errorf("%s, %v: equality %v, containment %v", c.text, method, f.Equality(), f.Containment())
			}
			if !(found.Free.GradientNorm < 1e-10 && found.Free.DistanceBound < 1e-8) {
				t.Errorf("%s, %v: gradient %.2g, distance %.2g", c.text, method, found.Free.GradientNorm, found.Free.DistanceBound)
			}
			value, off, err := solver.Evaluate(solver.Triplet, p, found.Constrained.Left.Padded(2, 2), nil)
			if err != nil || math.Abs(value-found.Constrained.Loss) > off+found.Constrained.LossError {
				t.Errorf("%s, %v: the loss is %.15g, of the representation %.15g ± %.1g (%v)", c.text, method, found.Constrained.Loss, value, off, err)
			}
		}
	}
}

// Over representations with enough columns descent finds the same minimum; own covariances and two modalities are refused.
func TestTripletFactored(t *testing.T) {
	d, err := gmm.Read("file", strings.NewReader(`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": 0.75}`))
	if err != nil {
		t.Fatal(err)
	}
	convex, err := solver.Minimise(solver.Triplet, d.Pairs, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	factored, err := solver.Minimise(solver.Triplet, d.Pairs, solver.Options{Method: solver.Factored, Columns: 2, Starts: 3})
	if err != nil {
		t.Fatal(err)
	}
	if off := factored.Constrained.Loss - convex.Constrained.Loss; math.Abs(off) > 1e-12 {
		t.Errorf("the loss is %.15g over M and differs by %.2g over A", convex.Constrained.Loss, off)
	}
	if _, err := solver.Minimise(solver.Triplet, d.Pairs.Apart(), solver.Options{}); err == nil {
		t.Error("own covariances are minimised")
	}
}

// Where scores are so steep that no rule resolves them, rules agree on what is wrong: that is refused, and what is not is right.
func TestTripletSteep(t *testing.T) {
	far := pairsOf(t, `{"weights": [1, 1], "means": [[100, 0], [-100, 1]], "covariance": "identity"}`)
	f, err := solver.NewObjective(solver.Triplet, far)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := f.At(mat.NewDense(2, 2, []float64{10, 0, 0, 10}), 1e-10); err == nil {
		value, off := at.Gradient()
		t.Errorf("the gradient of scores of 10⁵ is %v ± %.2g", mat.Formatted(value), off)
	}
	one := pairsOf(t, `{"weights": [1], "means": [[0]], "covariance": "identity"}`)
	wide := pairsOf(t, `{"weights": [1, 1], "means": [[3], [-3]], "covariance": "identity"}`)
	for _, c := range []struct {
		pairs gmm.Pairs
		a     float64
	}{{one, 1000}, {one, 1e160}, {wide, 1000}} {
		if value, off, err := solver.Evaluate(solver.Triplet, c.pairs, mat.NewDense(1, 1, []float64{c.a}), nil); err == nil {
			t.Errorf("the loss of A = %g is %g ± %.2g", c.a, value, off)
		}
	}
	// E max(t, 0) for large scores t = a² x v of x ∼ N(0, 1), v ∼ N(0, 2): a² E|x| E|v|/2 = a² √2/π.
	for _, a := range []float64{1, 5, 10} {
		value, off, err := solver.Evaluate(solver.Triplet, one, mat.NewDense(1, 1, []float64{a}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if large := a * a * math.Sqrt2 / math.Pi; math.Abs(value-large) > math.Ln2 || off > 1e-10 {
			t.Errorf("the loss of A = %g is %.10g ± %.2g, where E max(t, 0) = %.6g", a, value, off, large)
		}
	}
}

// A faint mixture, whose gradient is rounding beside its terms, is solved as far as rounding lets it.
func TestTripletFaint(t *testing.T) {
	faint := pairsOf(t, `{"weights": ["125000", "1"], "means": [["-4933919/35184372088832", "-4466833/8796093022208"], ["66623/68719476736", "10768179/8796093022208"]], "covariance": "identity"}`)
	for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
		if _, err := solver.Minimise(solver.Triplet, faint, solver.Options{Method: method, Seed: 7}); err != nil {
			t.Errorf("%v: %v", method, err)
		}
	}
}

func pairsOf(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}
