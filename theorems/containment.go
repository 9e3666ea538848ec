package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// containment: Theorem 0.1, first sentence: with at least K columns every
// minimiser of the InfoNCE loss lies in the Fisher subspace, Col(A*) ⊆ S_F.
//
// Hypotheses: any mixture, centred or not, and any δ; drawn so that S_F is not
// everything. Checked by a blind solve,
// which starts from a random matrix of full rank in all d dimensions and knows
// no Fisher subspace; the oracle then bounds the distance of what it found to the
// minimiser and to S_F. The suite finds that it holds, and more generally than
// printed: for every δ and every number of columns.
var containment = Claim{
	ID:         "containment",
	Statement:  "With r ≥ K columns, Col(A*) ⊆ S_F (blind solve)",
	Source:     "Theorem 0.1, first sentence (slides); arXiv 2411.03517",
	Hypotheses: "Any mixture, centred or not, and any δ; r ≥ K",
	Drawn:      "All eight families, with one more coordinate mixed in so that S_F is never everything; any δ",
	Stance:     Asserted, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}},
	Draw:    plain(pairsOf(roomy(anyMixture()), generators.Delta())),
	Check:   checkContainment(losses.InfoNCE),
}

func checkContainment(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		d, err := decide(l, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
		if err != nil {
			return undecided(err)
		}
		f := d.Findings
		o := Outcome{Verdict: f.Containment(), Grade: f.Evidence.Grade, Value: f.Defect(), Bound: f.Sides[0].DefectError,
			Detail: fmt.Sprintf("A*A*ᵀ leaves %s by at most %.0e of its size", l.Subspace(), f.Defect())}
		if math.IsInf(f.Defect(), 0) {
			o.Detail = f.ContainmentReason(0)
		}
		return o
	}
}
