package theorems_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
)

// The claims are about means that are not all equal: a mixture of other means is no instance of
// them, whatever is true of it. Of any other, the most special claim is named, and those that are not as special may be.
func TestCheckEqualityKnowsTheHypotheses(t *testing.T) {
	for text, instances := range map[string][]string{
		`{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`:                            nil,
		`{"weights": [1, 2], "means": [[1, 1], [1, 1]], "covariance": "identity"}`:                 nil,
		`{"weights": [1, 2], "means": [[0, 0], [0, 0]], "covariance": "identity", "delta": "1/2"}`: nil,
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": "identity", "delta": 0}`:          nil,
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": "identity"}`:                      {"equality-centred", "equality"},
		`{"weights": [1, 1], "means": [[1], [-2]], "covariance": "identity"}`:                      {"equality"},
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": "identity", "delta": "1/2"}`:      {"equality-biased"},
		`{"weights": [1, 1], "means": [[1], [-2]], "covariance": "identity", "delta": "1/2"}`:      nil,
	} {
		file, err := gmm.Read("file", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := theorems.ProveEquality(file.Pairs, 1)
		if want := append(instances, "")[0]; err != nil || certificate.Claim != want {
			t.Fatalf("%s: proved as an instance of %q (%v), want of %q", text, certificate.Claim, err, want)
		}
		of := map[string]bool{"": true}
		for _, id := range instances {
			of[id] = true
		}
		for _, id := range []string{"", "equality", "equality-centred", "equality-biased", "nothing"} {
			certificate.Claim = id
			theorem, err := theorems.CheckEquality(certificate, 1)
			if accepted := err == nil; accepted != of[id] || !accepted && !errors.Is(err, proof.ErrRefused) {
				t.Errorf("%s: %v as an instance of %q (%v), want accepted to be %v", text, theorem.Verdict, id, err, of[id])
			}
		}
		if claims, err := theorems.Find(instances...); err != nil {
			t.Errorf("%v: %v of %d", instances, err, len(claims))
		}
	}
}

// An outcome prints as one line.
func TestOutcomePrints(t *testing.T) {
	o := theorems.Outcome{Verdict: oracle.Refuted, Grade: oracle.Proved, Detail: "λ < 0"}
	if got, want := fmt.Sprint(o), "refuted (proved): λ < 0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := fmt.Sprint(theorems.Outcome{Detail: "too steep"}), "undecided: too steep"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
