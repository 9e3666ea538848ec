package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// clipContainment: Theorem 5.2 for the product of a minimising pair of the CLIP loss,
// M* = A_V*A_T*ᵀ, which is unique for r ≥ min(s_V, s_T): Col(M*) ⊆ S_V and
// Col(M*ᵀ) ⊆ S_T. The pair of least norm, A_V* = U√S and A_T* = V√S of M* = USVᵀ, has
// these columns, and so lies in the Fisher subspaces too.
//
// Hypotheses: any paired mixture, centred or not; drawn so that neither subspace is
// everything. Checked by a blind solve, which starts from a random matrix of full
// rank in all dimensions; the oracle then bounds the distance of what it found to
// the minimiser and to both subspaces. The suite finds that it holds.
var clipContainment = Claim{
	ID:         "clip-containment",
	Statement:  "CLIP: Col(M*) ⊆ S_V and Col(M*ᵀ) ⊆ S_T for M* = A_V*A_T*ᵀ, so for the pair of least norm (blind solve)",
	Source:     "Theorem 5.2, for the product and the pair of least norm; arXiv 2411.03517",
	Hypotheses: "Any paired mixture, centred or not; r ≥ min(s_V, s_T)",
	Drawn:      "Paired mixtures, half of them centred, with one more coordinate mixed in on either side",
	Stance:     Asserted, Recorded: oracle.Holds, Measure: "defect",
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
		visual, text := roomy(rapid.Just(p.Left)), roomy(rapid.Just(p.Right))
		return Case{Pairs: paired(visual.Draw(t, "visual"), text.Draw(t, "text")), Seed: seed(t)}
	}),
	Check: checkClipContainment,
}

func checkClipContainment(c Case) Outcome {
	d, err := decide(losses.CLIP, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	f := d.Findings
	return Outcome{Verdict: f.Containment(), Grade: f.Evidence.Grade, Value: f.Defect(),
		Detail: fmt.Sprintf("M* leaves S_V and S_T by at most %.0e of its size", f.Defect())}
}
