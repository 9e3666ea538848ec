// Package cosine proves that representations of length 1 read noise: that the InfoNCE loss of cosines, with infinitely many negatives, of a mixture whose Fisher subspace is a line has no minimiser
// inside it. Inside, the loss is one number; outside, at diag(1, ε) in whitened coordinates, it is enclosed by the periodic trapezoidal rule with the
// bound of a strip, or, at ε = 1, bounded by a series of Bessel functions. Both are in interval arithmetic.
//
// The derivations are in docs/certificates.md.
package cosine
