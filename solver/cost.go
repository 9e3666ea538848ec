package solver

import "contrastcheck/gmm"

// LossCost estimates what Evaluate takes for so many components and representations of so many rows and
// columns: the roots of columns×columns matrices, logits of each component under each, and a rule's nodes.
func LossCost(components, dimension, columns int) gmm.Cost {
	const perProduct, perCube, perNode = 1e-9, 3e-9, 8e-3
	k, d, r := float64(components), float64(dimension), float64(columns)
	return gmm.Cost{Seconds: perCube*r*r*r + perProduct*(d*r*(d+r)+k*k*r+k*r*r) + perNode*k, Bytes: 8 * (6*r*r + 6*k*k + 4*d*r)}
}

// BlindCost estimates what the methods Blind and Factored take for d dimensions, of a pair of modalities the larger,
// beside their quadrature, which has a budget of its own: factorisations and products of d×d matrices.
func BlindCost(dimension int) gmm.Cost {
	const perCube, perSquare = 3.7e-8, 700
	d := float64(dimension)
	return gmm.Cost{Seconds: perCube * d * d * d, Bytes: perSquare * d * d}
}
