// Package proof makes and checks rigorous certificates about the minimiser of the InfoNCE loss, or of another Loss, of a
// Gaussian mixture in rational numbers: that equality Col(A*) = S_F holds, or fails; and, of components with their own covariances, containment Col(A*) ⊆ S_F.
//
// A certificate has the mixture, a rational M̂, and, of a refutation, a witness. The checker believes
// nothing else. It encloses ∇f(M̂) in interval arithmetic, whence ‖M̂ − M_u‖ ≤ ε = ‖∇f(M̂)‖ by
// strong convexity, or another radius where a loss is convex in another way, and compares with that in exact arithmetic; so what it accepts is a theorem, if math/big
// and the few hundred lines of this package and of package interval are right.
//
// The derivation is in docs/certificates.md.
package proof

import "errors"

var (
	// ErrNotProved says that the effort spent does not decide the sign of λ_min: it may be exactly 0, where no
	// effort would.
	ErrNotProved = errors.New("proof: not proved")
	// ErrLoss says that there are no proofs about a loss.
	ErrLoss = errors.New("proof: there are no proofs about this loss")
	// ErrRefused says that a certificate does not prove its claim.
	ErrRefused = errors.New("proof: refused")
	// ErrShape says that a representation does not fit its mixture.
	ErrShape = errors.New("proof: a representation does not fit the mixture")
	// ErrDigits says that digits are not to be had: too many, or of a mixture with dim S_F > 2.
	ErrDigits = errors.New("proof: these digits are not to be had")
	// ErrCertificate says that a file is no certificate, or a damaged one.
	ErrCertificate = errors.New("proof: not a sound certificate")
)
