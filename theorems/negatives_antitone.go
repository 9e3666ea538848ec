package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// negativesAntitone: fewer negatives keep what more keep.
//
// Hypotheses: μ̄ = 0; means not all equal; δ = 1. Checked like negatives-monotone, in the other direction, on four components that are two rare pairs. The suite finds
// that it is refuted: 1 : 87 : 87 : 1 loses a direction with one negative, and keeps both with infinitely many.
var negativesAntitone = Claim{
	ID:         "negatives-antitone",
	Statement:  "Centred, δ = 1: the directions that InfoNCE keeps with N negatives it keeps with fewer",
	Source:     "the opposite of what practice expects of larger batches",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1",
	Drawn:      "Two pairs of opposite means, one of them rare, δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RarePairs(), generators.Certain())),
	Check:   func(c Case) Outcome { return checkOrder(reversed(batches), c) },
	Hunt:    orderHunt(reversed(batches), generators.RareOutliersOf),
}
