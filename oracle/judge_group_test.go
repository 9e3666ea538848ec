package oracle_test

import (
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// The group condition decides containment exactly, of losses that it suffices for; equality stays open. A coupling that misses it by 1e-12 decides nothing.
func TestGroupConditionDecides(t *testing.T) {
	for _, c := range []struct {
		coupling string
		want     oracle.Verdict
	}{{"-1/5", oracle.Holds}, {"-0.200000000001", oracle.Undecided}} {
		d, err := gmm.Read("group", strings.NewReader(`{"weights": [1, 2, 3], "means": [[1, 0], [1, 0], [-1, 0]],
			"covariance": [[[1, "2/5"], ["2/5", "1/2"]], [[1, "`+c.coupling+`"], ["`+c.coupling+`", "5/4"]], [[1, 0], [0, 1]]]}`))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range ownLosses {
			found, err := losses.Decide(t.Context(), l, d.Pairs, losses.Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := found.Findings
			if side := f.Sides[0]; f.Containment() != c.want || side.Grouped != (c.want == oracle.Holds) || side.Invariant || f.Equality() != oracle.Undecided {
				t.Errorf("%s, coupling %s: containment is %v, grouped %v, invariant %v, equality %v; want containment %v", l.Name(), c.coupling, f.Containment(), side.Grouped, side.Invariant, f.Equality(), c.want)
			}
		}
	}
}

// Of distances the envelope decides nothing, as they see differences of covariance: every Σ_k maps S_c into itself here, and M* leaves it.
func TestInvarianceDecidesNothingOfDistances(t *testing.T) {
	d, err := gmm.Read("leak", strings.NewReader(`{"weights": [1, 3], "means": [[0, 0], [2, 0]], "covariance": [[[1, 0], [0, "2/5"]], [[1, 0], [0, "6/5"]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := losses.Choose(losses.Settings{Score: losses.Distance})
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
		found, err := losses.Decide(t.Context(), l, d.Pairs, losses.Options{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if v := found.Findings.Containment(); v != oracle.Refuted || !found.Pairs.Left.Envelope().Invariant() {
			t.Errorf("%v: containment is %v (%s), want refuted", method, v, found.Findings.ContainmentReason(0))
		}
	}
}
