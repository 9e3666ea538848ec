package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// clipSpectral: the spectral contrastive loss of two modalities,
//
//	L(M) = −2 E[x_VᵀMx_T] + E[(x_VᵀMx̂_T)²],   M = A_V A_Tᵀ,
//
// over pairs and over independent points, has the minimiser M* = S_V⁻¹XS_T⁻¹, so
// Col(M*) ⊆ S_V always, with equality iff rank X = s_V, X = Σ w_k μ_{V,k} μ_{T,k}ᵀ;
// likewise for text.
//
// Hypotheses: any paired mixture, centred or not; r ≥ min(s_V, s_T). Checked on a
// blind solve by the oracle's own gradient: containment on both sides, a rank of
// M* that is certified to be that of X from below, and that nothing shows a larger
// one. The suite finds that it holds.
var clipSpectral = Claim{
	ID:         "clip-spectral",
	Statement:  "Two-modality spectral loss: Col(M*) ⊆ S_V, with equality iff rank X = dim S_V (likewise text)",
	Source:     "the closed form M* = S_V⁻¹XS_T⁻¹ of a quadratic in M",
	Hypotheses: "Any paired mixture, centred or not; r ≥ min(s_V, s_T)",
	Drawn:      "Paired mixtures, half of them centred",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{Law: PairedLaw},
	Draw: rapid.Custom(func(t *rapid.T) Case {
		p := generators.Paired().Draw(t, "paired")
		if rapid.Bool().Draw(t, "centred") {
			centred, err := p.Centre()
			if err != nil {
				panic("theorems: " + err.Error())
			}
			p = centred
		}
		return Case{Pairs: p, Seed: seed(t)}
	}),
	Check: checkClipSpectral,
}

func checkClipSpectral(c Case) Outcome {
	d, err := decide(losses.Spectral, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	return judgeClipSpectral(c.Pairs, d.Findings)
}

func judgeClipSpectral(p gmm.Pairs, f oracle.Findings) Outcome {
	rank := p.MomentRank()
	o := Outcome{Verdict: oracle.Holds, Grade: f.Evidence.Grade, Value: f.Defect()}
	o.Detail = fmt.Sprintf("X has rank %d, M* leaves S_V and S_T by at most %.0e of its size", rank, o.Value)
	if rank < len(f.Spectrum) && f.Spectrum[rank] > f.Evidence.Epsilon {
		o.Verdict = oracle.Refuted
		o.Detail = fmt.Sprintf("X has rank %d, but M* a singular value %d of %.3g", rank, rank+1, f.Spectrum[rank])
		return o
	}
	for _, side := range f.Sides {
		expected := oracle.Refuted
		if rank == side.Dimension {
			expected = oracle.Holds
		}
		switch {
		case side.Containment == oracle.Refuted || side.Equality != oracle.Undecided && side.Equality != expected:
			o.Verdict = oracle.Refuted
			return o
		case side.Containment != oracle.Holds || side.Equality == oracle.Undecided,
			expected == oracle.Holds && f.Evidence.Exact && rank > 0: // only X's rank said so
			o.Verdict = oracle.Undecided
		}
	}
	return o
}
