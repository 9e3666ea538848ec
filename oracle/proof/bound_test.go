package proof_test

import (
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// A bound is never shown larger in size than it is proved.
func TestBoundIsRoundedTowardsZero(t *testing.T) {
	for _, c := range []struct {
		theorem proof.Theorem
		want    string
	}{
		{proof.Theorem{Verdict: oracle.Refuted, Margin: 0.00023925066999}, "-0.00023925"},
		{proof.Theorem{Verdict: oracle.Holds, Margin: 0.99999999}, "0.999999"},
		{proof.Theorem{Verdict: oracle.Holds, Margin: 2}, "2"},
		{proof.Theorem{Verdict: oracle.Refuted}, "0"},
	} {
		if got := c.theorem.Bound(); got != c.want {
			t.Errorf("%v by %v is shown as %s, want %s", c.theorem.Verdict, c.theorem.Margin, got, c.want)
		}
	}
}
