package theorems_test

import (
	"math"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// The counterexample to containment with own covariances, computed to these digits by a
// program that shares nothing with this one: the losses of the optimum and of
// the best matrix inside S_F, that matrix, and the descent out of S_F there.
func TestTiltedCounterexample(t *testing.T) {
	p := theorems.Stored("containment-own-covariance")[0].Case.Pairs
	c, err := solver.Minimise(solver.InfoNCE, p.Apart(), solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Inside: c.Inside.Form, Constrained: c.Constrained.Form})
	inside := c.Inside.Form.Matrix(p)
	for _, x := range []struct {
		name              string
		got, want, digits float64
	}{
		{"loss of the optimum", c.Constrained.Loss, -0.2321582, 1e-7},
		{"best loss inside S_F", c.Inside.Loss, -0.2302754, 1e-7},
		{"m", inside.At(0, 0), 0.2431648, 1e-7},
		{"|∇f₁₂|", f.Sides[0].Slope, 0.07992, 1e-5},
	} {
		if math.Abs(x.got-x.want) > x.digits/2*(1+1e-9) {
			t.Errorf("%s is %.9g, want %.9g", x.name, x.got, x.want)
		}
	}
	if off := math.Max(math.Abs(inside.At(0, 1)), math.Abs(inside.At(1, 1))); off > c.Inside.DistanceBound {
		t.Errorf("the best matrix inside S_F leaves the first axis by %.2g:\n%v", off, mat.Formatted(inside))
	}
	if f.Containment() != oracle.Refuted || f.Evidence.Grade != oracle.Bounded || f.Sides[0].Slope < 10*f.Sides[0].SlopeError {
		t.Errorf("containment is %v (%v), slope %.4g known to ±%.2g", f.Containment(), f.Evidence.Grade, f.Sides[0].Slope, f.Sides[0].SlopeError)
	}
}
