package theorems

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"

	"gonum.org/v1/gonum/mat"
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

// planesReadNoise judges random mixtures whose means span a plane, from a seed on, and counts the refuted by the least distance of two means, or of one to 0, and τ: the gain falls with both.
func planesReadNoise(t *testing.T, from, to int) {
	refuted, all, most := 0, 0, 0.0
	open := map[string]int{}
	for seed := from; seed < to; seed++ {
		c := planes().Example(seed)
		if c.Pairs.Left.FisherDimension() != 2 {
			continue
		}
		all++
		start := time.Now()
		o := checkCosine(cosine.InfoNCE)(c)
		most = max(most, time.Since(start).Seconds())
		if o.Verdict == oracle.Refuted {
			refuted++
			continue
		}
		w, err := c.Pairs.Left.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		nearest := math.Inf(1)
		for k := range c.Pairs.Components() {
			for l := range k {
				var step mat.VecDense
				step.SubVec(w.Means.ColView(k), w.Means.ColView(l))
				nearest = min(nearest, mat.Norm(&step, 2))
			}
		}
		_, τ := c.heat()
		t.Logf("seed %d, K = %d, %.3g apart: %s", seed, c.Pairs.Components(), nearest, o.Detail)
		open[fmt.Sprintf("K = %d, %.0f apart, τ %s 1", c.Pairs.Components(), nearest, map[bool]string{true: "≤", false: ">"}[τ <= 1])]++
	}
	t.Logf("seeds %d to %d: %d of %d refuted, open %v, at most %.1f s", from, to, refuted, all, open, most)
	if 4*(all-refuted) > all {
		t.Errorf("%d of %d are open", all-refuted, all)
	}
}

// Random mixtures whose means span a plane are judged; more of them under the tag attack.
func TestPlanesReadNoiseHere(t *testing.T) { planesReadNoise(t, 0, enough.Cases(8)) }
