// Package planar judges containment for the InfoNCE loss of cosines, f(x)·f(y) with f(x) = Aᵀx/‖Aᵀx‖ and infinitely many negatives, of mixtures whose Fisher subspace S_F is a plane.
//
// A matrix with columns in S_F is, but for a rotation of embeddings and a scale, which change no loss, a Shape: a direction φ in the plane and a ratio ρ ∈ [0, 1] of what is seen across it. Shapes with ρ > 0 are the points of the hyperbolic plane, with the polar
// coordinates log 1/ρ and 2φ: two of them at a distance t are exp(tS) apart, S being symmetric with the eigenvalues ±½, which turns every embedding's angle by dθ/dt = −½ sin 2(θ − θ₀).
//
// All of them are bounded from below at once, by branch and bound. As log E exp is convex, the loss at a shape exceeds that at another by no less than what the cosines change on average, of pairs and of softmax's choices at the other, and those are known up to the second order: so
// a box of shapes has a bound by the value and the slope at its centre. What reaches to ρ = 0 is compared with the representation by the sign of x along φ, in closed form.
//
// Beside them stands one matrix that reads noise: Noisy, a shape with a column of noise, whose loss is enclosed by trapezoidal rules on the sphere of embeddings. Judge compares the two: where the one outside is certainly lower than all inside, containment is refuted, for
// three columns or more; nothing is concluded else. Integrals have a-priori bounds, of strips on which integrands are analytic and bounded, tails and rounding.
package planar
