package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"
)

// Negatives is InfoNCE with a finite number N ≥ 1 of negatives,
//
//	L(M) = E log(1 + Σ_{i≤N} exp(xᵀM(y_i − x̂))),
//
// (x, x̂) a positive pair and y_i independent draws, of one modality and one covariance. It is strictly convex, but grows linearly, so that convexity is strong near each
// matrix only (enclosure.Negatives). By convexity of its integrand its minimiser and all stationary points lie in the Fisher subspace, and M* = 0 iff δB = 0, as
// ∇L(0) = −N/(N + 1) δB.
func Negatives(n int) Loss {
	const within = 1e-6 // some 2¹⁴ roundoffs over a modulus of a hundredth
	return Loss{
		Name: "negatives", within: within, admits: gmm.Pairs.WantSingle, metric: whitened.Flat,
		modulus: func(at *point, gradient float64) float64 {
			return at.sum.Terms[0].(*enclosure.Negatives).Modulus(gradient)
		},
		sum: func(at *point) enclosure.Sum {
			return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat,
				Terms: []enclosure.Term{enclosure.NewNegatives(at.left, at.m, at.delta, n, at.work)}}
		},
		vanishes: uninformative,
		sampled: func(positive float64, right, _ func() []float64) (value, bias, share float64) {
			return sampledNegatives(n, positive, right())
		},
	}
}

// sampledNegatives averages log(1 + Σ e^{s_i − s_0}) over as many disjoint samples of n scores as there are. Of fewer scores, m, it takes n times their mean in the place
// of the sum, and corrects the bias, −½(n²/m − n) var/(1 + n mean)² to first order.
func sampledNegatives(n int, positive float64, scores []float64) (value, bias, share float64) {
	m := len(scores)
	if samples := m / n; samples > 0 {
		for i := range samples {
			value += math.Log1p(sumExp(positive, scores[i*n:(i+1)*n])) / float64(samples)
		}
		return value, 0, 0
	}
	var squares, largest float64
	for _, s := range scores {
		x := math.Exp(s - positive)
		squares += x * x
		largest = math.Max(largest, x)
	}
	sum, count, all := sumExp(positive, scores), float64(m), float64(n)
	mean := sum / count
	whole := 1 + all*mean
	bias = (all*all/count - all) * (squares/count - mean*mean) / (2 * whole * whole)
	return math.Log(whole) + bias, bias, largest / sum
}

// sumExp is Σ e^{s_i − s_0}.
func sumExp(positive float64, scores []float64) float64 {
	var sum float64
	for _, s := range scores {
		sum += math.Exp(s - positive)
	}
	return sum
}
