package oracle

import (
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// SampledCosine is Sampled for scores that are cosines over a temperature τ > 0, xᵀMy/(τ√(xᵀMx · yᵀMy)) with M = AAᵀ, in place of xᵀMy: of embeddings Aᵀx/‖Aᵀx‖.
func SampledCosine(l Loss, temperature float64, p gmm.Pairs, a *mat.Dense, anchors, negatives int, rng *rand.Rand) (Estimate, error) {
	l.temperature = temperature
	return Sampled(l, p, a, nil, anchors, negatives, rng)
}
