package theorems

import (
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// distanceDebiased: where δ is known, InfoNCE of distances with infinitely many negatives keeps every direction once the share of false pairs is taken out of its first term,
//
//	L(M) = ½[E D(x, x̂) − (1−δ) E D(x, y)]/δ + E_x log E_y exp(−½D(x, y)),   D(x, y) = (x − y)ᵀM(x − y),
//
// which is identically the loss at δ = 1, as E D(x, x̂) is linear in the law of pairs.
//
// Hypotheses: means not all equal; 0 < δ < 1. Checked in two steps: the closed form at δ = 1 is that definition, sampled from pairs of the given δ, at a random representation (the z-score
// must not exceed 6, as for infonce-definition); and equality is judged as for other losses. The suite finds that it holds.
var distanceDebiased = Claim{
	ID:         "distance-debiased",
	Statement:  "Distance score, 0 < δ < 1, N = ∞, with (E D_pos − (1−δ) E D_neg)/δ in the place of E D_pos: Col(A*) = S_c",
	Source:     "the loss is identically that at δ = 1",
	Hypotheses: "Shared covariance, means not all equal; 0 < δ < 1, known; r ≥ K",
	Drawn:      "Mixtures whose means are not all equal, centred or not, with means within an order of 1; A of 1 to 3 columns, small enough for exp(−½D) to be sampled",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaBiased}, Complete: encoded(2)},
	Draw:    gentle(represented(pairsOf(rapid.OneOf(generators.Distinct(), generators.CentredDistinct()), generators.Biased()))),
	Check:   debiasing(oracle.DebiasedDistance).check,
}

// debiasing is the debiased loss of a δ.
type debiasing func(delta float64) oracle.Loss

func (of debiasing) check(c Case) Outcome {
	certain, err := c.Pairs.WithDelta(big.NewRat(1, 1))
	if err != nil {
		return undecided(err)
	}
	debiased := of(c.Pairs.Delta())
	value, off, err := solver.Evaluate(solver.Distance, certain, c.A, nil)
	if err != nil {
		return undecided(err)
	}
	identity := compareSampled(debiased, c, nil, value, off, usualAnchors, usualNegatives)
	if identity.Verdict != oracle.Holds {
		return identity
	}
	l := chosen(losses.Settings{Loss: "infonce", Score: losses.Distance})
	d, err := decide(l, certain, losses.Options{})
	if err != nil {
		return undecided(err)
	}
	p, err := l.Sees(c.Pairs)
	if err != nil {
		return undecided(err)
	}
	f := oracle.Judge(debiased, p, oracle.Candidates{Free: d.Candidate.Free.Form, Constrained: d.Candidate.Constrained.Form, Claimed: d.Candidate.Free.DistanceBound})
	return Outcome{Verdict: f.Equality(), Grade: oracle.Estimated, Value: f.Margin(),
		Detail: fmt.Sprintf("%s; λ_min(M_u on S_c) = %.6g, known to ±%.1g", identity.Detail, f.Margin(), f.Evidence.Epsilon)}
}
