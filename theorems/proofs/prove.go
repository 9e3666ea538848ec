// Package proofs finds proofs of what is true of a mixture, and has them checked: the solver finds matrices, and the proof encloses the gradient there.
package proofs

import (
	"errors"
	"fmt"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/solver"
)

// ProveEquality proves that equality, Col(A*) = S_F, of distances and affine maps S_c, holds or fails for a
// loss of p, or of affine maps that there is no minimiser: the solver finds M̂ near M_u, and the proof encloses the gradient there in
// interval arithmetic. Its errors are proof.ErrNotProved, also where the solver fails;
// with gmm.ErrCost too, where a larger limit would let it go on. The certificate names
// the most special claim about equality of which p is an instance, if there is one.
func ProveEquality(l proof.Loss, p gmm.Pairs, limit proof.Limit) (proof.Certificate, error) {
	if err := limit.Affordable(l, p); err != nil {
		return proof.Certificate{}, err
	}
	prove := proveLinear
	if l.Words() == proof.Affine.Words() {
		prove = proveAffine
	}
	certificate, err := prove(l, p, limit)
	if err != nil || certificate.Boundary != nil {
		return certificate, err
	}
	if ids := instanceOf(l, certificate.Hypotheses()); len(ids) > 0 {
		certificate.Claim = ids[0]
	}
	return certificate, nil
}

func proveLinear(l proof.Loss, p gmm.Pairs, limit proof.Limit) (proof.Certificate, error) {
	candidate, err := candidate(l, p, limit)
	if err != nil {
		return proof.Certificate{}, fmt.Errorf("%w: %w", proof.ErrNotProved, err)
	}
	return limit.Prove(l, p, candidate)
}

// ProveContainment proves that containment, Col(A*) ⊆ S_F, holds or fails for the InfoNCE loss of p, whose components have their own covariances: the solver finds the
// best matrix inside S_F, as a mixture in dim S_F dimensions has it, and the proof encloses the gradient there. Errors are those of ProveEquality.
func ProveContainment(p gmm.Pairs, limit proof.Limit) (proof.Certificate, error) {
	var candidate gmm.Form
	switch projected, err := limit.ProjectedOwn(p); {
	case err == nil:
		found, err := solver.Minimise(solver.InfoNCE, projected, solver.Options{Limit: float64(limit)})
		if err != nil {
			return proof.Certificate{}, fmt.Errorf("%w: %w", proof.ErrNotProved, err)
		}
		candidate = found.Constrained.Form
	case !errors.Is(err, proof.ErrNotProved):
		return proof.Certificate{}, err
	}
	certificate, err := limit.ProveContainment(p, candidate)
	if err == nil && certificate.Hypotheses().Informative {
		certificate.Claim = ContainmentOwn
	}
	return certificate, err
}

// ProveBox proves that equality, Col(A*) = S_F, of the InfoNCE loss holds, or fails, for every mixture of a box. Its errors are those of proof.Limit.ProveBox. The certificate names
// the most special claim about equality of which all of them are instances, if there is one.
func ProveBox(b box.Box, limit proof.Limit) (proof.Certificate, error) {
	certificate, err := limit.ProveBox(b)
	if err != nil {
		return certificate, err
	}
	if ids := instanceOf(proof.InfoNCE, certificate.Hypotheses()); len(ids) > 0 {
		certificate.Claim = ids[0]
	}
	return certificate, nil
}

// Ids of claims that certificates are instances of.
const (
	Equality          = "equality"
	EqualityCentred   = "equality-centred"
	EqualityBiased    = "equality-biased"
	AffineEquality    = "affine-equality"
	ContainmentOwn    = "containment-own-covariance"
	CosineContainment = "cosine-containment"
)

// Prove proves containment where that is what there are proofs of, equality else.
func Prove(l proof.Loss, p gmm.Pairs, limit proof.Limit) (proof.Certificate, error) {
	if proof.OfContainment(l, p) {
		return ProveContainment(p, limit)
	}
	return ProveEquality(l, p, limit)
}

// candidate is the solver's M_u of pairs as the loss sees them; none where there is no solver, or, of losses whose proofs find one in other ways than
// solvers do, where that fails.
func candidate(l proof.Loss, p gmm.Pairs, limit proof.Limit) (gmm.Form, error) {
	words := l.Words()
	of, err := losses.Choose(losses.Settings{Loss: words.Loss, Score: words.Score, Negatives: words.Negatives, Bias: words.Bias})
	if err != nil {
		return gmm.Form{}, nil
	}
	seen, err := l.Sees(p)
	if err != nil {
		return gmm.Form{}, err
	}
	found, err := solver.Minimise(of.Solver, seen, solver.Options{Limit: float64(limit)})
	if err != nil && words != proof.InfoNCE.Words() {
		return gmm.Form{}, nil
	}
	return found.Free.Form, err
}

// Check proves the certificate's verdict anew, and that its mixture has the hypotheses of the claim that it names, or
// refuses it: proof.ErrRefused, and the errors of proof.Check.
func Check(c proof.Certificate, limit proof.Limit) (proof.Theorem, error) {
	theorem, err := limit.Check(c)
	if err != nil {
		return proof.Theorem{}, err
	}
	if ids := instancesOf(theorem); c.Claim != "" && !slices.Contains(ids, c.Claim) {
		return proof.Theorem{}, fmt.Errorf("%w: expected one of the claims %q, whose hypotheses the mixture has, found %q", proof.ErrRefused, ids, c.Claim)
	}
	return theorem, nil
}

// instancesOf lists the ids of the claims of which a theorem is an instance.
func instancesOf(t proof.Theorem) []string {
	switch {
	case t.Comparison != nil:
		return []string{unbiased(t.Comparison.Activation)}
	case t.Cosine != nil:
		return []string{CosineContainment}
	case t.OffRange != nil: // of none: there is no A*
		return nil
	case !t.Containment:
		return instanceOf(t.Loss, t.Hypotheses)
	case t.Hypotheses.Informative:
		return []string{ContainmentOwn}
	}
	return nil
}

// instanceOf lists the ids of the claims about equality for a loss, Col(A*) = S_F, that can be refuted and have these hypotheses, the
// most special first: those about InfoNCE have proofs.
func instanceOf(l proof.Loss, h proof.Hypotheses) []string {
	switch {
	case !h.Informative: // all of them are about means that are not all equal, and δ > 0
		return nil
	case l.Words() == proof.Affine.Words() && h.Certain:
		return []string{AffineEquality}
	case l.Words() != proof.InfoNCE.Words():
		return nil
	case h.Certain && h.Centred:
		return []string{EqualityCentred, Equality}
	case h.Certain:
		return []string{Equality}
	case h.Centred:
		return []string{EqualityBiased}
	}
	return nil
}
