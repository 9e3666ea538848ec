package oracle

import (
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// SampledClipLoss estimates the CLIP loss of a pair of representations, A_V d_V×r and
// A_T d_T×r, from its definition,
//
//	−2 E xᵀMy + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),   M = A_V A_Tᵀ,
//
// with anchors positive pairs (x, y) and, for either point, its own negatives of the
// other modality; bias and share are as in SampledLoss. It panics if the matrices
// do not have these shapes.
func SampledClipLoss(p gmm.Pairs, visual, text *mat.Dense, anchors, negatives int, rng *rand.Rand) (Estimate, error) {
	if err := p.WantCertain(); err != nil {
		return Estimate{}, err
	}
	s, err := p.NewSampler(rng)
	if err != nil {
		return Estimate{}, err
	}
	through := func(a *mat.Dense, x []float64) mat.Vector {
		var out mat.VecDense
		out.MulVec(a.T(), mat.NewVecDense(len(x), x))
		return &out
	}
	exponentials := make([]float64, negatives)
	var sum, squares, bias, share float64
	for range anchors {
		first, second, _, _ := s.Pair()
		x, y := through(visual, first), through(text, second)
		value := -2 * mat.Dot(x, y)
		for _, side := range []struct {
			anchor mat.Vector
			other  *mat.Dense
			draw   func(component int) []float64
		}{{x, text, s.Right}, {y, visual, s.Left}} {
			var pull mat.VecDense
			pull.MulVec(side.other, side.anchor)
			for i := range exponentials {
				exponentials[i] = math.Exp(floats.Dot(pull.RawVector().Data, side.draw(s.Component())))
			}
			log, correction, largest := logMean(exponentials)
			value += log
			bias += correction
			share += largest / 2
		}
		sum += value
		squares += value * value
	}
	n := float64(anchors)
	mean := sum / n
	return Estimate{mean, math.Sqrt(math.Max(0, squares/n-mean*mean) / (n - 1)), bias / n, share / n}, nil
}

// logMean returns the logarithm of the mean of positive numbers with its bias of
// −½ var/(n mean²) corrected, that correction, and the largest one's share in the sum.
func logMean(xs []float64) (log, correction, share float64) {
	var sum, square, largest float64
	for _, x := range xs {
		sum += x
		square += x * x
		largest = math.Max(largest, x)
	}
	n := float64(len(xs))
	mean := sum / n
	correction = (square/n - mean*mean) / (2 * n * mean * mean)
	return math.Log(mean) + correction, correction, largest / sum
}
