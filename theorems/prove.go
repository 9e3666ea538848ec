package theorems

import (
	"fmt"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// quicklyProved is the dimension of S_F up to which a proof takes seconds, so that every
// counterexample that is shown or kept has one.
const quicklyProved = 3

// proveEquality is the Prove of the claims about equality.
var proveEquality = proveEqualityOf(proof.InfoNCE)

// proveEqualityOf is the Prove of claims about equality for a loss.
func proveEqualityOf(l proof.Loss) func(Case) (proof.Certificate, error) {
	return func(c Case) (proof.Certificate, error) {
		if s := c.Pairs.Left.FisherDimension(); s > quicklyProved {
			return proof.Certificate{}, fmt.Errorf("theorems: %w: expected dim S_F ≤ %d, found %d", proof.ErrNotProved, quicklyProved, s)
		}
		return proofs.ProveEquality(l, c.Pairs, 1)
	}
}

// provedOf is the claim with proofs of equality for a loss.
func (c Claim) provedOf(l proof.Loss) Claim {
	c.Prove = proveEqualityOf(l)
	return c
}

// Proved returns the outcome of a case that refutes the claim with its certificate and the
// grade oracle.Proved, where the claim has proofs and one is found; an undecided one where the opposite is proved; the
// outcome as it is, else.
func (c Claim) Proved(on Case, o Outcome) Outcome {
	if c.Prove == nil || o.Verdict != oracle.Refuted || o.Certificate != nil {
		return o
	}
	certificate, err := c.Prove(on)
	if err != nil {
		return o
	}
	return o.certified(certificate)
}

// certified returns the outcome as the certificate proves it; as it is, if the checker
// refuses the certificate; undecided, if the opposite is proved.
func (o Outcome) certified(c proof.Certificate) Outcome {
	theorem, err := proofs.Check(c, 1)
	switch {
	case err != nil:
		return o
	case theorem.Verdict != o.Verdict:
		return Outcome{Detail: fmt.Sprintf("a mistake in this program: %v is proved, and %v was found", theorem.Verdict, o.Verdict)}
	}
	o.Grade, o.Certificate = oracle.Proved, &c
	switch {
	case theorem.Comparison != nil:
		outside, inside := theorem.Comparison.Short()
		o.Value, _ = theorem.Comparison.Gap().Float64()
		o.Detail = fmt.Sprintf("%s has a loss ≤ %s, all that see S_F alone ≥ %s (%v)", c.Comparison.Net(), outside, inside, o.Grade)
	case theorem.Cosine != nil:
		outside, inside := theorem.Cosine.Short()
		o.Value, _ = theorem.Cosine.Gap().Float64()
		o.Detail = fmt.Sprintf("diag(1, %s), whitened, has a loss ≤ %s, all inside S_F ≥ %s (%v)", c.Cosine.Noise.RatString(), outside, inside, o.Grade)
	case theorem.Departure != nil:
		low, high := theorem.Departure.Bounds()
		o.Detail = fmt.Sprintf("at the best matrix inside S_F, ∇f leaves S_F by a number in [%s, %s] (%v)", low, high, o.Grade)
	case theorem.Margin != nil:
		o.Detail = fmt.Sprintf("λ_min(M_u on %s) ≤ %s (%v)", theorem.Loss.Subspace(), theorem.Bound(), o.Grade)
	}
	return o
}
