package soundness

import (
	"context"
	"testing"

	"contrastcheck/losses"
)

// BenchmarkEffect decides with and without what the representation keeps: two components in 50 dimensions of which nothing is lost, and two that lose
// the mean, where it must be certain that it is no more. BENCHMARKS.md has the ratios.
func BenchmarkEffect(b *testing.B) {
	kept := benchmarkShape{2, 50, 2.5}.draw()
	lost := benchmarkShape{2, 50, 2}.draw()
	lost.weights = []float64{1, 3}
	for j := range 50 {
		lost.means.Set(1, j, lost.means.At(1, j)/2)
	}
	for _, c := range []struct {
		name  string
		drawn numbers
		mean  bool
	}{{"kept", kept, false}, {"mean lost", lost, true}} {
		for name, effect := range map[string]bool{"plain": false, "effect": true} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					b.StopTimer() // a fresh mixture, as its Gram matrix is computed once
					p := c.drawn.pairs(b)
					b.StartTimer()
					d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
					if err != nil {
						b.Fatal(err)
					}
					if effect && d.Effects(losses.InfoNCE, losses.Options{})[0].OnlyTheMean != c.mean {
						b.Fatal("only the mean is lost, or not")
					}
				}
			})
		}
	}
}
