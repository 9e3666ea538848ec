package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// envelopeNecessary: that containment needs the envelope to be the Fisher subspace: Col(A*) ⊆ S_F only if every Σ_k maps S_F into itself, whitened. For two components
// with Θ_1/w_1 − Θ_2/w_2 invertible that is a theorem.
//
// Hypotheses: any mixture with own covariances, means not all equal, δ > 0. Checked exactly where a Σ_k leads out of S_F: there containment is refuted by numbers, or holds by the group
// condition, which is exact, too; else the case is undecided. The suite finds that the claim is refuted: couplings may cancel within a group of components that S_F shows alike, see
// containment-group. Value is minus the size of the largest coupling ‖QΣ_kP‖ of a counterexample.
var envelopeNecessary = Claim{
	ID:         "envelope-necessary",
	Statement:  "With own covariances, Col(A*) ⊆ S_F only if every Σ_k maps S_F into itself (whitened)",
	Source:     "containment-envelope, read backwards",
	Hypotheses: "Any mixture whose components have their own covariances; means not all equal; δ > 0",
	Drawn:      "Mixtures of two or three groups with couplings that cancel in each, hidden, and mixtures of two components tilted against each other; δ > 0",
	Stance:     Ours, Recorded: oracle.Refuted, Measure: "coupling",
	Subject:      Subject{Law: OwnLaw, Hypotheses: Hypotheses{Distinct: true}},
	Unsearchable: byCancelled,
	Draw:         plain(pairsOf(rapid.OneOf(generators.Grouped(), generators.Tilted()), generators.Informative())),
	Check:        checkEnvelopeNecessary,
}

func checkEnvelopeNecessary(c Case) Outcome {
	p := c.Pairs.Apart()
	m := p.Left
	switch e := m.Envelope(); {
	case p.Uninformative():
		return Outcome{Detail: "M* = 0, as the pairs say nothing about the means"}
	case e.Invariant():
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "exactly: every Σ_k maps S_F into itself"}
	case !e.Leaves():
		return Outcome{Detail: "the envelope is not known"}
	case m.GroupCondition():
		couplings, err := m.Couplings()
		if err != nil || len(couplings) == 0 {
			return Outcome{Detail: "the couplings could not be measured"}
		}
		return Outcome{Verdict: oracle.Refuted, Grade: oracle.Bounded, Value: -couplings[0].Size,
			Detail: fmt.Sprintf("exactly: E[Qx | Px] = 0, though the envelope has %d dimensions, S_F %d; the largest coupling is %.4g", e.Dimension(), m.FisherDimension(), couplings[0].Size)}
	}
	d, err := decide(losses.InfoNCE, p, losses.Options{Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	o := Outcome{Grade: d.Findings.Evidence.Grade, Detail: d.Findings.ContainmentReason(0)}
	if d.Findings.Containment() == oracle.Refuted {
		o.Verdict = oracle.Holds
	}
	return o
}
