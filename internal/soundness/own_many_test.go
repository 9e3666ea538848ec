package soundness_test

import (
	"context"
	"math"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Where E[Qx | Px] = 0 containment is a theorem, also where S_F has five directions, the envelope more, and gradients are estimated: the numbers never refute it, which would show as a contradiction.
func TestEstimatesNeverRefuteTheGroupCondition(t *testing.T) {
	estimated := 0
	for i := range enough.Cases(4) {
		m := generators.GroupedOf(5, 5).Example(i)
		if !m.Envelope().Leaves() {
			continue
		}
		p, err := gmm.NewPairs(m, generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{Seed: uint64(i), Limit: 0.02})
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		f := d.Findings
		if f.Containment() != oracle.Holds {
			t.Errorf("case %d: containment is %v: %s", i, f.Containment(), f.ContainmentReason(0))
		}
		if f.Evidence.Grade == oracle.Estimated {
			estimated++
		}
	}
	if estimated < 1 {
		t.Errorf("only %d were estimated", estimated)
	}
}

// Equal covariances in five dimensions, each component's its own: minimiser and verdicts are those of a shared one, which other code finds.
func TestOwnCovariancesInFiveDirectionsAreThoseOfAShared(t *testing.T) {
	decided := 0
	for i := range enough.Cases(6) {
		p, err := gmm.NewPairs(generators.SharedCovarianceOf(6, 6, 5, 5).Example(i), generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		if p.Left.FisherDimension() < 5 {
			continue
		}
		shared, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		own, err := losses.Decide(context.Background(), losses.InfoNCE, p.Apart(), losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, b := shared.Candidate.Free, own.Candidate.Free
		var off mat.Dense
		off.Sub(a.Form.Matrix(p), b.Form.Matrix(p))
		size := mat.Norm(a.Form.Matrix(p), 2)
		if got := mat.Norm(&off, 2) / size; !(got < 1e-3) {
			t.Errorf("case %d: minimisers differ by %.2g of their size", i, got)
		}
		if math.Abs(a.Loss-b.Loss) > a.LossError+b.LossError+1e-9 {
			t.Errorf("case %d: losses %.12g and %.12g, errors %.2g and %.2g", i, a.Loss, b.Loss, a.LossError, b.LossError)
		}
		one, other := shared.Findings.Equality(), own.Findings.Equality()
		if one != oracle.Undecided && other != oracle.Undecided {
			decided++
			if one != other {
				t.Errorf("case %d: equality is %v, of own covariances %v", i, one, other)
			}
		}
		if own.Candidate.Rule == "" || solver.MostOwnDirections < 8 {
			t.Error("eight directions are promised")
		}
	}
	if decided < enough.Least(2) {
		t.Errorf("only %d were decided by both", decided)
	}
}
