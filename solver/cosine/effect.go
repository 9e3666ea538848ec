package cosine

import (
	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Effect is what normalised embeddings make of the components.
type Effect struct {
	// Noise is the share of the energy E‖Aᵀx‖² that x has from outside the Fisher subspace: tr(A_QᵀA_Q)/E‖Aᵀx‖², A_Q the part of whitened A off the subspace.
	Noise float64
	// Accuracy is how often the nearest of the mean embeddings E[f|k] is that of the component that x is drawn from, components as frequent as they are.
	Accuracy float64
}

// accuracySize is the least of a circle on which accuracies are added up, nearest means changing between nodes: they are known to some 1e-4, on a sphere to some 1e-2.
const accuracySize = 1 << 12

// EffectOf is the effect of x ↦ Aᵀx/‖Aᵀx‖, with the errors of Evaluate.
func EffectOf(p gmm.Pairs, a *mat.Dense, outside float64) (Effect, error) {
	means, covariance, err := embedded(p, a)
	if err != nil {
		return Effect{}, err
	}
	g, err := reduced(means, covariance)
	if err != nil {
		return Effect{}, err
	}
	spread := mat.Trace(covariance)
	energy := spread
	weights := p.Weights()
	for k, w := range weights {
		length := mat.Norm(means.ColView(k), 2)
		energy += w * length * length
	}
	e := Effect{Noise: outside * spread / energy}
	r, _ := g.means.Dims()
	l, axes, err := newEvaluator(InfoNCE(MostTemperature), law{}).finest(g) // that of densities alone
	if err != nil {
		return Effect{}, err
	}
	if axes != nil {
		g = g.turned(axes)
	}
	if r == 2 {
		l.around = max(l.around, accuracySize)
	}
	on := newField(r, l)
	densities, centres := make([][]float64, len(weights)), make([][]float64, len(weights))
	for k := range weights {
		densities[k] = g.at(k, on.at).moments[0]
		centres[k] = on.mean(densities[k])
	}
	for i, at := range on.at {
		nearest, least := 0, 0.0
		for k, c := range centres {
			var distance float64
			for j, x := range c {
				distance += x * (x - 2*at[j])
			}
			if k == 0 || distance < least {
				nearest, least = k, distance
			}
		}
		e.Accuracy += weights[nearest] * on.weights[i] * densities[nearest][i]
	}
	return e, nil
}
