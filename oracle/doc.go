// Package oracle judges candidates for the minimiser of a contrastive loss.
//
// It knows no solver. From the mixture's definition it recomputes the Gram
// matrix and the loss's gradient at the candidate, by a tensor trapezoidal rule
// whose error is bounded a priori, and adds the errors of whitening and rounding;
// where the softmax varies in too many directions for that it samples the gradient,
// and accepts a claimed distance if the two agree.
// Strong convexity turns the gradient's norm into a distance to the minimiser,
// and the distance into a verdict: Holds, Refuted, or, honestly, Undecided.
//
// It also has the Fisher, SVD and LDA subspaces, principal angles and the Fisher
// discriminant; where a verdict rests on one of them, with a bound of its error.
package oracle
