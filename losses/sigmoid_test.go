package losses_test

import (
	"context"
	"math"
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

// A fixed bias that weighs on the mean drives M to 0 along the mean first, and then out of it along the difference of the means: from every start to the same minimum.
func TestSigmoidByWayOfZero(t *testing.T) {
	p := read(t, `{"weights": [1, 1], "means": [[2.5, -4.25, -1], [-1, -2.5, 2.5]], "covariance": [[1, -0.5, -1], [-0.5, 1.25, 0], [-1, 0, 2.25]], "delta": "11/16"}`)
	l, err := losses.Choose(losses.Settings{Loss: "sigmoid", Negatives: "64", Bias: "0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range []uint64{1, 2, 3, 95, 96} {
		d, err := losses.Decide(context.Background(), l, p, losses.Options{Method: solver.Blind, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		const least = 45.0525625682779
		if c := d.Candidate.Constrained; math.Abs(c.Loss-least) > 1e-9 || c.Rank != 1 || d.Findings.Containment() != oracle.Holds {
			t.Errorf("seed %d: the loss is %.12g of rank %d, containment %v", seed, c.Loss, c.Rank, d.Findings.Containment())
		}
	}
}
