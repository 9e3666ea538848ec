package soundness

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// BenchmarkAffine decides the loss of affine maps beside that of linear ones, of the shapes of BenchmarkSolveAndJudge and of rare components. Both are timed in turn, so that what else the machine
// does slows both; the metrics are the ratio of medians, and for rare components of totals, and the affine one's time.
func BenchmarkAffine(b *testing.B) {
	affine, err := losses.Choose(losses.Settings{Map: losses.Affine})
	if err != nil {
		b.Fatal(err)
	}
	decide := func(l losses.Loss, p gmm.Pairs) time.Duration {
		start := time.Now()
		if _, err := losses.Decide(context.Background(), l, p, losses.Options{}); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	for _, s := range []benchmarkShape{{2, 50, 2.5}, {3, 10, 2.5}, {4, 20, 2.5}, {5, 20, 2.5}} {
		b.Run(fmt.Sprintf("K=%d,d=%d", s.components, s.dimension), func(b *testing.B) {
			drawn := s.draw()
			var with, without []time.Duration
			for b.Loop() { // fresh mixtures, as Gram matrices are computed once
				with, without = append(with, decide(affine, drawn.pairs(b))), append(without, decide(losses.InfoNCE, drawn.pairs(b)))
			}
			slices.Sort(with)
			slices.Sort(without)
			b.ReportMetric(with[len(with)/2].Seconds()/without[len(without)/2].Seconds(), "x-linear")
			b.ReportMetric(1e6*with[len(with)/2].Seconds(), "µs-affine")
		})
	}
	b.Run("rare", func(b *testing.B) {
		const draws = 100
		var with, without time.Duration
		for b.Loop() {
			for seed := range draws {
				for _, family := range []func() (gmm.Pairs, error){
					func() (gmm.Pairs, error) {
						return gmm.NewPairs(generators.RareOutlier().Example(seed), gmm.Rationals(1)[0])
					},
					func() (gmm.Pairs, error) {
						return gmm.NewPairs(generators.RareOutliersOf(4, 3).Example(seed), gmm.Rationals(1)[0])
					},
				} {
					for _, l := range []struct {
						losses.Loss
						total *time.Duration
					}{{affine, &with}, {losses.InfoNCE, &without}} {
						p, err := family()
						if err != nil {
							b.Fatal(err)
						}
						*l.total += decide(l.Loss, p)
					}
				}
			}
		}
		b.ReportMetric(with.Seconds()/without.Seconds(), "x-linear")
		b.ReportMetric(1e6*with.Seconds()/float64(2*draws*b.N), "µs-affine")
	})
}
