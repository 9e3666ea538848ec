package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// equalityLine: where the Fisher subspace is a line and the means are not all
// equal, equality holds for every δ > 0, as ∇f(0) = −δB ≠ 0. Every centred
// mixture of two components is of this kind.
//
// Hypotheses: dim S_F = 1, B ≠ 0, δ > 0. Checked like equality, numerically. The
// suite finds that it holds.
var equalityLine = Claim{
	ID:         "equality-line",
	Statement:  "dim S_F = 1, means not all equal, δ > 0: Col(A*) = S_F",
	Source:     "∇f(0) = −δB ≠ 0, so M* ≠ 0",
	Hypotheses: "dim S_F = 1; means not all equal; δ > 0",
	Drawn:      "Collinear mixtures, centred or not; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true}}.about(onLine),
	Settles: oracle.Holds,
	Draw:    plain(pairsOf(generators.Collinear(), generators.Informative())),
	Check:   checkEquality,
}
