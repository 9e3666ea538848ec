package theorems

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/line"

	"pgregory.net/rapid"
)

// two draws centred mixtures of two components in 2 to 4 dimensions, whitened up to 10 apart, with τ from 1/20 to 2.
func two() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		gap := big.NewRat(rapid.Int64Range(1, 40).Draw(t, "quarters"), 4)
		first, second := rapid.Int64Range(1, 9).Draw(t, "weight"), rapid.Int64Range(1, 9).Draw(t, "other weight")
		total := big.NewRat(first+second, 1)
		at := func(w int64) *big.Rat { x := big.NewRat(w, 1); return x.Quo(x.Mul(x, gap), total) }
		d := rapid.IntRange(2, 4).Draw(t, "dimensions")
		means := [][]*big.Rat{make([]*big.Rat, d), make([]*big.Rat, d)}
		for i := range d {
			means[0][i], means[1][i] = new(big.Rat), new(big.Rat)
		}
		means[0][0], means[1][0] = at(second), new(big.Rat).Neg(at(first))
		m, err := gmm.NewExact(gmm.Exact{Weights: []*big.Rat{big.NewRat(first, 1), big.NewRat(second, 1)}, Means: means, Covariance: gmm.IdentityRows(d)})
		if err != nil {
			panic(err)
		}
		turned, err := m.Transform(generators.Transformation(d).Draw(t, "T"))
		if err != nil {
			panic(err)
		}
		return Case{Pairs: pairs(turned, generators.Informative().Draw(t, "delta")), Temperature: big.NewRat(rapid.Int64Range(1, 40).Draw(t, "twentieths of τ"), 20)}
	})
}

// cosinesReadNoise judges random mixtures: containment is refuted of every one whose gain at first order, over a noise that is as small as the separation allows, is beyond the bounds of the values.
func cosinesReadNoise(t *testing.T, cases int) {
	refuted, open := 0, map[string]int{}
	for seed := range cases {
		c := two().Example(seed)
		o := checkCosine(cosine.InfoNCE)(c)
		if o.Verdict == oracle.Refuted {
			refuted++
			continue
		}
		l, err := line.Of(c.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		_, temperature := c.heat()
		slope, err := cosine.Slope(l, temperature)
		if err != nil {
			t.Fatal(err)
		}
		const small = 1e-6 // at which the noise is worth about that slope still
		f, err := cosine.JudgeNoise(l, cosine.InfoNCE, temperature, small)
		if err != nil {
			t.Fatal(err)
		}
		if bound := f.Inside.Error + f.Outside.Error; slope.Lower()*small > 2*bound {
			t.Errorf("%#v: %v, though the slope is %v", c, o, slope)
		}
		_, means, _ := l.Floats()
		open[fmt.Sprintf("%.0f apart", math.Abs(means[0]-means[1]))]++
	}
	t.Logf("%d mixtures: %d refuted, %d undecided: %v", cases, refuted, cases-refuted, open)
	const most = 3 // undecided, one in so many
	if most*(cases-refuted) > cases {
		t.Errorf("%d of %d are undecided", cases-refuted, cases)
	}
}

// Random mixtures of two centred components are judged; more of them under the tag attack.
func TestCosinesReadNoiseHere(t *testing.T) { cosinesReadNoise(t, enough.Cases(20)) }
