package theorems

import (
	"math/big"
	"testing"

	"contrastcheck/oracle"
)

// An open claim is hunted and not verified; a case that does not refute it bears out nothing.
func TestReLUBiasedIsOpen(t *testing.T) {
	for _, c := range All() {
		if c.ID == networkReLUBiased.ID {
			t.Errorf("%s is verified", c.ID)
		}
	}
	found, err := FindHunted(networkReLUBiased.ID)
	if err != nil || found.Recorded != oracle.Undecided {
		t.Fatalf("%v, recorded %v", err, found.Recorded)
	}
	c := drawOnLine(2, 2, big.NewRat(1, 1)).Example(0)
	c.Seed = 0 // one neuron, one output
	if o := found.Check(c); o.Verdict != oracle.Undecided || !(0 < o.Value && o.Value < 1) {
		t.Errorf("%v", o)
	}
	if score := found.Hunt.Score(c); !(score < 0) {
		t.Errorf("scores %v", score)
	}
}
