package theorems

import (
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// containmentGroup: own covariances leave A* in the Fisher subspace where E[Qx | Px] = 0, P its projector, whitened, and Q = I − P: where Σ w_k QΣ_kP = 0 over each group of components
// that agree in μ_k and PΣ_kP. Then for every A, r and δ
//
//	L(A) ≥ L(PA) + (c/2) tr(V²W),   V = M − PMP,
//
// of InfoNCE with infinitely many negatives, and ½c²‖V‖²_F in the place of the last term for the Donsker–Varadhan loss, though the envelope may be everything.
//
// Hypotheses: any mixture of that condition, any δ, r and A. Checked by evaluating both losses, at random A; at what a blind solve finds, of which the oracle bounds the distance to M*;
// and by the oracle, which decides the condition exactly and finds no descent out of S_F at the best matrix inside. Source: own proof, Jensen's inequality given Px: with Z(u) = E exp(uᵀy), log Z is convex and
// Z(u) ≥ Z(Pu). With one negative it is false: see containment-group-finite; and it makes envelope-necessary false. The suite finds that it holds.
var containmentGroup = Claim{
	ID:         "containment-group",
	Statement:  "With own covariances and N = ∞: E[Qx | Px] = 0 ⇒ Col(A*) ⊆ S_F, though the envelope is larger",
	Source:     "own proof: Jensen's inequality given Px",
	Hypotheses: "Any mixture whose components have their own covariances, with Σ w_k QΣ_kP = 0 over each group of equal (μ_k, PΣ_kP); any δ, r and representation A",
	Drawn:      "Mixtures of two or three groups with couplings that cancel in each, hidden; A of 1 to 3 columns; InfoNCE, in a third of the draws the Donsker–Varadhan loss",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject:      Subject{Law: OwnLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)}.about(cancelling),
	Unsearchable: byCancelled,
	Draw:         gentle(represented(pairsOf(rapid.OneOf(generators.GroupedOf(1, 1), generators.GroupedOf(1, 1), generators.Grouped()), generators.Delta()))),
	Check:        checkContainmentGroup,
}

func checkContainmentGroup(c Case) Outcome {
	c.Pairs = c.Pairs.Apart()
	m := c.Pairs.Left
	if !m.GroupCondition() {
		return Outcome{Detail: "E[Qx | Px] = 0 is not known"}
	}
	l := losses.InfoNCE
	if c.Seed%3 == 0 {
		l = chosen(losses.Settings{Loss: "dv"})
	}
	fisher := m.Pooled().Envelope().Basis()
	o := projectingLowers(l, c, [][][]*big.Rat{fisher})
	if o.Verdict != oracle.Holds || c.Pairs.Uninformative() {
		return o
	}
	d, err := decide(losses.InfoNCE, c.Pairs, losses.Options{Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	side := d.Findings.Sides[0]
	if side.Containment == oracle.Refuted || side.Slope > side.SlopeError || side.Curvature+side.CurvatureError < 0 {
		o.Verdict, o.Detail = oracle.Refuted, "the gradient at the best matrix inside S_F leaves it: "+d.Findings.ContainmentReason(0)
		return o
	}
	defect, verdict := leavesBlindly(c, fisher)
	o.Verdict = verdict
	o.Detail += fmt.Sprintf("; found blindly, M* leaves S_F by at most %.0e of its size", defect)
	return o
}
