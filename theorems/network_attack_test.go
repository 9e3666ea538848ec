//go:build attack

package theorems

import (
	"slices"
	"testing"

	"contrastcheck/oracle"
)

// The inequalities hold at 500 random networks each; their margins are listed.
func TestNetworksGainNothingFromNoise(t *testing.T) {
	const nets, fewOpen = 500, 25
	for _, c := range []Claim{networkAveraging, networkFreezing, networkSpectral, networkThreshold} {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			var margins []float64
			open := 0
			for seed := range nets {
				drawn := c.Draw.Example(seed)
				o := c.Check(drawn)
				margins = append(margins, o.Value)
				switch o.Verdict {
				case oracle.Refuted:
					t.Errorf("%#v: %v", drawn, o)
				case oracle.Undecided:
					open++
				}
			}
			slices.Sort(margins)
			t.Logf("%d nets, %d undecided; margins: least %.2g, a tenth below %.2g, half below %.2g, largest %.2g nats", nets, open, margins[0], margins[nets/10], margins[nets/2], margins[nets-1])
			if open > fewOpen {
				t.Errorf("%d of %d are undecided, at most %d may be", open, nets, fewOpen)
			}
		})
	}
}
