package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// sigmoidEqualityCentred: equality for the sigmoid loss on centred mixtures.
//
// Hypotheses: μ̄ = 0; means not all equal; δ = 1; the bias free. Checked like sigmoid-equality, on mixtures with a rare outlier. The suite finds that it is refuted: by
// weights 47 : 1 : 29 with one negative, where InfoNCE keeps both directions, and by 1 : 11 : 420 with 64.
var sigmoidEqualityCentred = Claim{
	ID:         "sigmoid-equality-centred",
	Statement:  "Sigmoid loss with free bias, δ = 1, centred: Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence, for centred data and SigLIP",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1; m = 1, 64",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Certain())),
	Hunt:    centredHunt(DeltaOne),
}.aboutEquality(always(sigmoids))
