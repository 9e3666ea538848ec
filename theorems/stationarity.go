package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// stationarity: for every representation A,
//
//	⟨∇_A L(A), QA⟩ ≥ 2‖PMQ‖²_F + 2‖QMQ‖²_F,   M = AAᵀ, whitened,
//
// so that every stationary point, not only the minimum, lies in the Fisher subspace.
//
// Hypotheses: any mixture, δ and A; drawn so that S_F is not everything. Checked with the oracle's gradient. The suite
// finds that it holds.
var stationarity = Claim{
	ID:         "stationarity",
	Statement:  "⟨∇L(A), QA⟩ ≥ 2‖PMQ‖² + 2‖QMQ‖² for every A, δ, r: stationary points lie in S_F",
	Source:     "monotonicity of ∇f between M and PMP",
	Hypotheses: "Any mixture, δ and representation A",
	Drawn:      "All eight families, with one more coordinate mixed in so that S_F is never everything; A of 1 to 3 columns",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)},
	Draw:    represented(pairsOf(roomy(anyMixture()), generators.Delta())),
	Check:   checkStationarity(losses.InfoNCE),
}

func checkStationarity(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		i, err := oracle.Stationarity(l.Oracle, c.Pairs, c.encoders(), toleranceOf(l))
		if err != nil {
			return undecided(err)
		}
		return fromInequality(i, oracle.Bounded)
	}
}
