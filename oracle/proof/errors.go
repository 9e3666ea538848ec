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
