package theorems

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// negativesMonotone: more negatives keep what fewer keep.
//
// Hypotheses: μ̄ = 0; means not all equal; δ = 1. Checked by the verdicts on equality with 1, 16 and infinitely many negatives: refuted where one number keeps all
// directions and a larger one loses one, both certified. The suite finds that it is refuted: 1 : 11 : 420 keeps both directions with up to 16 negatives, and loses one with 64.
var negativesMonotone = Claim{
	ID:         "negatives-monotone",
	Statement:  "Centred, δ = 1: the directions that InfoNCE keeps with N negatives it keeps with more",
	Source:     "what practice expects of larger batches",
	Hypotheses: "μ̄ = 0; means not all equal; δ = 1",
	Drawn:      "Rare outliers: K = 3, weights from 1 : 2 : 64 to 1 : 32 : 2048, centred; δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.RareOutlier(), generators.Certain())),
	Check:   func(c Case) Outcome { return checkOrder(batches, c) },
	Hunt:    orderHunt(batches, generators.RareOutliersOf),
}

// batches are InfoNCE with ever more negatives.
var batches = withNegatives(losses.Settings{Loss: "infonce"}, "1", "16", "inf")

// checkOrder refutes that what a loss keeps the later ones keep. The ends of the order are judged first: they differ most, and cost least.
func checkOrder(order []losses.Loss, c Case) Outcome {
	of := func(l losses.Loss) judged { return judged{l, judgeEquality(l, c)} }
	last := len(order) - 1
	ends := []judged{of(order[0]), of(order[last])}
	if o := checkInOrder(ends); o.Verdict == oracle.Refuted {
		return o
	}
	all := ends[:1:1]
	for _, l := range order[1:last] {
		all = append(all, of(l))
	}
	return checkInOrder(append(all, ends[1]))
}

// judged is a loss with its verdict on equality.
type judged struct {
	loss    losses.Loss
	outcome Outcome
}

func checkInOrder(order []judged) Outcome {
	var kept *Outcome
	all, names := Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Value: math.Inf(1)}, ""
	for i, j := range order {
		l, o := j.loss, j.outcome
		switch {
		case o.Verdict == oracle.Refuted && kept != nil:
			return Outcome{Verdict: oracle.Refuted, Grade: min(o.Grade, kept.Grade), Value: o.Value,
				Detail: fmt.Sprintf("%s keeps all (%s), %s does not (%s)", names, kept.Detail, negatives(l), o.Detail)}
		case o.Verdict == oracle.Holds && kept == nil:
			kept, names = &o, negatives(l)
		case o.Verdict == oracle.Undecided:
			all.Verdict = oracle.Undecided
		}
		all.Grade = min(all.Grade, o.Grade)
		if i == len(order)-1 {
			all.Value, all.Detail = o.Value, fmt.Sprintf("with %s: %s", negatives(l), o.Detail)
		}
	}
	return all
}

func negatives(l losses.Loss) string { return "N = " + l.Settings.Negatives }

// orderHunt is the search for mixtures of which a loss keeps all directions and a later one loses one.
func orderHunt(order []losses.Loss, family func(k, d int) *rapid.Generator[*gmm.Mixture]) *Hunt {
	return &Hunt{
		Score: func(c Case) float64 {
			score, kept := math.Inf(-1), math.Inf(-1)
			for _, l := range order {
				lost := losing(l, c.Pairs)
				score = max(score, min(kept, lost))
				kept = max(kept, -lost)
			}
			return score
		},
		Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: DeltaOne},
		Draw: func(k, d int, delta *big.Rat) *rapid.Generator[Case] {
			return plain(pairsOf(family(k, d), rapid.Just(delta)))
		},
		Ascent:     ByScore,
		Components: Range{3, 4}, Dimension: Range{2, 2},
	}
}

// reversed is the order of the fewest last.
func reversed(order []losses.Loss) []losses.Loss {
	order = slices.Clone(order)
	slices.Reverse(order)
	return order
}
