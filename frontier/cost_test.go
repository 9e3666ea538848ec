package frontier_test

import (
	"context"
	"testing"
	"time"

	"contrastcheck/frontier"
	"contrastcheck/losses"
)

// The estimate grows with the points and with the loss, and is right to a factor: of InfoNCE, of a loss of labels and of a closed form.
func TestCostIsEstimated(t *testing.T) {
	base := family(t, "rare-outlier")
	estimate := func(l losses.Loss, axes ...string) float64 {
		g, err := grid(t, base, axes...).Of(l)
		if err != nil {
			t.Fatal(err)
		}
		d, err := losses.Decide(t.Context(), l, base, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cost := g.Cost(d)
		if cost.Seconds <= 0 || cost.Bytes <= 0 {
			t.Errorf("%s: %+v", l.Title, cost)
		}
		return cost.Seconds
	}
	few, many := estimate(losses.InfoNCE, "delta=1/2:1:2"), estimate(losses.InfoNCE, "delta=1/2:1:2", "weight=1/1000:1/100:8")
	if many != 8*few {
		t.Errorf("%v s for 8 times the points, %v s for one", many, few)
	}
	if triplet := estimate(losses.Triplet, "delta=1/2:1:2"); triplet < 20*few {
		t.Errorf("triplets are estimated at %v s, InfoNCE at %v s", triplet, few)
	}
	if testing.Short() {
		t.Skip("maps are drawn and timed")
	}
	for _, l := range []losses.Loss{losses.InfoNCE, losses.Triplet, losses.Spectral} {
		g, err := grid(t, base, "delta=1/10:1:10").Of(l)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := frontier.Sweep(context.Background(), g, frontier.Options{}); err != nil {
			t.Fatal(err)
		}
		took, said := time.Since(start).Seconds(), estimate(l, "delta=1/10:1:10")
		const factor = 30 // the estimate is of nominal rates, and machines are busy with other things
		if took > factor*said {
			t.Errorf("%s: %v s were estimated, it took %v s", l.Title, said, took)
		}
		t.Logf("%s: %.3g s, estimated %.3g s", l.Title, took, said)
	}
}
