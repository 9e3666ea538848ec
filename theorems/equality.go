package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// equality: Theorem 0.1, second sentence, as printed: at δ = 1, with at least K
// columns, Col(A*) = S_F.
//
// Hypotheses: any mixture whose means are not all equal, not assumed centred; δ = 1. Checked by a reduced solve
// and the oracle's certificate for the sign of λ_min(M_u|S_F). The suite finds
// that it is refuted, by two points in the plane already.
var equality = Claim{
	ID:         "equality",
	Statement:  "At δ = 1, with r ≥ K columns, Col(A*) = S_F, as printed",
	Source:     "Theorem 0.1, second sentence (slides)",
	Hypotheses: "Any mixture whose means are not all equal, not assumed centred; δ = 1; r ≥ K",
	Drawn:      "Mixtures whose means are not all equal, δ = 1",
	Stance:     Asserted, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(generators.Distinct(), generators.Certain())),
	Check:   checkEquality,
	equal:   always([]losses.Loss{losses.InfoNCE}),
	Prove:   proveEquality,
	Hunt:    rawHunt(),
}

// drawShared draws mixtures with any shared covariance.
func drawShared(k, d int, delta *big.Rat) *rapid.Generator[Case] {
	return plain(pairsOf(generators.SharedCovarianceOf(k, k, d, d), rapid.Just(delta)))
}

func checkEquality(c Case) Outcome { return judgeEquality(losses.InfoNCE, c) }

// judgeEquality solves in the Fisher subspace of what a loss sees and judges equality.
func judgeEquality(l losses.Loss, c Case) Outcome {
	d, err := c.decided(l)
	if err != nil {
		return undecided(err)
	}
	f, evidence := d.Findings, d.Findings.Evidence
	if !evidence.Known() {
		return Outcome{Value: f.Margin(), Detail: evidence.Rule}
	}
	if f.Equality() == oracle.Undecided || !(math.Abs(f.Margin()) > evidence.Epsilon) { // what tells, if anything, is not the smallest eigenvalue as it is
		return Outcome{Verdict: f.Equality(), Grade: evidence.Grade, Value: f.Margin(), Detail: f.EqualityReason(0)}
	}
	return Outcome{Verdict: f.Equality(), Grade: evidence.Grade, Value: f.Margin(),
		Detail: fmt.Sprintf("λ_min(M_u on %s) = %.6g, known to ±%.1g (%v)", l.Subspace(), f.Margin(), evidence.Epsilon, evidence.Grade)}
}
