// Package proof makes and checks rigorous certificates about the minimiser of the InfoNCE loss, or of another Loss, of a
// Gaussian mixture in rational numbers: that equality Col(A*) = S_F holds, or fails.
//
// A certificate has the mixture, a rational M̂, and, of a refutation, a witness. The checker believes
// nothing else. It encloses ∇f(M̂) in interval arithmetic, whence ‖M̂ − M_u‖ ≤ ε = ‖∇f(M̂)‖ by
// strong convexity, or another radius where a loss is convex in another way, and compares with that in exact arithmetic; so what it accepts is a theorem, if math/big
// and the few hundred lines of this package and of package interval are right.
//
// The derivation is in docs/certificates.md.
package proof
