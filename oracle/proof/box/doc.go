// Package box proves that equality Col(A*) = S_F of the InfoNCE loss holds, or fails, for every mixture of a box: one whose weights, means, shared covariance and δ
// are numbers of intervals.
//
// The proof of one mixture (docs/certificates.md) has a matrix M̂, the length ε of the gradient there, which bounds ‖M̂ − M_u‖, and a sign. Here M̂ is affine in the
// parameters, and everything else is enclosed over a piece of the box. A matrix that follows the minimiser makes the gradient's derivative along every parameter 0 in the middle of the piece; so
// its bound, of a centred form, is of the second order in the piece's width, and bisection gains two bits a step.
//
// Bounds are in float64, rounded outward (interval.Double).
package box

import "errors"

var (
	// ErrText says that a text is no box.
	ErrText = errors.New("not a box")
	// ErrHypotheses says that a box leaves the hypotheses: numbers of no mixture, or a Fisher subspace whose dimension changes.
	ErrHypotheses = errors.New("the box leaves the hypotheses")
	// ErrOpen says that a piece of the box is not decided.
	ErrOpen = errors.New("a piece of the box is not decided")
	// ErrPieces says that the division of a box is none, or its numbers are not of its shape.
	ErrPieces = errors.New("not a division of the box")
)
