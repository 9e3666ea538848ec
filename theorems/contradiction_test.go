package theorems

import (
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// An outcome whose opposite is proved is undecided, and says so.
func TestContradictedOutcomeIsUndecided(t *testing.T) {
	m, err := gmm.New([]float64{.5, .5}, mat.NewDense(2, 1, []float64{1, -1}), mat.NewSymDense(1, []float64{1}))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Find("equality")
	if err != nil {
		t.Fatal(err)
	}
	o := c[0].Proved(Case{Pairs: pairs(m, big.NewRat(1, 1))}, Outcome{Verdict: oracle.Refuted, Value: -1, Detail: "wrong"})
	if o.Verdict != oracle.Undecided || o.Certificate != nil || !strings.Contains(o.Detail, "a mistake in this program: holds is proved") {
		t.Error(o)
	}
}
