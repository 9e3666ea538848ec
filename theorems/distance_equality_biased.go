package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// distanceEqualityBiased: equality for distance scores where pairs share their component with a probability δ < 1 only.
//
// Hypotheses: means not all equal; 0 < δ < 1. Checked like distance-equality for InfoNCE with infinitely many negatives, on mixtures with a rare outlier. The suite finds
// that it is refuted, by 1 : 11 : 420 at δ = .9 already: the false pairs have to be corrected for (distance-debiased).
var distanceEqualityBiased = Claim{
	ID:         "distance-equality-biased",
	Statement:  "Distance score, 0 < δ < 1, InfoNCE: Col(A*) = S_c",
	Source:     "distance-equality, asked of δ < 1",
	Hypotheses: "Means not all equal; 0 < δ < 1; r ≥ dim S_c",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; 0 < δ < 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaBiased}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Biased())),
	Hunt:    centredHunt(DeltaBiased),
}.aboutEquality(always(distances[:1]))
