package theorems

import (
	"math"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
)

// svdShared: the same for any shared covariance. The authors say that it is false,
// which is why they turn to contrastive learning.
//
// Hypotheses: any shared covariance; drawn from parallel pancakes, thin across and
// wide along, whose largest variances say nothing about the components. Checked like
// svd-spherical. The suite finds that it is refuted: the SVD subspace can be orthogonal
// to S_F. Where Σ is not spherical and no angle is found, a mixture is undecided.
var svdShared = Claim{
	ID:         "svd-shared",
	Statement:  "Any shared Σ: the s leading eigenvectors of E[xxᵀ] span S_F (parallel pancakes)",
	Source:     "denied in arXiv 2411.03517, abstract; parallel pancakes: S. Brubaker and S. Vempala, FOCS 2008",
	Hypotheses: "Any shared covariance",
	Drawn:      "Parallel pancakes: thin across, wide along",
	Stance:     Denied, Recorded: oracle.Refuted, Measure: "angle",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}},
	Draw:    plain(pairsOf(generators.ParallelPancakes(), generators.Certain())),
	Check: func(c Case) Outcome {
		o, found := subspaces.check(c)
		o.Value = degrees(found.Angle)
		if o.Verdict == oracle.Holds && c.Pairs.Left.FisherDimension() > 0 && !spherical(c.Pairs.Left) {
			o.Verdict = oracle.Undecided // a small angle may be one that is not 0
		}
		return o
	},
	Hunt: &Hunt{
		Score:      missedMoment,
		Hypotheses: Hypotheses{Distinct: true},
		Draw:       drawShared,
		Components: Range{2, 3}, Dimension: Range{2, 4},
	},
}

// spherical tells that Σ = σ²I, in exact numbers.
func spherical(m *gmm.Mixture) bool { return gmm.IsScalar(m.Exact().Covariance) }

// missedMoment scores svd-shared: what S_F captures of E[xxᵀ] less than the best
// subspace does, of all that there is, beyond the error.
func missedMoment(c Case) float64 {
	space := subspace.Fisher(c.Pairs.Left)
	if space.Dimension() == 0 {
		return math.NaN()
	}
	captured := oracle.CapturedMoment(c.Pairs.Left, space)
	return (captured.Left - captured.Right - captured.Error) / captured.Scale
}
