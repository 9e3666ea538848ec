package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// negativesEquality: equality for InfoNCE as it is trained, with finitely many negatives.
//
// Hypotheses: any mixture whose means are not all equal, not assumed centred; δ = 1. Checked like equality, with 1, 16 and 256 negatives: refuted
// where a direction is lost with any of these numbers. The suite finds that it is refuted, by the two points that refute it for infinitely many.
var negativesEquality = Claim{
	ID:         "negatives-equality",
	Statement:  "InfoNCE with N negatives, δ = 1, raw: Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence (slides), asked of finite batches",
	Hypotheses: "Any mixture whose means are not all equal, not assumed centred; δ = 1; N = 1, 16, 256",
	Drawn:      "Mixtures whose means are not all equal, δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.Distinct(), generators.Certain())),
	Hunt:    rawHunt(),
}.aboutEquality(always(finiteBatches))

// finiteBatches are InfoNCE with few and with many negatives.
var finiteBatches = withNegatives(losses.Settings{Loss: "infonce"}, "1", "16", "256")
