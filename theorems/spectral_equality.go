package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// spectralEquality: the spectral contrastive loss
//
//	L(A) = −2 E_{(x,x̂)∼F̂}[ xᵀAAᵀx̂ ] + E_{x,y∼F}[ (xᵀAAᵀy)² ]
//
// keeps every Fisher direction, where InfoNCE can lose some: its minimiser is
// M* = S₂⁻¹T_δS₂⁻¹ with S₂ = Σ̄ + C, so Col(A*) = S₂⁻¹ span{μ_k} = Σ̄⁻¹ span{μ_k} = S_F.
//
// Hypotheses: any mixture, centred or not, with a shared covariance or own ones;
// any δ > 0; r ≥ s. Checked twice by the oracle's own gradient: containment of
// what a blind solve finds, and the rank of M* at the closed form; where only an
// exact rank could tell the latter, the case is undecided. The suite finds that
// it holds.
var spectralEquality = Claim{
	ID:         "spectral-equality",
	Statement:  "Spectral contrastive loss, δ > 0, r ≥ s, shared or own covariances: Col(A*) = S_F",
	Source:     "the closed form M* = S₂⁻¹T_δS₂⁻¹ of a quadratic in M",
	Hypotheses: "Any mixture, centred or not, with a shared covariance or own ones; δ > 0; r ≥ s",
	Drawn:      "All eight families with one more coordinate mixed in, and mixtures with own covariances in up to 50 dimensions; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Law: SingleLaw},
	Draw: plain(pairsOf(rapid.OneOf(roomy(anyMixture()),
		rapid.OneOf(generators.General(), generators.Tilted(), generators.WideOf(2, 50))), generators.Informative())),
	Check: checkSpectralEquality,
}

func checkSpectralEquality(c Case) Outcome {
	closed, err := decide(losses.Spectral, c.Pairs, losses.Options{})
	if err != nil {
		return undecided(err)
	}
	blind, err := decide(losses.Spectral, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	return judgeSpectral(closed.Findings, blind.Findings)
}

// judgeSpectral joins the verdicts on a reduced solve's rank and on a blind one's containment.
func judgeSpectral(inside, found oracle.Findings) Outcome {
	o := Outcome{Grade: inside.Evidence.Grade, Value: inside.Margin(),
		Detail: fmt.Sprintf("λ_min(M* on S_F) = %.4g, known to ±%.0e; a blind solve leaves S_F by at most %.0e of its size",
			inside.Margin(), inside.Evidence.Epsilon, found.Defect())}
	if inside.Sides[0].Dimension == 0 {
		o.Detail = fmt.Sprintf("S_F = {0}; a blind solve leaves it by at most %.0e of its size", found.Defect())
	}
	switch {
	case inside.Equality() == oracle.Refuted || found.Containment() == oracle.Refuted:
		o.Verdict = oracle.Refuted
	case inside.Equality() == oracle.Holds && found.Containment() == oracle.Holds && (!inside.Evidence.Exact || len(inside.Spectrum) == 0):
		o.Verdict = oracle.Holds
	}
	return o
}
