package theorems_test

import (
	"fmt"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// Parts of any size come to what Verify comes to, of claims that hold, that are refuted, and that are refuted but not recorded so.
func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	claims, err := theorems.Find("equality-line", "svd-shared", "clip-containment-every-pair", "fisher-optimal")
	if err != nil {
		t.Fatal(err)
	}
	claims[3].ID = "unlike-its-record"
	claims[3].Check = func(c theorems.Case) theorems.Outcome {
		verdict := oracle.Holds
		if c.Seed%3 == 0 {
			verdict = oracle.Refuted
		}
		return theorems.Outcome{Verdict: verdict, Grade: oracle.Bounded, Value: float64(c.Seed % 7), Detail: fmt.Sprint(c.Seed)}
	}
	o := theorems.Options{Cases: 23, Seed: 2}
	want, err := theorems.Verify(t.Context(), claims, o)
	if err != nil {
		t.Fatal(err)
	}
	if r := want[3]; r.Found() != oracle.Refuted || r.Refuted < 2 || len(r.Counterexamples) != 1 {
		t.Fatalf("%d cases refute it, %d of which are shown", r.Refuted, len(r.Counterexamples))
	}
	for _, size := range []int{0, 1, 4, 23, 100} {
		d := o.Divide(claims, func(string, int) int { return size })
		got := theorems.NewResults(claims)
		for n := range d.Parts() {
			p := d.Part(n)
			if d.Part(n).Claim.ID != claims[d.Of(n)].ID || !p.Replays && p.Beyond <= p.First {
				t.Errorf("size %d: part %d is of %s, from %d to %d", size, n, p.Claim.ID, p.First, p.Beyond)
			}
			part, err := p.Run(t.Context())
			if err != nil || !part.Complete {
				t.Fatalf("%v, complete: %v", err, part.Complete)
			}
			got[d.Of(n)].Join(part)
		}
		if err := theorems.Conclude(t.Context(), got); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if a, b := summary(got[i]), summary(want[i]); a != b {
				t.Errorf("parts of %d: %s\nwant %s", size, a, b)
			}
		}
	}
}

// What was cut short stays incomplete, whatever is joined to it.
func TestPartsCutShort(t *testing.T) {
	whole, short := theorems.Result{Complete: true, Cases: 2}, theorems.Result{Cases: 1}
	for _, parts := range [][]theorems.Result{{whole, short}, {short, whole}, {short}} {
		r := theorems.NewResults([]theorems.Claim{{}})[0]
		for _, p := range parts {
			r.Join(p)
		}
		if r.Complete {
			t.Errorf("%d cases are all", r.Cases)
		}
	}
}

func summary(r theorems.Result) string {
	s := fmt.Sprintln(r.Claim.ID, r.Complete, r.Cases, r.Holds, r.Refuted, r.Undecided, r.Worst, r.Grade, r.Replayed, r.Stored)
	for _, c := range r.Counterexamples {
		s += fmt.Sprintln(c.Name, c.Number, c.Case.GoString(), c.Outcome)
	}
	return s + fmt.Sprint(r.Outcomes)
}
