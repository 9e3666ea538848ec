package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// orthogonalMean: a counterexample to equality for every δ, all weights and any number of components. Where
// the mean is not 0 and orthogonal to all differences of means in the metric Σ⁻¹ (Bμ̄ = 0 ≠ μ̄, whitened), all means have the same
// coordinate c along it. What it adds to a score xᵀMμ_k is the same for all k but for the part of x, so that the diagonal entry m₀₀ of M along the mean
// leaves the softmax, and enters the loss by ½(1 + c²)m₀₀² alone: m₀₀ = 0, M_u is not positive definite on S_F, and InfoNCE loses a direction.
//
// Hypotheses: Bμ̄ = 0 ≠ μ̄. Checked by a reduced solve, of which the oracle bounds m₀₀.
// The suite finds that it holds. (λ_min may be exactly 0 here, so the claim equality is refuted or undecided.)
var orthogonalMean = Claim{
	ID:         "orthogonal-mean",
	Statement:  "μ̄ ≠ 0 orthogonal to all μ_k − μ_l in the metric Σ⁻¹: InfoNCE loses a direction, at every δ and all weights",
	Source:     "the common coordinate leaves the softmax",
	Hypotheses: "Bμ̄ = 0 ≠ μ̄ (whitened); any δ and weights",
	Drawn:      "Mixtures of 2 to 4 components whose means share a coordinate along their mean; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{}.about(orthogonalMeans),
	Settles: oracle.Refuted,
	Draw:    plain(pairsOf(generators.OrthogonalMean(), generators.Informative())),
	Check:   checkOrthogonalMean,
}

func checkOrthogonalMean(c Case) Outcome {
	d, err := c.decided(losses.InfoNCE)
	if err != nil {
		return undecided(err)
	}
	if d.Findings.Equality() == oracle.Holds {
		return Outcome{Verdict: oracle.Refuted, Grade: d.Findings.Evidence.Grade, Value: d.Findings.Margin(), Detail: d.Findings.EqualityReason(0)}
	}
	if c.Pairs.Left.Coincident() {
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "exactly: all means are equal, so that M_u = 0"}
	}
	verdict, grade, defect := oracle.JudgeMeanLost(c.Pairs, d.Candidate.Free.Form)
	if math.IsInf(defect, 1) {
		return Outcome{Verdict: verdict, Grade: grade, Value: defect, Detail: "M_u along the mean is not known beside its size"}
	}
	return Outcome{Verdict: verdict, Grade: grade, Value: defect,
		Detail: fmt.Sprintf("M_u along the mean is at most %.0e of its size", defect)}
}
