package theorems

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// infonceDefinition: the closed form of the InfoNCE loss, which every other
// claim rests on, is the loss of the definition
//
//	L(A) = −E_{(x,x̂)∼F̂}[ xᵀAAᵀx̂ ] + E_x log E_y exp(xᵀAAᵀy),   x, y ∼ F.
//
// Hypotheses: any mixture, δ and A. Checked by sampling pairs and negatives: the
// z-score of the closed form must not exceed 6; where it does because exp(xᵀMy)
// has too heavy a tail to be sampled, the case is undecided. The suite finds that
// it holds.
var infonceDefinition = Claim{
	ID:         "infonce-definition",
	Statement:  "The closed-form InfoNCE loss equals its definition, estimated by sampling pairs and negatives",
	Source:     "definition of the InfoNCE loss, arXiv 2411.03517, section 2",
	Hypotheses: "Any mixture, δ and representation A",
	Drawn:      "Mixtures with shared covariances, centred ones and symmetric ties, with means within an order of 1; A of 1 to 3 columns, small enough for exp(xᵀMy) to be sampled",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "|z|",
	Subject:      Subject{Law: SingleLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)},
	Unsearchable: bySampling,
	Draw:         gentle(represented(pairsOf(tame(), generators.Delta()))),
	Check:        checkDefinition(losses.InfoNCE),
}

// improbable is the z-score beyond which chance is no explanation: 2e-9 for a
// normal distribution.
const improbable = 6

// usualAnchors and usualNegatives are how many points an estimate takes.
const usualAnchors, usualNegatives = 1600, 120

func checkDefinition(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome { return sampleDefinition(l, c, usualAnchors, usualNegatives) }
}

// sampleDefinition compares the loss of a case's representations with an estimate from its definition.
func sampleDefinition(l losses.Loss, c Case, anchors, negatives int) Outcome {
	right := c.A
	if c.Pairs.Modalities() == 2 {
		right = c.Other
	}
	value, off, err := solver.Evaluate(l.Solver, c.Pairs, c.A, right)
	if err != nil {
		return undecided(err)
	}
	return compareSampled(l.Oracle, c, right, value, off, anchors, negatives)
}

// compareSampled compares a value, known to ±off, with an estimate from a loss's definition.
func compareSampled(l oracle.Loss, c Case, right *mat.Dense, value, off float64, anchors, negatives int) Outcome {
	e, err := oracle.Sampled(l, c.Pairs, c.A, right, anchors, negatives, rand.New(rand.NewPCG(c.Seed, 1)))
	if err != nil {
		return undecided(err)
	}
	e.Bias += off
	const heavy = 0.15 // a fiftieth is usual
	if math.Abs(e.Z(value)) > improbable && e.Share > heavy {
		return Outcome{Detail: fmt.Sprintf("the largest negative makes %.0f%% of the sum: the tail was not sampled", 100*e.Share)}
	}
	return fromScore(e.Z(value), fmt.Sprintf("closed form %.6g, sampled %.4g ± %.1g", value, e.Value, e.StandardError+e.Bias))
}

// fromScore is the outcome of a z-score that ought to be small.
func fromScore(z float64, detail string) Outcome {
	o := Outcome{Grade: oracle.Estimated, Value: math.Abs(z), Detail: fmt.Sprintf("z = %.1f: %s", z, detail)}
	switch {
	case math.IsNaN(z):
	case math.Abs(z) <= improbable:
		o.Verdict = oracle.Holds
	default:
		o.Verdict = oracle.Refuted
	}
	return o
}
