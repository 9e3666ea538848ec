package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// equalityWeak: the corrected equality theorem: for centred mixtures whose means
// are not all equal, Col(A*) = S_F for all 0 < δ < δ₀, an explicit bound
// (oracle.WeakDelta) which exceeds 1 for weakly separated mixtures.
//
// Hypotheses: μ̄ = 0, B ≠ 0, 0 < δ < δ₀ and δ ≤ 1. Checked like equality, at
// sixteenths of δ₀. The suite finds that it holds.
var equalityWeak = Claim{
	ID:         "equality-weak",
	Statement:  "Centred, 0 < δ < δ₀, an explicit bound: Col(A*) = S_F",
	Source:     "the linearised problem and a third-cumulant bound; doc comment of oracle.WeakDelta",
	Hypotheses: "μ̄ = 0; means not all equal; 0 < δ < δ₀ and δ ≤ 1",
	Drawn:      "Centred mixtures, δ at sixteenths of δ₀",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Centred: true, Distinct: true}}.about(weak),
	Settles: oracle.Holds,
	Draw:    rapid.Custom(func(t *rapid.T) Case { return sixteenths(t, generators.CentredDistinct().Draw(t, "mixture")) }),
	Check:   checkWeak,
}

// checkWeak checks equality, and tells δ₀.
func checkWeak(c Case) Outcome {
	o := checkEquality(c)
	if bound, err := oracle.WeakDelta(c.Pairs.Left); err == nil {
		o.Detail += fmt.Sprintf("; δ₀ = %.4g", bound)
	}
	return o
}
