package search

import (
	"context"
	"math/big"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// A shrunk counterexample is minimal: of every single simplification of the numbers in
// it, listed here anew, none still refutes the claim. Those that shrink further in one
// respect and grow in an earlier one don't count; there are none in this list.
func TestShrunkIsMinimal(t *testing.T) {
	tried := 0
	for _, claim := range theorems.All() {
		if claim.Hunt == nil || claim.Hunt.Draw == nil || claim.Hunt.Ascent == theorems.ByScore { // shrinking knows no loss: InfoNCE's, which are quick, show it
			continue
		}
		for _, stored := range theorems.Stored(claim.ID) {
			mixture, delta := stored.Case.Pairs.Left, stored.Case.Pairs.ExactDelta()
			if mixture.Components() > 3 || mixture.Dimension() > 2 {
				continue
			}
			limits, err := Limits{Delta: delta}.of(claim)
			if err != nil {
				t.Fatal(err)
			}
			shrunk := stored.Case
			shrink(context.Background(), claim, stored.Case, limits, floor{}, func(r refutation) { shrunk = r.on })
			t.Logf("%s: %s", stored.Name, shrunk.Pairs.GoString())
			before, after := measure(claim, newDraft(stored.Case)), measure(claim, newDraft(shrunk))
			if before.simpler(after) {
				t.Errorf("%s: %v is not simpler than %v", stored.Name, shrunk, stored.Case)
			}
			if claim.Check(shrunk).Verdict != oracle.Refuted || claim.Hunt.Hypotheses.Check(shrunk) != nil {
				t.Errorf("%s: %v is no counterexample", stored.Name, shrunk)
			}
			for _, s := range singleSteps(newDraft(shrunk), claim.Hunt.Hypotheses.Centred) {
				tried++
				if c, ok := s.build(0); ok && limits.admit(claim, c) && claim.Check(c).Verdict == oracle.Refuted {
					t.Errorf("%s: %v is not minimal: %v refutes it, too", stored.Name, shrunk, c)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d simplifications were tried", tried)
	}
}

// singleSteps lists what is simpler in one respect: a component less, a coordinate
// less, a covariance entry 0 or 1, a weight less by one, a coordinate 0 or nearer to 0 by one.
func singleSteps(d draft, isCentred bool) (out []draft) {
	fixed := -1
	if isCentred {
		fixed = d.heaviest()
	}
	add := func(s draft) {
		if isCentred {
			s = s.centred()
		}
		out = append(out, s)
	}
	one, zero := big.NewRat(1, 1), new(big.Rat)
	for k := range d.components() {
		s := d
		s.weights, s.means = without(d.weights, k), without(d.means, k)
		add(s)
		if d.weights[k].Cmp(one) > 0 {
			s = d
			s.weights = replaced(d.weights, k, new(big.Rat).Sub(d.weights[k], one))
			if !isCentred || s.heaviest() == fixed {
				add(s)
			}
		}
		for i, x := range d.means[k] {
			if k == fixed || x.Sign() == 0 {
				continue
			}
			add(d.withMean(k, i, zero))
			if x.IsInt() {
				add(d.withMean(k, i, new(big.Rat).Sub(x, big.NewRat(int64(x.Sign()), 1))))
			}
		}
	}
	for i := range d.dimension() {
		for j := range i {
			if d.covariances[0][i][j].Sign() != 0 {
				add(d.withCovariance(0, i, j, zero))
			}
		}
		if d.covariances[0][i][i].Cmp(one) != 0 {
			add(d.withCovariance(0, i, i, one))
		}
	}
	return out
}

// Every simplification leaves the draft that it is of as it is.
func TestSimplificationsWriteNothing(t *testing.T) {
	for _, stored := range theorems.Stored("equality") {
		d := newDraft(stored.Case)
		before, _ := d.build(0)
		n := 0
		for s := range simplifications(d) {
			s.centred()
			n++
		}
		if after, ok := d.build(0); !ok || after.Pairs.GoString() != before.Pairs.GoString() || n == 0 {
			t.Errorf("%s changed to %v after %d simplifications", before.Pairs.GoString(), after.Pairs.GoString(), n)
		}
	}
}
