package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// agreementEquality: the agreement loss −2E[xᵀMx̂] + ½E[(xᵀMy − x̂ᵀMy)²] keeps every Fisher direction of every law, and none of them much shorter than another: at δ = 1 its
// minimiser M* = Σ̄⁻¹ − (Σ̄+C)⁻¹ has the whitened eigenvalues c/(1+c), where the spectral loss has c/(1+c)².
//
// Hypotheses: any mixture, centred or not, with a shared covariance or own ones; any δ > 0; r ≥ s. Checked like spectral-equality; at δ = 1 the minimiser found blindly is compared with the formula, too. The
// suite finds that it holds.
var agreementEquality = Claim{
	ID:         "agreement-equality",
	Statement:  "Agreement loss, any law, δ > 0: Col(A*) = S_F; at δ = 1 M* = Σ̄⁻¹ − (Σ̄+C)⁻¹",
	Source:     "the closed form of a quadratic in M",
	Hypotheses: "Any mixture, centred or not, with a shared covariance or own ones; δ > 0; r ≥ s",
	Drawn:      "All eight families with one more coordinate mixed in, and mixtures with own covariances in up to 50 dimensions; δ > 0, in half of the draws 1",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Law: SingleLaw},
	Draw: plain(pairsOf(rapid.OneOf(roomy(anyMixture()),
		rapid.OneOf(generators.General(), generators.Tilted(), generators.WideOf(2, 50))), rapid.OneOf(generators.Informative(), generators.Certain()))),
	Check: checkAgreementEquality(chosen(losses.Settings{Loss: "agreement"})),
}

// checkAgreementEquality judges the minimiser of a loss, and compares it with the formula.
func checkAgreementEquality(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		closed, err := decide(l, c.Pairs, losses.Options{})
		if err != nil {
			return undecided(err)
		}
		blind, err := decide(l, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
		if err != nil {
			return undecided(err)
		}
		o := judgeSpectral(closed.Findings, blind.Findings)
		if c.Pairs.Delta() < 1 || o.Verdict != oracle.Holds || closed.Findings.Sides[0].Dimension == 0 { // where both are 0
			return o
		}
		found := blind.Candidate.Constrained
		off, known := oracle.OffAgreement(c.Pairs, found.Form)
		switch {
		case off > known+found.DistanceBound:
			o.Verdict = oracle.Refuted
		case !(known+found.DistanceBound <= nearlyEqual*mat.Norm(found.Form.N, 2)):
			o.Verdict = oracle.Undecided
		}
		o.Detail += fmt.Sprintf("; M* is %.0e off the formula", off)
		return o
	}
}

// nearlyEqual is the part of their size by which a matrix and a formula may differ for a comparison to mean anything.
const nearlyEqual = 1e-6
