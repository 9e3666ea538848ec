package comparison

import (
	"cmp"
	"fmt"

	"contrastcheck/gmm"
)

// affordable refuses, with gmm.ErrCost, what would take longer than the limit: for every seed, each of five projections has
// its test samples compared with all training samples, and clustered.
func (o Options) affordable(training, test, dimension, components int) error {
	const projections, perCoordinate, iterations = 5, 1.5e-9, 30
	const evaluations, perPair = 25, 15e-9 // of training
	n, m, d := float64(training), float64(test), float64(dimension)
	pairs := n*m + restarts*iterations*m*float64(components)
	fit := n * d * d / 2 * 50e-9
	if o.Trained {
		fit += evaluations * perPair * o.trainingPairs(training)
	}
	cost := gmm.Cost{Seconds: float64(o.seeds()) * (projections*pairs*(d+2)*perCoordinate + fit),
		Bytes: float64(max(o.Workers, 1)) * projections * 8 * (n + m) * d}
	return cmp.Or(o.Limit, 1).Allows("", fmt.Sprintf("%d and %d samples, %d times", training, test, o.seeds()), cost)
}
