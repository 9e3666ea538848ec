package proof_test

import (
	"math/big"
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
		{proof.Theorem{Verdict: oracle.Refuted, Margin: big.NewRat(23925066999, 1e14)}, "-0.00023925"},
		{proof.Theorem{Verdict: oracle.Holds, Margin: big.NewRat(99999999, 1e8)}, "0.999999"},
		{proof.Theorem{Verdict: oracle.Holds, Margin: big.NewRat(2, 1)}, "2"},
		{proof.Theorem{Verdict: oracle.Refuted}, ""},
	} {
		if got := c.theorem.Bound(); got != c.want {
			t.Errorf("%v by %v is shown as %s, want %s", c.theorem.Verdict, c.theorem.Margin, got, c.want)
		}
	}
}
