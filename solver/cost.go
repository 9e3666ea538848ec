package solver

import "contrastcheck/gmm"

// LossCost estimates what Evaluate takes for so many components and representations of so many rows and
// columns: the roots of columns×columns matrices, logits of each component under each, and a rule's nodes.
func LossCost(components, dimension, columns int) gmm.Cost {
	const perProduct, perCube, perNode = 1e-9, 3e-9, 8e-3
	k, d, r := float64(components), float64(dimension), float64(columns)
	return gmm.Cost{Seconds: perCube*r*r*r + perProduct*(d*r*(d+r)+k*k*r+k*r*r) + perNode*k, Bytes: 8 * (6*r*r + 6*k*k + 4*d*r)}
}

// OwnLossCost is LossCost where each component has its own covariance: those seen through the representation, the singular values of a columns×columns matrix for each pair,
// and the logits of all components at a rule's nodes about each of them.
func OwnLossCost(components, dimension, columns int) gmm.Cost {
	const perProduct, perSingular, perNodes = 1e-9, 2e-7, 2e-3
	k, d, r := float64(components), float64(dimension), float64(columns)
	cost := LossCost(components, dimension, columns)
	cost.Seconds += perProduct*k*d*r*(d+r) + perSingular*k*k*r*r*r + perNodes*k*k
	cost.Bytes += 8 * k * (r*r + d*r)
	return cost
}

// OwnCost estimates what a solve without a quadrature takes in d dimensions where each component has its own covariance: factorisations and products of d×d matrices for
// each pair of them.
func OwnCost(components, dimension int) gmm.Cost {
	const perCube, perSquare = 5e-6, 150
	k, d := float64(components), float64(dimension)
	pairs := k * (k + 1) / 2
	return gmm.Cost{Seconds: perCube * pairs * d * d * d, Bytes: perSquare * pairs * d * d}
}

// BlindCost estimates what the methods Blind and Factored take for d dimensions, of a pair of modalities the larger,
// beside their quadrature, which has a budget of its own: factorisations and products of d×d matrices.
func BlindCost(dimension int) gmm.Cost {
	const perCube, perSquare = 3.7e-8, 700
	d := float64(dimension)
	return gmm.Cost{Seconds: perCube * d * d * d, Bytes: perSquare * d * d}
}
