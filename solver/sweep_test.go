package solver

import (
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Where the budget does not pay for another minimisation, the end of the one before stands: by the sight that it was
// averaged by, with what that misses in its error.
func TestSweepsEndWithTheBudget(t *testing.T) {
	f, _, want := seen(t, attack([2]float64{440, 800}, 1e-87).times(t, tetrahedron), 1e-7)
	f.sight = nil
	ws := prepared()
	blind, err := f.at(ws.here, want.m, 1e-4)
	if err != nil {
		t.Fatal(err)
	}
	before, times := blind.err, 0
	spent, err := f.sweep(ws, 1e-7, want.m, func(*mat.Dense) (bool, error) {
		if times++; times > 1 {
			return false, errSpent
		}
		return false, nil
	})
	if err != nil || !spent || times != 2 {
		t.Fatalf("the sweep ended after %d minimisations, spent %v, %v", times, spent, err)
	}
	if f.sight != nil {
		t.Errorf("the sight is %+v, not that of the place", f.sight)
	}
	if off := f.Metric().Dual(difference(blind.gradient, want.gradient)); !(blind.err >= before+off) {
		t.Errorf("the gradient misses %.2g, its error is %.2g", off, blind.err)
	}
}

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
		said := strings.Contains(c.Rule, atLimit)
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

func difference(a, b *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Sub(a, b)
	return &out
}
