package solver

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"contrastcheck/gmm"
)

// BenchmarkMargin scores fresh mixtures of three components in a Fisher subspace
// of two dimensions, on as many cores as -cpu gives.
func BenchmarkMargin(b *testing.B) {
	const seeds = 64
	rng := rand.New(rand.NewPCG(14, 0))
	var drawn []gmm.Pairs
	for range seeds {
		drawn = append(drawn, separatedPairs(b, rng, 3, 2))
	}
	b.ReportAllocs()
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		var ws Workspace
		for pb.Next() {
			p := drawn[int(next.Add(1))%seeds]
			ws.Margin(InfoNCE, fresh(b, p))
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mixtures/s")
}

// fresh returns p without what it has computed already.
func fresh(b *testing.B, p gmm.Pairs) gmm.Pairs {
	m, err := gmm.New(p.Weights(), p.Left.Means(), p.Left.Covariance())
	if err != nil {
		b.Fatal(err)
	}
	out, err := gmm.NewPairs(m, p.ExactDelta())
	if err != nil {
		b.Fatal(err)
	}
	return out
}
