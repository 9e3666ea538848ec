// Package cosine evaluates and minimises losses of normalised embeddings f(x) = Aᵀx/‖Aᵀx‖, whose score is cos(f, f′)/τ.
//
// The embedding u = Aᵀx of a component is N(ν_k, G) in R^r, ν_k = Aᵀμ_k and G = AᵀΣA, so that a loss depends on the densities of u/‖u‖ on the sphere S^{r−1} alone: those are closed
// forms (the offset normal density; Mardia and Jupp, Directional Statistics, 2000), and the average over a second point is a convolution with a function of the
// angle between both, a multiplication of spherical harmonics by one number for each degree. Up to r = 3: two points, a circle by Fourier series, a sphere.
//
// A loss does not change with A ↦ cAR for c > 0 and rotations R; it is not convex in AAᵀ, and what a search finds is the best stationary point that it met.
package cosine
