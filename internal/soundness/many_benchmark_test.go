package soundness

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/stat"
)

// BenchmarkManyComponents solves at sizes that tensor rules do not serve, on as many
// cores as -cpu gives, and tells the digits of the distance bound, and how long the verdict
// took on top and what it rests on.
func BenchmarkManyComponents(b *testing.B) {
	for _, c := range []struct {
		benchmarkShape
		tolerance float64
	}{
		{benchmarkShape{8, 64, 2.5}, 1e-8}, {benchmarkShape{16, 128, 2.5}, 1e-6}, {benchmarkShape{32, 31, 2.5}, 1e-5},
	} {
		b.Run(fmt.Sprintf("K=%d,d=%d,tolerance=%.0e", c.components, c.dimension, c.tolerance), func(b *testing.B) {
			drawn := c.draw()
			var p gmm.Pairs
			var last solver.Candidate
			for b.Loop() {
				b.StopTimer()
				p = drawn.pairs(b)
				b.StartTimer()
				var err error
				if last, err = solver.Minimise(solver.InfoNCE, p, solver.Options{Tolerance: c.tolerance, Cores: runtime.GOMAXPROCS(0)}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(last.Points), "nodes")
			b.ReportMetric(-math.Log10(last.Free.DistanceBound), "digits")
			start := time.Now()
			f := findings(p, last)
			b.ReportMetric(time.Since(start).Seconds(), "s-to-judge")
			b.Logf("%v, %v, margin %.2g, epsilon %.2g, %s", f.Equality(), f.Evidence.Grade, f.Margin(), f.Evidence.Epsilon, f.Evidence.Rule)
		})
	}
}

// BenchmarkExponent fits the time of a solve to a gradient error of 1e-6 by a power of
// K, from 4 to 16 components in 8K dimensions: the slope of a line through the logarithms.
func BenchmarkExponent(b *testing.B) {
	const fewest, most, tolerance = 4, 16, 1e-6
	var exponent float64
	var told string
	for b.Loop() {
		var sizes, times []float64
		told = ""
		for k := fewest; k <= most; k++ {
			p := benchmarkShape{k, 8 * k, 2.5}.draw().pairs(b)
			start := time.Now()
			if _, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Tolerance: tolerance, Cores: runtime.GOMAXPROCS(0)}); err != nil {
				b.Fatal(err)
			}
			seconds := time.Since(start).Seconds()
			told += fmt.Sprintf(" %d: %.3g s", k, seconds)
			sizes, times = append(sizes, math.Log(float64(k))), append(times, math.Log(seconds))
		}
		_, exponent = stat.LinearRegression(sizes, times, nil, false)
	}
	b.ReportMetric(exponent, "exponent")
	b.Log("K" + told)
}
