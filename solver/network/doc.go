// Package network evaluates and minimises losses of encoders with one hidden layer, f(x) = Vᵀσ(Wx + b) + c, on Gaussian mixtures: the InfoNCE
// loss of infinitely many negatives, of one tower or two, CLIP, and the spectral loss.
//
// A loss depends on x through the preactivations alone, n Gaussian numbers if the hidden weights see n directions. These are integrated over by nested
// panels of Gauss–Legendre rules, which end where an activation has a kink and shrink towards where it, or e^{f(x)·f(y)}, is steep. Gradients are those of the sums
// over the nodes, held fixed. Such losses are not convex: what a descent finds is a stationary point, the best one from many starts.
package network
