package proof

import (
	"errors"
	"io"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

var (
	// ErrNotProved says that what was found is not enough for a proof: a tie, or a
	// margin below what the precision and the number of nodes allowed can resolve.
	ErrNotProved = errors.New("proof: not proved")
	// ErrRefused says that a certificate does not prove the claim written in it.
	ErrRefused = errors.New("proof: certificate refused")
	// ErrRounded says that a mixture of rounded numbers has no exact statement to prove.
	ErrRounded = errors.New("proof: the mixture's numbers are rounded")
)

// Certificate is evidence that equality holds or fails for pairs of an exact
// mixture. Nothing in it is believed by Check.
type Certificate struct {
	Pairs gmm.Pairs
	// Claim is the id of the claim whose hypotheses the pairs satisfy; "" if none.
	Claim string
	// Statement is the theorem in words, as Check generates it from the pairs.
	Statement string
	Verdict   oracle.Verdict
	// Reason says how it is proved.
	Reason Reason
	// Basis holds the indices of s independent means, the columns of W.
	Basis []int
	// N is s×s: M̂ = Σ⁻¹W N WᵀΣ⁻¹.
	N [][]*big.Rat
	// Witness is y with v = W y, of s numbers, where equality is refuted by a direction.
	Witness []*big.Rat
	// Precision (bits) and Exponent (a tolerance of 2^−Exponent) are hints.
	Precision, Exponent uint
}

// Reason is how a certificate proves its verdict.
type Reason string

// Theorem is what a check has proved.
type Theorem struct {
	Verdict   oracle.Verdict // Holds or Refuted
	Statement string
	Claim     string // id of the claim whose hypotheses hold, or ""
	// Margin is a proved lower bound of |λ_min(M_u on S_F)|, whitened, rounded
	// towards 0; 0 where the verdict was decided without one.
	Margin float64
	Reason Reason
}

// Write writes the certificate as a mixture file with the key certificate.
func (c Certificate) Write(w io.Writer) error { return ErrNotProved }

// Read reads what Write wrote; refusals are InputErrors that name source and key.
func Read(source string, r io.Reader) (Certificate, error) { return Certificate{}, ErrNotProved }

// Prove looks for a certificate that equality holds or fails for p. The candidate
// approximates M_u, the minimiser over all symmetric matrices; any solver's will do.
// Errors are ErrNotProved and ErrRounded.
func Prove(p gmm.Pairs, candidate gmm.Form) (Certificate, error) { return Certificate{}, ErrNotProved }

// Check verifies a certificate from the definition. Errors wrap ErrRefused.
func Check(c Certificate) (Theorem, error) { return Theorem{}, ErrNotProved }
