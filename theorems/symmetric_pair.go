package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// symmetricPair: a counterexample to equality by hand. Two equally likely
// components with independent means of equal Mahalanobis norm: by the reflection
// that swaps them, and uniqueness, Col(A*) is the line of Σ⁻¹(μ₁ − μ₂), for every
// δ > 0, while S_F is a plane.
//
// Hypotheses: K = 2, equal weights, equal norms, independent means, δ > 0. Checked
// by a blind solve, whose distance to the line the oracle bounds. The suite finds
// that it holds. (λ_min is exactly 0 here, so the claim equality is undecided.)
var symmetricPair = Claim{
	ID:         "symmetric-pair",
	Statement:  "K = 2, equal weights and norms, independent means, δ > 0: Col(A*) is the line of Σ⁻¹(μ₁ − μ₂)",
	Source:     "the reflection that swaps the means, and uniqueness",
	Hypotheses: "K = 2; equal weights; equal Mahalanobis norms; independent means; δ > 0",
	Drawn:      "Symmetric ties of two components, δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{}.about(symmetricTwo),
	Settles: oracle.Refuted,
	Draw:    plain(pairsOf(generators.SymmetricTie(), generators.Informative())),
	Check:   checkSymmetricPair,
}

// checkSymmetricPair tells whether the minimiser, found blindly, lies in the centred Fisher subspace, which of two components is the line of Σ⁻¹(μ₁ − μ₂).
func checkSymmetricPair(c Case) Outcome {
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	verdict, grade, defect := oracle.JudgeCentred(c.Pairs, found.Constrained.Form)
	return Outcome{Verdict: verdict, Grade: grade, Value: defect,
		Detail: fmt.Sprintf("A*A*ᵀ leaves the span of Σ⁻¹(μ_k − μ_l) by at most %.0e of its size", defect)}
}
