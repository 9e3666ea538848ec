// Package cosine judges containment for losses of cosines, f(x)·f(y) with f(x) = Aᵀx/‖Aᵀx‖, of mixtures whose Fisher subspace is a line.
//
// Inside S_F f is a sign, and the loss is one number in closed form: Inside. Outside, at A = e₁uᵀ + ε n vᵀ with e₁ along S_F, n ⟂ e₁ and v ⟂ u
// orthonormal in whitened coordinates, f(x) is the angle θ of (x₁, εx₂): Outside. Losses are integrals over angles by Gauss–Legendre rules on panels that are halved until
// the integrands are known to be analytic and bounded on Bernstein ellipses about them, so that errors are bounded a priori. Judge compares the two values: where the one outside
// is certainly lower, containment is refuted; nothing is concluded else.
package cosine
