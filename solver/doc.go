// Package solver minimises contrastive losses of Gaussian mixtures.
//
// A loss is a convex function of the matrix M = A_L A_Rᵀ of scores xᵀMy of the
// linear representations x ↦ A_Lᵀx and y ↦ A_Rᵀy; in one modality both are A, and M = AAᵀ. In whitened coordinates it
// is strongly convex, so there is one minimiser over all matrices, symmetric in one modality, and there one more over positive
// semidefinite ones, and the gradient's norm bounds the distance to it. Minimise finds them: inside the Fisher subspaces, in
// all dimensions without these, or over A.
//
// A loss is a value, one file each, that composes the terms of package term; package descent minimises their sum.
//
// Expectations are taken over the directions in which the softmax varies, by
// Gauss–Hermite sums over a few and by sparse grids or lattices over many
// (package quadrature), with an error estimate that goes into every distance
// bound. Steps of the softmax that no node of such a rule would see, as far
// components of little weight make them, are found a priori and integrated along lines.
// Nothing here is a verdict.
package solver
