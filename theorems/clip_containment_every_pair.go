package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// clipContainmentEveryPair: Theorem 5.2 as printed: with enough columns every
// minimising pair of the CLIP loss has Col(A_V) ⊆ S_V.
//
// Hypotheses: any paired mixture with s_V < d_V and r > min(s_V, s_T) ≥ rank M*. The loss
// depends on the product A_V A_Tᵀ alone: where a minimising pair has an idle column,
// 0 in A_V and in A_T, any v ∉ S_V may stand in A_V for 0, and the pair minimises
// still. Checked on such a pair, that of least norm with v the last coordinate, in
// which all means drawn are 0, or on the pair that a stored counterexample gives: the oracle bounds
// the loss's gap to the minimum by the gradient, and measures how far A_V leaves
// S_V. The suite finds that it is refuted; descent over A_V and A_T from a random
// pair ends at such a pair by itself.
var clipContainmentEveryPair = Claim{
	ID:         "clip-containment-every-pair",
	Statement:  "CLIP: every minimising pair has Col(A_V*) ⊆ S_V, as printed",
	Source:     "Theorem 5.2, arXiv 2411.03517",
	Hypotheses: "Any paired mixture with s_V < d_V; r > min(s_V, s_T)",
	Drawn:      "Paired mixtures with a coordinate in which all means are 0; a minimising pair with an idle column",
	Stance:     Asserted, Recorded: oracle.Refuted, Measure: "defect",
	Subject: Subject{Law: PairedLaw, Complete: columns(func(m *gmm.Mixture) int { return m.Components() + 1 })}.about(besideFisher),
	Draw: rapid.Custom(func(t *rapid.T) Case {
		p := generators.Paired().Draw(t, "paired")
		return Case{Pairs: paired(p.Left.Embed(), p.Right), Columns: p.Components() + 1}
	}),
	Check: checkClipContainmentEveryPair,
}

func checkClipContainmentEveryPair(c Case) Outcome {
	visual, text := c.A, c.Other
	if visual == nil {
		found, err := solver.Minimise(solver.CLIP, c.Pairs, solver.Options{})
		if err != nil {
			return undecided(err)
		}
		visual, text = withIdleColumn(c.Pairs, found, c.Columns)
	}
	return judgeEveryPair(c.Pairs, visual, text)
}

// withIdleColumn returns the pair of least norm with r columns, of which the last
// of A_V is the last coordinate.
func withIdleColumn(p gmm.Pairs, found solver.Candidate, r int) (visual, text *mat.Dense) {
	visual, text = mat.NewDense(p.Left.Dimension(), r, nil), mat.NewDense(p.Right.Dimension(), r, nil)
	if found.Free.Rank > 0 {
		visual.Copy(found.Free.Left.Columns)
		text.Copy(found.Free.Right.Columns)
	}
	visual.Set(p.Left.Dimension()-1, r-1, 1)
	return visual, text
}

func judgeEveryPair(p gmm.Pairs, visual, text *mat.Dense) Outcome {
	if _, r := visual.Dims(); r <= min(p.Left.FisherDimension(), p.Right.FisherDimension()) {
		return Outcome{Detail: fmt.Sprintf("%d columns need not leave one idle", r)}
	}
	f, err := oracle.JudgePair(oracle.CLIP, p, visual, text, gradientTolerance)
	if err != nil {
		return undecided(err)
	}
	loss, lossError, err := solver.Evaluate(solver.CLIP, p, visual, text)
	if err != nil {
		return undecided(err)
	}
	// The gap of a pair that minimises but for rounding, beside the depth of the
	// minimum below the loss 0 of M = 0, and the share that no rounding makes.
	const minimal, clear = 1e-12, 1e-3
	depth := math.Max(0, -loss-lossError)
	o := Outcome{Grade: oracle.Bounded, Value: f.Outside,
		Detail: fmt.Sprintf("A_V leaves S_V by %.2g of its size, the loss is within %.0e of its size of the minimum", f.Outside, minimal)}
	switch {
	case !(f.Gap <= minimal*depth):
		o.Detail = fmt.Sprintf("the pair is not certified to minimise: its loss is within %.0e of the minimum, %.0e below that of M = 0", f.Gap, depth)
	case f.Outside > clear+f.OutsideError:
		o.Verdict = oracle.Refuted
	case p.Left.FisherDimension() == p.Left.Dimension(): // no pair can leave S_V
		o.Verdict = oracle.Holds
	}
	return o
}
