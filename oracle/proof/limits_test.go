package proof_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// The claims are about means that are not all equal: a mixture of other means is no instance of
// them, whatever is true of it.
func TestCheckKnowsTheHypotheses(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`,
		`{"weights": [1, 2], "means": [[1, 1], [1, 1]], "covariance": "identity"}`,
		`{"weights": [1, 2], "means": [[0, 0], [0, 0]], "covariance": "identity", "delta": "1/2"}`,
		`{"weights": [1, 1], "means": [[1], [-1]], "covariance": "identity", "delta": 0}`,
	} {
		file, err := gmm.ReadJSON("file", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		certificate, err := proof.Prove(file.Pairs, gmm.Form{})
		if err != nil || certificate.Claim != "" {
			t.Fatalf("%s: proved as an instance of %q (%v), want of nothing", text, certificate.Claim, err)
		}
		if _, err := proof.Check(certificate); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		for _, claim := range []string{"equality", "equality-centred", "equality-biased"} {
			certificate.Claim = claim
			if _, err := proof.Check(certificate); !errors.Is(err, proof.ErrRefused) {
				t.Errorf("%s: accepted as an instance of %s (%v)", text, claim, err)
			}
		}
	}
}

// A file of long numbers is refused before exact elimination takes minutes.
func TestCheckRefusesLongNumbers(t *testing.T) {
	const d = 8
	long := "0." + strings.Repeat("7", 900)
	mean := func(k int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(fmt.Sprintf("\"%d%s\",", k, long[1:]), d), ",") + "]"
	}
	text := fmt.Sprintf(`{"weights": [1, 2], "means": [%s, %s], "covariance": "identity"}`, mean(1), mean(2))
	file, err := gmm.ReadJSON("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Check(proof.Certificate{Pairs: file.Pairs, Verdict: oracle.Holds}); !errors.Is(err, proof.ErrNotProved) {
		t.Errorf("%v, want ErrNotProved", err)
	}
}
