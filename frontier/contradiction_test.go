package frontier

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/oracle"
)

// A proof that contradicts what was found at an end leaves the end undecided, and is the reason whatever else is one.
func TestContradictedEndIsUndecided(t *testing.T) {
	base, err := FamilyNamed("two-points")
	if err != nil {
		t.Fatal(err)
	}
	g, err := NewGrid(base, Axis{Delta, big.NewRat(1, 2), big.NewRat(1, 1), 2})
	if err != nil {
		t.Fatal(err)
	}
	r := refinement{grid: g, to: big.NewRat(1, 10), limit: 1}
	low, high := r.at(Bracket{}, big.NewRat(1, 2)), r.at(Bracket{}, big.NewRat(1, 1))
	if low.Verdict == oracle.Undecided || high.Verdict == oracle.Undecided {
		t.Fatalf("undecided: %v, %v", low, high)
	}
	low.Verdict = oracle.Holds + oracle.Refuted - low.Verdict // a mistake
	low.Certificate = nil
	b := r.proved(Bracket{Low: low, High: high, Reason: "of another kind"})
	if b.Low.Verdict != oracle.Undecided || !math.IsNaN(b.Low.Margin) || b.Proved() || !strings.Contains(b.Reason, "a mistake in this program") {
		t.Errorf("%v, proved %v: %s", b.Low, b.Proved(), b.Reason)
	}
	if b.High.Verdict != high.Verdict || b.High.Certificate == nil {
		t.Errorf("the other end: %v, certificate %v", b.High, b.High.Certificate)
	}
}
