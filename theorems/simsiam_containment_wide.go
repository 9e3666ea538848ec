package theorems

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// simsiamContainmentWide: the same for more columns than S_F has dimensions, so that r ≥ K would do.
//
// Hypotheses: those of simsiam-containment with r > s. A whitened A has r independent columns, of which S_F has room for s: r − s of r units of its energy are noise, in any directions, as each
// has the same loss. The dimension s and the rank of the matrix found are exact. The suite finds that it is refuted.
var simsiamContainmentWide = Claim{
	ID:         "simsiam-containment-wide",
	Statement:  "SimSiam, whitened (AᵀS₂A = I), δ > 0, r > s: Col(A*) ⊆ S_F",
	Source:     "simsiam-containment, for an output dimension r ≥ K as the theory has it",
	Hypotheses: "Any mixture, with a shared covariance or own ones; δ > 0; dim S_F < r ≤ d; embeddings whitened, the best linear predictor",
	Drawn:      "Mixtures of several families with one more coordinate mixed in, and mixtures with own covariances; more columns than dim S_F; δ > 0",
	Stance:     Ours, Recorded: oracle.Refuted, Measure: "defect",
	Subject:      Subject{Law: SingleLaw, Complete: columns(func(m *gmm.Mixture) int { return m.FisherDimension() + 1 })}.about(besideFisher),
	Unsearchable: byCounting,
	Draw: rapid.Map(columned(), func(c Case) Case {
		s := c.Pairs.Left.FisherDimension()
		c.Columns = s + 1 + c.Columns%(c.Pairs.Left.Dimension()-s)
		return c
	}),
	Check: func(c Case) Outcome { return whitenedSearch.wide(c) },
}

// wide checks as many columns as the case says, or one more than S_F has dimensions.
func (f whitening) wide(c Case) Outcome {
	r := c.Columns
	if r == 0 {
		r = c.Pairs.Left.FisherDimension() + 1
	}
	w, err := f.found(c, r)
	if err != nil {
		return undecided(err)
	}
	o := Outcome{Grade: oracle.Bounded, Value: float64(w.Forced) / float64(r), Detail: whitenedDetail(w, r)}
	if w.Forced > 0 && !w.Beaten() && whole(w) {
		o.Verdict = oracle.Refuted
	}
	return o
}
