package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
)

// svdSpherical: where the covariance is spherical, Σ = σ²I, the span of the s
// leading eigenvectors of E[xxᵀ] = σ²I + C is the Fisher subspace, whose dimension s
// is.
//
// Hypotheses: Σ = σ²I, more dimensions than components. Checked by computing either
// subspace on its own, with a bound of its angle to the exact one. The suite finds
// that it holds.
var svdSpherical = Claim{
	ID:         "svd-spherical",
	Statement:  "Σ = σ²I: the s leading eigenvectors of E[xxᵀ] span S_F",
	Source:     "S. Vempala and G. Wang, A spectral algorithm for learning mixture models, JCSS 68 (2004)",
	Hypotheses: "Σ = σ²I",
	Drawn:      "Spherical mixtures of 2 to 4 components in 5 to 7 dimensions",
	Stance:     Asserted, Recorded: oracle.Holds, Measure: "defect",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}}.about(isotropic),
	Draw:    plain(pairsOf(generators.SphericalOf(2, 4, 5, 7), generators.Certain())),
	Check: func(c Case) Outcome {
		o, found := subspaces.check(c)
		o.Value = found.Sine
		return o
	},
}

// svdAgreement is what the claims about SVD compare; fields, so that tests can
// plant wrong ones.
type svdAgreement struct {
	fisher func(*gmm.Mixture) subspace.Subspace
	svd    func(*gmm.Mixture, int) subspace.Subspace
}

var subspaces = svdAgreement{subspace.Fisher, subspace.SVD}

// check decides whether the s leading eigenvectors of E[xxᵀ] span S_F. It is refuted
// where the subspaces differ by more than their errors, or where S_F captures less
// of E[xxᵀ] than some subspace of its dimension does, which needs no gap between
// eigenvalues.
func (f svdAgreement) check(c Case) (Outcome, oracle.Coincidence) {
	fisher := f.fisher(c.Pairs.Left)
	s := fisher.Dimension()
	if s == 0 {
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Bounded, Detail: "S_F is {0}"}, oracle.Coincidence{}
	}
	found := oracle.Coincide(f.svd(c.Pairs.Left, s), fisher)
	captured := oracle.CapturedMoment(c.Pairs.Left, fisher)
	o := Outcome{Verdict: found.Verdict, Grade: oracle.Bounded,
		Detail: fmt.Sprintf("largest angle %.4g°; S_F captures %.6g of E[xxᵀ], the best subspace %.6g, known to ±%.1g",
			degrees(found.Angle), captured.Right, captured.Left, captured.Error)}
	if captured.Left-captured.Right > captured.Error && o.Verdict == oracle.Undecided {
		o.Verdict = oracle.Refuted
	}
	return o, found
}

func degrees(radians float64) float64 { return radians * 180 / math.Pi }
