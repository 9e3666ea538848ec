// Package solver minimises contrastive losses of Gaussian mixtures.
//
// With M = AAᵀ the InfoNCE loss of the linear representation x ↦ Aᵀx is a
// smooth, 1-strongly convex function of the symmetric matrix M, so there is one
// minimiser M_u over all symmetric matrices and one minimiser M* over positive
// semidefinite ones, and the gradient's norm bounds the distance to it. Reduced
// finds both inside the Fisher subspace, Blind in all dimensions without it.
//
// Expectations are taken over the directions in which the softmax varies, by
// Gauss–Hermite sums over a few and by sparse grids or lattices over many
// (package quadrature), with an error estimate that goes into every distance
// bound. Steps of the softmax that no node of such a rule would see, as far
// components of little weight make them, are found a priori and integrated along lines.
// Nothing here is a verdict.
package solver
