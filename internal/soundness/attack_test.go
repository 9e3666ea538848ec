//go:build attack

package soundness

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// larger families, of 15 to 30, and of 54 components.
var (
	largerFamilies = []family{
		{name: "one far, larger", planes: []planarShape{near(2, 1)}, simplices: []int{5, 6, 6, 6}},
		{name: "turned over, larger", planes: []planarShape{near(2, 1).with(tuned)}, simplices: []int{5, 6, 6}},
		{name: "two far, larger", planes: []planarShape{near(2, 2)}, simplices: []int{4, 5, 6}},
		{name: "shadows, larger", planes: []planarShape{near(2, 2).with(shadowed)}, simplices: []int{4, 5, 6}},
		{name: "two planes, larger", planes: []planarShape{near(2, 1), near(2, 1)}, simplices: []int{2, 2, 2, 3}},
		{name: "paired, larger", planes: []planarShape{near(2, 1).with(pairedUp)}, simplices: []int{5, 6, 6, 6}},
	}
	largestFamilies = []family{
		{name: "three planes", planes: []planarShape{near(2, 1), near(2, 1), near(2, 1)}, simplices: []int{2}},
		{name: "two planes and a simplex", planes: []planarShape{near(2, 1), near(2, 1)}, simplices: []int{6}},
	}
)

// number reads a setting of the long run from the environment variables:
//
//	TRIALS   of up to 12 components, 20,000 by default; for each thousand of these there are
//	         20 of 15 to 30 components and 2 of 54
//	SEED     1 by default
//	MINUTES  after which no more blocks are drawn, 55 by default
//	QUICK    1 has each trial end at its first look at the samples, for bounds by the thousand
//	FAMILY, BLOCKS, to run the trials of one draw of blocks again
func number(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: expected a whole number, found %q", name, text)
	}
	return n
}

// TestProducts is TestProductsOfRareComponents by the thousand.
func TestProducts(t *testing.T) {
	trials, seed := number(t, "TRIALS", 20000), uint64(number(t, "SEED", 1))
	until := time.Now().Add(time.Duration(number(t, "MINUTES", 55)) * time.Minute)
	quick := number(t, "QUICK", 0) != 0
	all := tallies{}
	shown := map[string]int{}
	run := func(families []family, trials int) {
		if name := os.Getenv("FAMILY"); name != "" && !slices.ContainsFunc(families, func(f family) bool { return f.name == name }) {
			return
		}
		made := 0
		for index := 0; made < trials && time.Now().Before(until); index++ {
			f := families[index%len(families)]
			f.quick = f.quick || quick
			if name := os.Getenv("FAMILY"); name != "" && (f.name != name || index != number(t, "BLOCKS", index)) {
				continue
			}
			err := f.run(seed, uint64(index), min(trialsOfBlocks, trials-made), func(o outcome, key string, s setting, took time.Duration) {
				made++
				all.add(f.name, o, took)
				const most = 5 // of a family and a kind are told
				if o.wrong != "" {
					if shown[f.name+o.wrong]++; shown[f.name+o.wrong] <= most {
						t.Errorf("%s: wrong %s: %v", key, o.wrong, o)
					} else {
						t.Fail()
					}
				} else if os.Getenv("FAMILY") != "" {
					t.Logf("%s: %v, %+v, %v", key, o, s, took)
				}
				if made%500 == 0 {
					t.Logf("%d trials\n%v", made, all)
				}
			})
			if err != nil {
				t.Error(err)
			}
			if os.Getenv("BLOCKS") != "" {
				break
			}
		}
	}
	run(largestFamilies, trials/500)
	run(largerFamilies, trials/50)
	run(families, trials)
	t.Logf("\n%v", all)
}
