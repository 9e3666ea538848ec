// Package network proves that hidden layers without biases read noise: that of a mixture whose whitened means lie on a line, the best sign or
// ReLU network depends on more than the Fisher subspace S_F, which is that line. It compares two values of the InfoNCE loss with infinitely many
// negatives: a lower bound for every network that sees S_F alone, whatever its width and depth, and an upper bound of one network with a neuron
// on noise.
//
// Each formula is written once, over any arithmetic: in float64 it looks for a network and for tilts, in intervals it proves what they show.
//
// It also certifies, by the logarithm of the density ratio at a few points, that no single encoder attains the mutual information of a pair.
//
// The derivations are in docs/certificates.md.
package network
