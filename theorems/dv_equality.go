package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// dvEquality: equality for the Donsker–Varadhan loss (MINE), the limit of ever more negatives of the sigmoid loss.
//
// Hypotheses: μ̄ = 0; means not all equal; δ = 1. Checked like equality-centred; nothing is integrated, as the loss has a closed form. The suite finds that it is
// refuted.
var dvEquality = Claim{
	ID:         "dv-equality",
	Statement:  "Donsker–Varadhan loss, centred, δ = 1: Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence, for centred data and the Donsker–Varadhan bound",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Certain())),
	Hunt:    centredHunt(DeltaOne),
}.aboutEquality(always([]losses.Loss{chosen(losses.Settings{Loss: "dv"})}))
