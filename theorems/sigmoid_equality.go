package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// sigmoidEquality: equality for the sigmoid loss (SigLIP) with its best bias.
//
// Hypotheses: any mixture whose means are not all equal, not assumed centred; δ = 1; the bias free. Checked like equality, with 1 and 64 negatives a positive. The suite finds
// that it is refuted, by two points.
var sigmoidEquality = Claim{
	ID:         "sigmoid-equality",
	Statement:  "Sigmoid loss with free bias, δ = 1: Col(A*) = S_F",
	Source:     "Theorem 0.1, second sentence (slides), asked of SigLIP",
	Hypotheses: "Any mixture whose means are not all equal, not assumed centred; δ = 1; m = 1, 64",
	Drawn:      "Mixtures whose means are not all equal, δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.Distinct(), generators.Certain())),
	Hunt:    rawHunt(),
}.aboutEquality(always(sigmoids))

// sigmoids are the sigmoid losses with free bias, of few negatives and of many.
var sigmoids = withNegatives(losses.Settings{Loss: "sigmoid"}, "1", "64")
