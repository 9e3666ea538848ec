package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/noncontrastive"
	minima "contrastcheck/solver/noncontrastive"

	"pgregory.net/rapid"
)

// hadsellContainment: the margin loss of pairs, E D(x, x̂) + κE(α − √D(x, y))₊², that taught networks to contrast would read S_c alone.
//
// Hypotheses: independent negatives, any δ, r, d ≥ 2; what is checked has dim S_c = 1 and κ = α = 1. Inside, pairs that happen to agree along the line have D = 0, and noise of variance q across parts them at a rate of √D against 2q of alignment: its gain is of order q log 1/q.
// A minimum over diag(m, q), whitened, is searched by one rule; a lower bound of the loss of all matrices inside S_c, in closed form but for one number m, is compared with an upper bound at the matrix found. The suite finds that it is refuted.
var hadsellContainment = Claim{
	ID:         "hadsell-containment",
	Statement:  "Hadsell's margin loss of pairs, r ≥ 2: Col(A*) ⊆ S_c",
	Source:     "Theorem 0.1, first sentence, for the loss of R. Hadsell, S. Chopra and Y. LeCun, CVPR 2006",
	Hypotheses: "E D(x, x̂) + κ E(α − √D(x, y))₊² with independent negatives; r, d ≥ 2; dim S_c = 1",
	Drawn:      "Collinear mixtures in 2 to 5 dimensions and lines of means beside noise; any δ; κ = α = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "gap",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}}.about(onCentredLine, besideCentred),
	Draw:    plain(pairsOf(rapid.OneOf(roomy(generators.Collinear()), generators.BesideNoise(1)), generators.Delta())),
	Check:   checkHadsell(minima.Margin),
}

// checkHadsell judges the diag(m, q) that a search at a weight κ = 1 finds.
func checkHadsell(search func(p gmm.Pairs, weight float64) (along, across, value float64, err error)) func(Case) Outcome {
	return func(c Case) Outcome {
		along, across, _, err := search(c.Pairs, 1)
		if err != nil {
			return undecided(err)
		}
		found, err := noncontrastive.JudgeMargin(c.Pairs, noncontrastive.Margin{}, along, across)
		if err != nil {
			return undecided(err)
		}
		return Outcome{Verdict: found.Verdict(), Grade: oracle.Bounded, Value: found.Gap(),
			Detail: fmt.Sprintf("diag(%.3g, %.3g), whitened, has a loss of %.6g at most, all inside S_c %.6g at least", along, across, found.Outside, found.Inside)}
	}
}
