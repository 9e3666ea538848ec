package theorems

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"

	"pgregory.net/rapid"
)

// planes draws two components as they are, or three centred ones, that span a plane, in 3 or 4 dimensions, with distances from ½ to some 6 and τ from 1/16 to 2.
func planes() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		k := rapid.IntRange(2, 3).Draw(t, "components")
		d := rapid.IntRange(3, 4).Draw(t, "dimensions")
		size := rapid.Int64Range(1, 8).Draw(t, "size")
		var means [][]*big.Rat
		var weights []*big.Rat
		for i := range k {
			mean := make([]*big.Rat, d)
			for j := range mean {
				mean[j] = new(big.Rat)
			}
			for j := range 2 {
				of := rapid.Int64Range(-4, 4).Draw(t, "mean")
				if i < 2 && j == i { // of the two first, which span a plane
					of = rapid.Int64Range(5, 9).Draw(t, "its own")
				}
				mean[j].SetFrac64(of*size, 16)
			}
			means, weights = append(means, mean), append(weights, big.NewRat(rapid.Int64Range(1, 6).Draw(t, "weight"), 1))
		}
		m, err := gmm.NewExact(gmm.Exact{Weights: weights, Means: means, Covariance: gmm.IdentityRows(d)})
		if err != nil {
			t.Fatal(err)
		}
		if m, err = m.Transform(generators.Transformation(d).Draw(t, "T")); err != nil {
			t.Fatal(err)
		}
		p := pairs(m, generators.Informative().Draw(t, "delta"))
		if k == 3 {
			if p, err = p.Centre(); err != nil {
				t.Fatal(err)
			}
		}
		return Case{Pairs: p, Temperature: big.NewRat(rapid.Int64Range(1, 32).Draw(t, "sixteenths of τ"), 16)}
	})
}

// planesReadNoise judges random mixtures whose means span a plane.
func planesReadNoise(t *testing.T, cases int) {
	type kind struct {
		components int
		τ, apart   string
	}
	refuted, all := map[string]int{}, map[string]int{}
	total := 0
	for seed := range cases {
		c := planes().Example(seed)
		if c.Pairs.Left.FisherDimension() != 2 {
			continue
		}
		start := time.Now()
		o := checkCosine(cosine.InfoNCE)(c)
		if took := time.Since(start); took > 5*time.Second || testing.Verbose() {
			t.Logf("%d: K = %d, %v %v %s in %v", seed, c.Pairs.Components(), o.Verdict, o.Value, o.Detail, took.Round(time.Millisecond))
		}
		_, τ := c.heat()
		band := "τ ≤ 1/4"
		switch {
		case τ > 1:
			band = "τ > 1"
		case τ > .25:
			band = "1/4 < τ ≤ 1"
		}
		band = fmt.Sprintf("K = %d, %s", c.Pairs.Components(), band)
		all[band]++
		total++
		if o.Verdict == oracle.Refuted {
			refuted[band]++
		}
	}
	t.Logf("refuted %v of %v", refuted, all)
}

func TestPlanesReadNoise(t *testing.T) { planesReadNoise(t, 40) }
