package oracle

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// bestBias minimises, over the bias, the mean of the loss over positive pairs that are drawn for it, with a few negatives each, and bounds how much too high that mean is.
func (l Loss) bestBias(s *gmm.Sampler, left, right *mat.Dense, anchors int) (bias, excess float64) {
	const negatives = 8
	positive, scores := make([]float64, anchors), make([][]float64, anchors)
	for i := range anchors {
		first, second, _, _ := s.Pair()
		x := seenThrough(left, first)
		positive[i] = l.score(x, seenThrough(right, second))
		for range negatives {
			scores[i] = append(scores[i], l.score(x, seenThrough(right, s.Right(s.Component()))))
		}
	}
	return leastOf(func(b float64) (sum float64) {
		draw := l.biased(b)
		for i, p := range positive {
			value, _, _ := draw(p, func() []float64 { return scores[i] }, nil)
			sum += value / float64(anchors)
		}
		return sum
	})
}

// leastOf minimises a convex function of one number that grows to both sides, by golden sections of an interval that is doubled until it holds the minimum. By convexity
// the least value is below that at x by no more than a neighbour is above it that lies beyond the minimum.
func leastOf(f func(float64) float64) (x, excess float64) {
	const precision = 1e-3
	width := 1.0
	for f(-width) < f(-width/2) || f(width) < f(width/2) {
		width *= 2
	}
	low, high := -width, width
	golden := (math.Sqrt(5) - 1) / 2
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := f(a), f(b)
	for high-low > precision {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = f(b)
		}
	}
	x = (low + high) / 2
	return x, max(f(x-precision), f(x+precision)) - f(x)
}
