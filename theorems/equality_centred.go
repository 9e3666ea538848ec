package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// equalityCentred: equality at δ = 1 for centred mixtures, μ̄ = 0, the reading
// that textbook discriminant analysis suggests.
//
// Hypotheses: μ̄ = 0; δ = 1. Checked like equality, on mixtures with a rare
// outlier. The suite finds that it is refuted from three components on: rare
// classes lose their own direction. (With two it holds: see equality-line.)
var equalityCentred = Claim{
	ID:         "equality-centred",
	Statement:  "Centred, μ̄ = 0: at δ = 1, with r ≥ K columns, Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence, for centred data",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1; r ≥ K",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; δ = 1",
	Stance:     Asserted, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Certain())),
	Check:   checkEquality,
	equal:   always([]losses.Loss{losses.InfoNCE}),
	Prove:   proveEquality,
	Hunt:    centredHunt(DeltaOne),
}
