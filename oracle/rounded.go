package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"
)

// roundedAway counts the directions along which the means are no longer than rounding to double precision makes of numbers such as the coordinates' means and deviations.
func roundedAway(v *whitened.Graded, m *gmm.Mixture) (n int, longest float64) {
	sizes := make([]float64, m.Dimension())
	for row := range sizes {
		for _, mean := range m.DoubledMeans() {
			sizes[row] = max(sizes[row], math.Abs(mean[row].Hi))
		}
		sizes[row] += math.Sqrt(m.DoubledCovariance()[row][row].Hi)
	}
	const several = 256 // roundings of a mean, which is a sum over samples
	for i, length := range v.Lengths {
		var lost float64
		for row, size := range sizes {
			lost += several * dense.Roundoff * size * math.Abs(v.Covectors.At(row, i))
		}
		if length <= lost {
			n, longest = n+1, max(longest, length)
		}
	}
	return n, longest
}
