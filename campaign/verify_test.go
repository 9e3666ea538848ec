package campaign_test

import (
	"context"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/theorems"
)

func TestVerify(t *testing.T) {
	claims, err := theorems.Find("equality", "equality-line", "svd-shared", "fisher-optimal")
	if err != nil {
		t.Fatal(err)
	}
	o := theorems.Options{Cases: 40, Seed: 3}
	want, err := theorems.Verify(t.Context(), claims, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 2, 5} {
		found, err := campaign.Verify(context.Background(), campaign.InProcess(workers), claims, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found {
			a, b := found[i], want[i]
			a.Claim, b.Claim = theorems.Claim{}, theorems.Claim{}
			t.Logf("%+v", a.Cases)
			if len(a.Outcomes) != len(b.Outcomes) || a.Worst != b.Worst || a.Grade != b.Grade || !a.Complete || len(a.Counterexamples) != len(b.Counterexamples) {
				t.Errorf("%v\n%v", a, b)
			}
		}
	}
}
