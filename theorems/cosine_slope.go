package theorems

import (
	"fmt"
	"math"

	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/line"
)

// cosineSlope: how fast the loss of cosines falls as a little noise enters.
//
// Hypotheses: dim S_F = 1, InfoNCE with infinitely many negatives. At diag(1, ε), whitened, L = L_in − κε + O(ε² log 1/ε), with κ > 0 in closed form but for an integral.
// It is compared with (L_in − L)/ε at a small ε, where both values are enclosed and what O stands for is bounded. The suite finds that it holds.
var cosineSlope = Claim{
	ID:         "cosine-slope",
	Statement:  "Cosine scores, dim S_F = 1: the one-sided derivative of the InfoNCE loss out of S_F is −κ < 0",
	Source:     "The first-order gain of noise near the boundary of the classes",
	Hypotheses: "Cosine scores at a temperature τ; dim S_F = 1; r, d ≥ 2",
	Drawn:      "2 or 3 means on a line beside a coordinate of noise, centred; δ > 0; τ from 1/4 to 2",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "error",
	Subject:      Subject{}.about(onLine, besideFisher),
	Unsearchable: byRounding,
	Draw:         mild(1),
	Check:        checkCosineSlope,
}

func checkCosineSlope(c Case) Outcome {
	m, err := line.Of(c.Pairs)
	if err != nil {
		return undecided(err)
	}
	_, temperature := c.heat()
	expected, err := cosine.Slope(m, temperature)
	if err != nil {
		return undecided(err)
	}
	found, err := cosine.Descent(m, temperature)
	if err != nil {
		return undecided(err)
	}
	const sharp = 1e-2 // of κ: what no other formula comes near
	outcome := Outcome{Grade: oracle.Bounded, Value: math.Abs(found.Value-expected.Value) / expected.Value,
		Detail: fmt.Sprintf("τ = %.6g: the derivative is %.5g to ±%.1g, κ = %.5g", temperature, -found.Value, found.Error, expected.Value)}
	switch away := math.Abs(found.Value - expected.Value); {
	case away > found.Error+expected.Error:
		outcome.Verdict = oracle.Refuted
	case found.Error+expected.Error <= sharp*expected.Value:
		outcome.Verdict = oracle.Holds
	}
	return outcome
}
