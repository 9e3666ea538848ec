package solver

import (
	"contrastcheck/solver/descent"
	"strings"
	"testing"
)

// Whichever of the two minimisations spends the budget, the rule says so.
func TestRuleSaysThatTheBudgetIsSpent(t *testing.T) {
	p := attack([2]float64{440, 800}, 1e-87).times(t, tetrahedron)
	whole, err := Minimise(InfoNCE, p, Options{Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	ended := 0
	for limit := 1e-5; limit < 1e-4; limit *= 1.3 {
		c, err := Minimise(InfoNCE, p, Options{Tolerance: 1e-6, Limit: limit})
		if err != nil {
			continue
		}
		said := strings.Contains(c.Rule, descent.AtLimit)
		if said {
			ended++
		}
		if !said && c.Free.DistanceBound > 100*whole.Free.DistanceBound {
			t.Errorf("limit %.3g: a bound of %.2g, and no word of the limit in %q", limit, c.Free.DistanceBound, c.Rule)
		}
	}
	if ended == 0 {
		t.Error("no limit ended a solve")
	}
}
