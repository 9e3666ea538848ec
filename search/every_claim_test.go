package search_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

// Every theorem can be hunted, with and without constraints, or is refused; and nobody finds what refutes it.
func TestEveryClaimIsHunted(t *testing.T) {
	for _, claim := range theorems.All() {
		if claim.Recorded == oracle.Refuted || strings.HasPrefix(claim.ID, "network-") || claim.ID == "containment-envelope" {
			continue // found above, or dear
		}
		for _, l := range []search.Limits{{}, {Separation: big.NewRat(6, 1)}} {
			f, err := search.Hunt(t.Context(), claim, search.Options{Limits: l, Evaluations: 1})
			switch {
			case claim.Hunt == nil:
				if !errors.Is(err, search.ErrNotSearchable) || !errors.Is(err, theorems.ErrUnsearchable) {
					t.Errorf("%s: %v", claim.ID, err)
				}
			case err == nil:
				t.Errorf("%s is refuted by %#v: %s", claim.ID, f.Case, f.Outcome.Detail)
			case !errors.Is(err, search.ErrNothingFound):
				t.Errorf("%s: %v", claim.ID, err)
			}
		}
	}
}
