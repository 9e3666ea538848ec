package theorems

import (
	"math"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/noncontrastive"
	minima "contrastcheck/solver/noncontrastive"
)

// Hadsell's loss at what the search finds is the oracle's, by other rules in another room, and the oracle knows nothing better nearby.
func TestHadsellSearchAgainstOracle(t *testing.T) {
	cases, largest := hadsellContainment.Draw, 0.0
	for seed := range enough.Cases(40) {
		p := cases.Example(seed).Pairs
		along, across, value, err := minima.Margin(p, 1)
		if err != nil {
			t.Fatal(err)
		}
		at := func(m, q float64) float64 {
			found, err := noncontrastive.JudgeMargin(p, noncontrastive.Margin{}, m, q)
			if err != nil {
				t.Fatal(err)
			}
			return found.Outside
		}
		const grid = 1e-3 // of a rule of 48 by 24 cells, a quarter of a deviation wide
		here := at(along, across)
		largest = math.Max(largest, math.Abs(here-value))
		if math.Abs(here-value) > grid {
			t.Errorf("seed %d: diag(%v, %v) has %v, as the oracle has it %v", seed, along, across, value, here)
		}
		for _, by := range [][2]float64{{1.25, 1}, {0.8, 1}, {1, 1.25}, {1, 0.8}} {
			beside := at(by[0]*along, by[1]*across)
			if beside < here { // a quarter is farther than the grid leads
				t.Errorf("seed %d: diag(%v, %v) has %v, and %v of it %v", seed, along, across, here, by, beside)
			}
		}
	}
	t.Logf("values differ by up to %.2g", largest)
}
