package planar_test

import (
	"math/big"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/cosine/planar"
)

// BenchmarkJudge decides three classes in a plane: a search inside, one outside, and the cover of all shapes.
func BenchmarkJudge(b *testing.B) {
	zero, one, minus := new(big.Rat), big.NewRat(1, 1), big.NewRat(-1, 1)
	m, err := gmm.NewExact(gmm.Exact{Weights: []*big.Rat{one, one, one}, Means: [][]*big.Rat{{one, zero, zero}, {zero, one, zero}, {minus, minus, zero}}, Covariance: gmm.IdentityRows(3)})
	if err != nil {
		b.Fatal(err)
	}
	p, err := gmm.NewPairs(m, one)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		const temperature = 0.5
		of, err := planar.Of(p)
		if err != nil {
			b.Fatal(err)
		}
		inside, err := of.Inside(temperature)
		if err != nil {
			b.Fatal(err)
		}
		noisy, err := of.Best(inside, temperature)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := of.Judge(temperature, noisy); err != nil {
			b.Fatal(err)
		}
	}
}
