package solver_test

import (
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// distanceCases have eigenvalues of M_u on the centred Fisher subspace that were found by other programs, by the ball of the loss itself.
var distanceCases = []struct {
	text, delta string
	least, most float64 // NaN where there is none
}{
	{`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`, "1", 6.42571605e-3, .350407003},
	{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, "1", 1.09546642e-4, .144078559},
	{`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`, "1", 7.00545817e-4, .128649810},
	{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, "1", .294554054, math.NaN()},
	{`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`, "1", .291630259, math.NaN()},
	{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, "9/10", -5.92432765e-4, math.NaN()},
	{`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, "1/2", -1.04303532e-3, math.NaN()},
	{`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`, "9/10", 2.47226534e-4, math.NaN()},
	{`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`, "1/2", -3.50507069e-4, math.NaN()},
}

// centred reads pairs and centres them, as losses of distances see them.
func centredAt(t *testing.T, text, delta string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	x, err := gmm.ParseNumber(delta)
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.Pairs.WithDelta(x)
	if err != nil {
		t.Fatal(err)
	}
	return centred(t, p)
}

// The eigenvalues of M_u on S_c are those of the reference, whatever the method, and both pillars agree on verdicts, on the loss and on its representation.
func TestDistanceReference(t *testing.T) {
	for _, c := range distanceCases {
		p := centredAt(t, c.text, c.delta)
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			found, err := solver.Minimise(solver.Distance, p, solver.Options{Method: method})
			if err != nil {
				t.Fatal(c.text, c.delta, method, err)
			}
			f := oracle.Judge(oracle.Distance, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
			for i, want := range []float64{c.least, c.most} {
				if math.IsNaN(want) {
					continue
				}
				const digits = 5e-9 // of the reference, relative
				if off := math.Abs(f.Spectrum[i] - want); off > digits*math.Abs(want) {
					t.Errorf("%s, δ = %s, %v: eigenvalue %d is %.10g, want %.10g", c.text, c.delta, method, i+1, f.Spectrum[i], want)
				}
			}
			want := oracle.Refuted
			if c.least > 0 {
				want = oracle.Holds
			}
			if f.Equality() != want || f.Containment() != oracle.Holds || f.Evidence.Grade != oracle.Bounded {
				t.Errorf("%s, δ = %s, %v: equality %v, containment %v by %.2g, %v", c.text, c.delta, method, f.Equality(), f.Containment(), f.Defect(), f.Evidence)
			}
			if !(found.Free.GradientNorm < 1e-10 && found.Free.DistanceBound < 1e-8) {
				t.Errorf("%s, δ = %s, %v: gradient %.2g, distance %.2g", c.text, c.delta, method, found.Free.GradientNorm, found.Free.DistanceBound)
			}
			value, off, err := solver.Evaluate(solver.Distance, p, found.Constrained.Left.Padded(2, 2), nil)
			if err != nil || math.Abs(value-found.Constrained.Loss) > off+found.Constrained.LossError {
				t.Errorf("%s, δ = %s, %v: the loss is %.15g, of the representation %.15g ± %.1g (%v)", c.text, c.delta, method, found.Constrained.Loss, value, off, err)
			}
		}
	}
}
