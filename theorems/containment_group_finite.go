package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// containmentGroupFinite: containment-group with one negative, the loss E log(1 + exp(xᵀM(y − x̂))) and δ = 1: where E[Qx | Px] = 0, Col(A*) ⊆ S_F.
//
// Hypotheses: any mixture of that condition with dim S_F = 1, means not all equal, r ≥ 2. Checked at the best matrix inside S_F, where the block of the gradient across vanishes, as with
// infinitely many negatives, and the one outside, Q∇L(M_in)Q, is a sum over groups of integrals in two dimensions, with error bounds: where it has a negative eigenvalue, M* leaves S_F, and where it
// has none, M_in is M*, by convexity. The suite finds that it is refuted: x and x̂ share their component, so that E[Qx(Qx̂)ᵀ | Px, Px̂] is not 0.
var containmentGroupFinite = Claim{
	ID:         "containment-group-finite",
	Statement:  "With own covariances and one negative: E[Qx | Px] = 0 ⇒ Col(A*) ⊆ S_F",
	Source:     "containment-group, with one negative in the place of infinitely many",
	Hypotheses: "Any mixture whose components have their own covariances, with Σ w_k QΣ_kP = 0 over each group of equal (μ_k, PΣ_kP); dim S_F = 1; δ = 1; r ≥ 2",
	Drawn:      "Two groups with couplings that cancel in each, hidden, one of them rare; means on a line; δ = 1",
	Stance:     Ours, Recorded: oracle.Refuted, Measure: "margin",
	Subject:      Subject{Law: OwnLaw, Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}}.about(onLine, cancelling),
	Unsearchable: byCancelled,
	Draw:         plain(pairsOf(generators.RareGroup(), generators.Certain())),
	Check:        checkContainmentGroupFinite,
}

func checkContainmentGroupFinite(c Case) Outcome {
	found, err := oracle.JudgeOneNegative(c.Pairs.Apart())
	if err != nil {
		return undecided(err)
	}
	o := Outcome{Grade: oracle.Bounded, Value: found.Curvature,
		Detail: fmt.Sprintf("at the best matrix inside S_F, m = %.6g, the gradient has the least eigenvalue %.4g outside, known to ±%.0e", found.Inside, found.Curvature, found.CurvatureError)}
	switch {
	case found.Curvature < -found.CurvatureError:
		o.Verdict = oracle.Refuted
	case found.Contained:
		o.Verdict = oracle.Holds
	}
	return o
}
