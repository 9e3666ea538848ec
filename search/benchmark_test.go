package search

import (
	"math/big"
	"sync/atomic"
	"testing"

	"contrastcheck/solver"
	"contrastcheck/theorems"
)

// BenchmarkHeight scores candidates of an ascent, three components on a line, on as
// many cores as -cpu gives.
func BenchmarkHeight(b *testing.B) {
	claims, err := theorems.Find("equality-centred")
	if err != nil {
		b.Fatal(err)
	}
	var starts atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		s := start{claim: claims[0], limits: Limits{Components: theorems.Range{Least: 3, Most: 3}, Dimension: theorems.Range{Least: 2, Most: 2}}}
		s.number = int(starts.Add(1))
		var memory solver.Workspace
		a := newAscent(3, 1, big.NewRat(1, 1), Limits{}, func(b solver.Base) float64 { return memory.Lift(b).Score })
		var points [][]float64
		for n := range 64 {
			points = append(points, a.point(s.generator().Example(s.exampleSeed(n))))
		}
		for n := 0; pb.Next(); n++ {
			a.height(points[n%len(points)])
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "candidates/s")
}
