package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// distanceEnvelope: whether the envelope of differences, which holds what dot scores of affine maps keep, holds what distances keep, too.
//
// Hypotheses: any mixture with own covariances, δ > 0; r ≥ d. With P on E_c and Q = I − P, at the best matrix inside, InfoNCE with infinitely many negatives has Q∇LQ = ½Σ_k(w_k − E p_k)QΣ_kQ: the
// posterior probabilities of a pair's other point, averaged, are not the weights, and the loss falls towards components that come up too seldom wherever their variance is the larger one. Checked like
// distance-own. The suite finds that it is refuted, by 1:3 with means 0 and 2e₁ and variances 2/5 and 6/5 along e₂: M*₂₂ = .0058. The central subspace holds M* (distance-own).
var distanceEnvelope = Claim{
	ID:         "distance-envelope",
	Statement:  "Distance score, own covariances: Col(A*) ⊆ E_c, the envelope of differences",
	Source:     "containment-envelope, asked of distances",
	Hypotheses: "Any mixture whose components have their own covariances; δ > 0; r ≥ d",
	Drawn:      "Two or three components with means on a line, and variances aside from it that differ, in the plane; δ > 0",
	Stance:     Ours, Recorded: oracle.Refuted, Measure: "defect",
	Subject: Subject{Law: OwnLaw},
	Draw:    plain(pairsOf(rapid.OneOf(aside(), generators.Tilted()), generators.Informative())),
	Check:   checkDistancesWithin((*gmm.Mixture).EnvelopeOfDifferences),
}
