//go:build attack

package frontier_test

import (
	"context"
	"math"
	"math/big"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// Of random mixtures and several losses, along δ, a weight and a mean: each end is what it is said to be, by a proof, and the solver, alone, finds margins of the same signs.
func TestBracketsOfManyMixtures(t *testing.T) {
	brackets, proved, signs := 0, 0, 0
	for n := range 40 {
		m := generators.RareOutliersOf(3, 2).Example(n)
		if n%2 == 1 {
			m = generators.SharedCovarianceOf(2, 3, 2, 2).Example(n)
		}
		base, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"delta=1/20:1:8", "weight[1]=1/1000:1/2:8", "mean[2][1]=-10:10:8"} {
			for _, l := range []losses.Loss{losses.InfoNCE, losses.Triplet} {
				g, err := grid(t, base, text).Of(l)
				if err != nil {
					t.Fatal(err)
				}
				f, err := frontier.Sweep(context.Background(), g, frontier.Options{Workers: 2})
				if err != nil {
					t.Fatal(err)
				}
				if f.Changes() == 0 {
					continue
				}
				found, err := frontier.Refine(context.Background(), f, narrow(t, "1e-4"), frontier.Options{Workers: 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range found {
					brackets++
					if b.Proved() {
						proved++
					} else if b.Reason == "" {
						t.Errorf("%v: %v to %v is not proved, for no reason", m, b.Low, b.High)
					}
					for _, e := range []frontier.End{b.Low, b.High} {
						p, err := g.At(e.At)
						if err != nil {
							t.Fatal(err)
						}
						const clear = 1e-8 // far beyond the solver's errors
						margin := new(solver.Workspace).Margin(l.Solver, p)
						if math.Abs(margin) < clear {
							continue
						}
						if signs++; (margin > 0) != (e.Verdict == oracle.Holds) {
							t.Errorf("%v at %v: the solver's margin is %v", m, e, margin)
						}
					}
				}
			}
		}
	}
	t.Logf("%d brackets, %d proved, %d ends with a clear margin", brackets, proved, signs)
	if brackets < 20 || proved < brackets*9/10 || signs < brackets {
		t.Errorf("%d brackets, %d proved, %d clear ends: too few", brackets, proved, signs)
	}
}

// Where float64 decides no more, proofs do, down to about 1e-13; beyond that it is said that nothing decides.
func TestFinestBrackets(t *testing.T) {
	for width, fine := range map[string]bool{"1e-10": true, "1e-12": true, "1e-15": false} {
		for _, b := range refined(t, grid(t, family(t, "rare-outlier"), "delta=1/10:1/5:2"), width) {
			if !b.Proved() || (b.Reason == "") != fine || !(b.Width() < 1e-9) {
				t.Errorf("%s: %v to %v, width %v, proved: %v, %q", width, b.Low, b.High, b.Width(), b.Proved(), b.Reason)
			}
		}
	}
}
