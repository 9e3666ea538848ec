package theorems

import (
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

// affineEquality: a bias does not save equality with more classes. Rare ones are still given up; and where the mixture is its own mirror image the best c′ is 0, so that a minimiser exists, which
// loses a direction.
//
// Hypotheses: means not all equal; δ = 1. Checked like equality on the centred mixture; where it is not known that a minimiser exists, or known that none does, as with 1 : 11 : 420, the case is
// undecided. The suite finds that it is refuted, by six classes in the plane.
//
// A refutation is proved of mixtures that are their own mirror images: L(M, c′) = L(M, −c′), so that c′ = 0 at the minimiser, of which there is one only. That a mixture is its mirror image is
// decided in exact numbers.
var affineEquality = Claim{
	ID:         proofs.AffineEquality,
	Statement:  "Affine maps, InfoNCE, δ = 1, any K: Col(A*) = S_c",
	Source:     "Theorem 0.1, second sentence (slides), asked of a bias and of S_c",
	Hypotheses: "Means not all equal; δ = 1; r ≥ dim S_c",
	Drawn:      "Rare outliers with their mirror images: K = 6 in the plane, δ = 1",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(mirrored(generators.RareOutlier()), generators.Certain())),
}.aboutEquality(always([]losses.Loss{affineMaps})).provedOf(proof.Affine)

// mirrored joins mixtures with their mirror images about the origin, every weight halved.
func mirrored(family *rapid.Generator[*gmm.Mixture]) *rapid.Generator[*gmm.Mixture] {
	return rapid.Map(family, func(m *gmm.Mixture) *gmm.Mixture {
		e := m.Exact()
		for k, mean := range m.Exact().Means {
			reflected := make([]*big.Rat, len(mean))
			for i, x := range mean {
				reflected[i] = new(big.Rat).Neg(x)
			}
			e.Weights, e.Means = append(e.Weights, e.Weights[k]), append(e.Means, reflected)
		}
		out, err := gmm.NewExact(e)
		if err != nil {
			panic("theorems: " + err.Error())
		}
		return out
	})
}
