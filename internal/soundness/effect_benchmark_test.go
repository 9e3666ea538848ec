package soundness

import (
	"context"
	"slices"
	"testing"
	"time"

	"contrastcheck/losses"
)

// BenchmarkEffect decides and then tells what is kept, of two components in 50 dimensions of which nothing is lost, and of two that lose the mean, where it must be
// certain that it is no more. Both are timed in turn, so that what else the machine does slows both; the metrics are of medians: what the second adds to the first, in percent.
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
		b.Run(c.name, func(b *testing.B) {
			var deciding, telling []time.Duration
			for b.Loop() {
				p := c.drawn.pairs(b) // a fresh mixture, as its Gram matrix is computed once
				start := time.Now()
				d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
				decided := time.Now()
				if err != nil {
					b.Fatal(err)
				}
				if d.Effects(losses.InfoNCE, losses.Options{})[0].OnlyTheMean != c.mean {
					b.Fatal("only the mean is lost, or not")
				}
				deciding, telling = append(deciding, decided.Sub(start)), append(telling, time.Since(decided))
			}
			slices.Sort(deciding)
			slices.Sort(telling)
			b.ReportMetric(100*telling[len(telling)/2].Seconds()/deciding[len(deciding)/2].Seconds(), "%-more")
			b.ReportMetric(1e6*deciding[len(deciding)/2].Seconds(), "µs-to-decide")
		})
	}
}
