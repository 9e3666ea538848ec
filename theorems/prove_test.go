package theorems_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
	"contrastcheck/theorems/proofs"

	"gonum.org/v1/gonum/mat"
)

// The claims are about means that are not all equal: a mixture of other means is no instance of
// them, whatever is true of it. Of any other, the most special claim is named, and those that are not as special may be.
func TestCheckKnowsTheHypotheses(t *testing.T) {
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
		certificate, err := proofs.ProveEquality(proof.InfoNCE, file.Pairs, 1)
		if want := append(instances, "")[0]; err != nil || certificate.Claim != want {
			t.Fatalf("%s: proved as an instance of %q (%v), want of %q", text, certificate.Claim, err, want)
		}
		of := map[string]bool{"": true}
		for _, id := range instances {
			of[id] = true
		}
		for _, id := range []string{"", "equality", "equality-centred", "equality-biased", "nothing"} {
			certificate.Claim = id
			theorem, err := proofs.Check(certificate, 1)
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

// A mixture of floats is exact: what is proved is proved of the dyadic numbers that they are.
func TestProveEqualityAcceptsFloats(t *testing.T) {
	for _, c := range []struct {
		means   []float64
		margin  bool // enclosed; else the rank decides
		verdict oracle.Verdict
	}{
		{[]float64{0.1, 0.7, -0.3, 0.2}, true, oracle.Holds},
		{[]float64{0.1, 0.3, 0.2, 0.6}, false, oracle.Holds}, // on a line, exactly
		{[]float64{0.1, 0.3, 0.1, 0.3}, false, oracle.Refuted},
	} {
		m, err := gmm.New([]float64{0.3, 0.7}, mat.NewDense(2, 2, c.means), mat.NewSymDense(2, []float64{1.1, 0.2, 0.2, 0.9}))
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := proofs.ProveEquality(proof.InfoNCE, p, 1)
		if err != nil {
			t.Fatalf("means %v: %v", c.means, err)
		}
		theorem, err := proofs.Check(certificate, 1)
		if err != nil || theorem.Verdict != c.verdict || (theorem.Margin != nil) != c.margin {
			t.Errorf("means %v: %v, %v, want %v", c.means, theorem.Verdict, err, c.verdict)
		}
	}
}
