package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// negativesEqualityCentred: equality for InfoNCE with finitely many negatives on centred mixtures.
//
// Hypotheses: μ̄ = 0; means not all equal; δ = 1. Checked like negatives-equality, on mixtures with a rare outlier. The suite finds that it is
// refuted: four components 1 : 87 : 87 : 1 lose a direction to one negative, three of 1 : 11 : 420 to 64 and more.
var negativesEqualityCentred = Claim{
	ID:         "negatives-equality-centred",
	Statement:  "InfoNCE with N negatives, δ = 1, centred: Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence, for centred data and finite batches",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1; N = 1, 16, 256",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Certain())),
	Hunt:    centredHunt(DeltaOne),
}.aboutEquality(always(finiteBatches))
