package losses

import (
	"math"

	"contrastcheck/gmm"
)

// Cost estimates what it takes to decide the loss once more, of a mixture like the one of the decision: by the nodes of its quadrature. At each of them a loss of
// infinitely many negatives has a softmax of K components, and one of finitely many a sum over K³ labels: the components of a point, its partner and a negative.
func (d Decision) Cost(l Loss) gmm.Cost {
	const least, perComponent, perLabel, perNode = 1e-3, 5e-7, 2e-5, 200
	k, nodes := float64(d.Pairs.Components()), float64(d.Candidate.Points)
	node := perComponent * k
	if l.Settings.Negatives != infinity {
		node = perLabel * math.Pow(k, 3)
	}
	return gmm.Cost{Seconds: least + node*nodes, Bytes: perNode * k}
}
