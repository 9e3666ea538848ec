package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// equalityBiased: equality for centred mixtures and 0 < δ < 1. The authors leave
// it open: they know no counterexample.
//
// Hypotheses: μ̄ = 0; 0 < δ < 1. Checked like equality-centred. The suite finds
// that it is refuted, at δ = .9, ½ and .2 by one and the same mixture.
var equalityBiased = Claim{
	ID:         "equality-biased",
	Statement:  "Centred, 0 < δ < 1: Col(A*) = S_F (the authors know no counterexample)",
	Source:     "remark after Theorem 0.1 (slides)",
	Hypotheses: "μ̄ = 0; means not all equal; 0 < δ < 1; r ≥ K",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; 0 < δ < 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaBiased}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Biased())),
	Check:   checkEquality,
	equal:   always([]losses.Loss{losses.InfoNCE}),
	Prove:   proveEquality,
	Hunt:    centredHunt(DeltaBiased),
}
