package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
)

// MeanCosine returns the largest |cos| in [0, 1] of the angles, whitened, between the mean μ̄ and the μ_k − μ̄: how far a mixture is from one whose mean is orthogonal to all differences of means, of which it is 0 and InfoNCE loses a
// direction at every δ (gmm.Mixture.OrthogonalMean decides that exactly). It is 0, too, where the mean is 0 or the means coincide. It is computed in double-double from the Gram matrix, and is no verdict.
func MeanCosine(m *gmm.Mixture) float64 {
	gram, weights := m.Gram().G, m.Weights()
	var along []dd.Number // μ_kᵀΣ⁻¹μ̄
	var square dd.Number  // ‖μ̄‖²
	for _, row := range gram {
		var sum dd.Number
		for l, x := range row {
			sum = sum.Add(x.Mul(dd.Of(weights[l])))
		}
		along = append(along, sum)
	}
	for k, w := range weights {
		square = square.Add(along[k].Mul(dd.Of(w)))
	}
	length := square.Float64()
	var most float64
	for k := range gram {
		across := along[k].Sub(square).Float64()
		away := gram[k][k].Sub(along[k]).Sub(along[k]).Add(square).Float64() // ‖μ_k − μ̄‖²
		if cosine := math.Abs(across) / math.Sqrt(length*away); length > 0 && away > 0 {
			most = max(most, min(cosine, 1))
		}
	}
	return most
}
