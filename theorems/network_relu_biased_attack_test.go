//go:build attack

package theorems

import (
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"testing"

	"contrastcheck/oracle"
)

// What smoothing gains beside what noise costs, at the best nets of ReLU neurons with biases inside S_c, of random mixtures on a line: beyond 1 one of them gains by reading noise. SEED begins the draws.
func TestHuntReLUBiased(t *testing.T) {
	const mixtures = 60
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	ratios := map[int][]float64{}
	for i := range mixtures {
		delta := big.NewRat(int64(1+i%4), 4)
		c := drawOnLine(2+i%3, 2, delta).Example(mixtures*seed + i)
		c.Seed = uint64(mixtures*seed + i)
		if r := gainOfNoise(c); !math.IsNaN(r) {
			h := reluNets(c).Hidden
			ratios[h] = append(ratios[h], r)
			if r > 1 {
				o := checkNetworkReLUBiased(c)
				t.Logf("%#v: %.6g: %v", c, r, o)
				if o.Verdict == oracle.Refuted {
					t.Errorf("a find: %#v", c)
				}
			}
		}
	}
	for h, all := range ratios {
		slices.Sort(all)
		t.Logf("%d neurons: %d settled, largest %.4f", h, len(all), all[len(all)-1])
	}
}
