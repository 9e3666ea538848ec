package losses_test

import (
	"context"
	"testing"

	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Where a fixed bias makes the mean alone cost more than components gain, M* = 0 and containment holds, as it does on the other side of that.
// ∇L(0) is a multiple of −δB + (m e^b − 1) μ̄μ̄ᵀ: of means 0 and 2 of equal weights −δ + m e^b − 1.
func TestSigmoidRepelled(t *testing.T) {
	const line, plane = `"means": [[0, 0], [2, 1]]`, `"means": [[1, 0], [2, 1]]`
	for _, c := range []struct {
		means, delta, negatives, bias string
		zero                          bool
	}{
		{line, "1", "2.001", "0", true},
		{line, "1", "1.999", "0", false},
		{line, "1/2", "1", "0.41", true},
		{line, "1/2", "1", "0.4", false},
		{line, "0", "1", "1e-6", true},
		{plane, "0", "1", "1e-6", true},
		{plane, "1", "100", "3", false}, // there is a direction across the mean
	} {
		p := read(t, `{"weights": [1, 1], `+c.means+`, "covariance": [[1, "1/2"], ["1/2", 2]], "delta": "`+c.delta+`"}`)
		l, err := losses.Choose(losses.Settings{Loss: "sigmoid", Negatives: c.negatives, Bias: c.bias})
		if err != nil {
			t.Fatal(err)
		}
		d, err := losses.Decide(context.Background(), l, p, losses.Options{Method: solver.Blind})
		if err != nil {
			t.Fatal(err)
		}
		if zero := mat.Norm(d.Candidate.Constrained.Form.Matrix(p), 2) < 1e-9; zero != c.zero {
			t.Errorf("%+v: M* is 0 is %v", c, zero)
		}
		if got := d.Findings.Containment(); got != oracle.Holds {
			t.Errorf("%+v: containment %v", c, got)
		}
		if c.zero && d.Findings.Equality() == oracle.Holds {
			t.Errorf("%+v: equality holds of M* = 0", c)
		}
	}
}
