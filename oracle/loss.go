package oracle

import (
	"contrastcheck/oracle/enclosure"

	"gonum.org/v1/gonum/mat"
)

// Loss is a convex loss of M, as the oracle knows it.
type Loss struct {
	Name string
	// modulus is c with D²f ⪰ ½c(W· + ·V), W and V the second moments of the two sides.
	modulus float64
	// sum encloses the gradient at a point.
	sum func(at *point) enclosure.Sum
}

// InfoNCE is −E xᵀMx̂ + E_x log E_y exp(xᵀMy).
var InfoNCE = Loss{Name: "infonce", modulus: 1, sum: func(at *point) enclosure.Sum {
	return enclosure.Sum{Left: at.left, Right: at.right, Terms: []enclosure.Term{
		enclosure.NewLogPartition(at.left, at.right, at.m, at.delta, at.seeds[0])}}
}}

// CLIP is −2 E xᵀMy + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy).
var CLIP = Loss{Name: "clip", modulus: 2, sum: func(at *point) enclosure.Sum {
	s := InfoNCE.sum(at)
	s.Transposed = []enclosure.Term{
		enclosure.NewLogPartition(at.right, at.left, mat.DenseCopyOf(at.m.T()), at.delta, at.seeds[1])}
	return s
}}

// Spectral is −2 E xᵀMx̂ + E (xᵀMy)².
var Spectral = Loss{Name: "spectral", sum: func(at *point) enclosure.Sum { return enclosure.Sum{Left: at.left, Right: at.right} }}
