package theorems_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// Every claim can be searched or says in a sentence why not.
func TestClaimsAreSearchableOrSayWhyNot(t *testing.T) {
	for _, c := range append(theorems.All(), theorems.Hunted()...) {
		err := c.Searchable()
		switch {
		case (c.Hunt == nil) != (c.Unsearchable != ""):
			t.Errorf("%s has a hunt, or says why it has none: %q", c.ID, c.Unsearchable)
		case c.Hunt != nil && err == nil:
		case !errors.Is(err, theorems.ErrUnsearchable) || !strings.Contains(err.Error(), c.Unsearchable) || strings.HasSuffix(c.Unsearchable, "."):
			t.Errorf("%s: %v", c.ID, err)
		}
	}
}

// A score that a check gives is positive where the check refutes, and nowhere else; and what a search builds, a mixture and a seed, is scored.
func TestScoresAgreeWithChecks(t *testing.T) {
	refuted, built := 0, 0
	for _, c := range theorems.All() {
		if c.Hunt == nil || c.Hunt.Draw != nil || strings.Contains(c.ID, "network-") || slices.Contains([]string{"containment-envelope", "own-rank"}, c.ID) { // which are dear
			continue
		}
		var cases []theorems.Case
		for n := range enough.Cases(4) {
			cases = append(cases, c.Draw.Example(generators.ExampleSeed(c.ID, 9, n)))
		}
		for _, s := range theorems.Stored(c.ID) {
			if s.Case.Pairs.Components() <= 3 {
				cases = append(cases, s.Case)
				break
			}
		}
		for _, on := range cases {
			score, outcome := c.Hunt.Score(on), c.Check(on)
			if (score > 0) != (outcome.Verdict == oracle.Refuted) {
				t.Errorf("%s of %#v: %v, yet a score of %v", c.ID, on, outcome, score)
			}
			if outcome.Verdict == oracle.Refuted {
				refuted++
			}
		}
		on := theorems.Case{Pairs: cases[0].Pairs, Seed: 5}
		if score := c.Hunt.Score(on); score > 0 && c.Recorded == oracle.Holds {
			t.Errorf("%s of %#v: a score of %v", c.ID, on, score)
		} else if !math.IsNaN(score) {
			built++
		}
	}
	if refuted < 4 || built < 20 {
		t.Errorf("%d refuted cases, %d built ones that are scored", refuted, built)
	}
}

// What a claim is not about has no score, so that no search ends there.
func TestOthersHaveNoScore(t *testing.T) {
	plane := document(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`).Pairs
	for id, want := range map[string]bool{"equality-line": false, "containment-stable": false, "clip-containment": false, "svd-spherical": true, "containment": true, "stationarity": true} {
		if score := named(t, id).Hunt.Score(theorems.Case{Pairs: plane}); math.IsNaN(score) == want {
			t.Errorf("%s of two points: a score of %v", id, score)
		}
	}
}
