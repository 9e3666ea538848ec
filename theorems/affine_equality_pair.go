package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// affineEqualityPair: with a bias InfoNCE of two classes finds Fisher's discriminant, whatever the origin, the weights and δ > 0: at M = 0 the loss in c′ is least at c′ = 0,
// and falls in the direction of B, which is the line S_c.
//
// Hypotheses: K = 2, δ > 0, means not equal. Checked like equality on the centred mixture. The suite finds that it holds.
var affineEqualityPair = Claim{
	ID:         "affine-equality-pair",
	Statement:  "Affine maps, InfoNCE, K = 2, δ > 0: Col(A*) = S_c",
	Source:     "the gradient at M = 0 is −δB, and the best c′ is 0 there",
	Hypotheses: "K = 2; means not equal; δ > 0",
	Drawn:      "Two components in one to three dimensions, rare ones among them, centred or not; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true}}.about(components(Range{2, 2})),
	Draw:    plain(pairsOf(twoDistinct(), generators.Informative())),
}.aboutEquality(always([]losses.Loss{affineMaps}))

// twoDistinct draws two components whose means differ.
func twoDistinct() *rapid.Generator[*gmm.Mixture] {
	return rapid.OneOf(generators.SharedCovarianceOf(2, 2, 1, 3), generators.RareOutliersOf(2, 3)).
		Filter(func(m *gmm.Mixture) bool { return !m.Coincident() })
}
