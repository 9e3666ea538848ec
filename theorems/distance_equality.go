package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// distanceEquality: the corrected equality theorem, and the better loss, of a shared covariance: where covariances differ distances see that, too, leave S_c for it, and can lose a direction
// of S_c (distance-own, distance-envelope). With the score −½‖Aᵀx − Aᵀy‖² in place of the dot product, at δ = 1, every mixture with a shared
// covariance has Col(A*) = S_c, the centred Fisher subspace span{Σ⁻¹(μ_k − μ_l)} of linear discriminant analysis, whatever its weights.
//
// Proof: for v ∈ S_c with M*v = 0 the noise of v cancels between positive and negative, and the derivative of the loss along vvᵀ is
// −½ E Σ_i ∂_iΦ (vᵀ(μ_j − μ_{k_i}))² < 0.
//
// Hypotheses: δ = 1; means not all equal; r ≥ dim S_c; InfoNCE with infinitely many negatives or one, the hinge and the sigmoid loss with free bias. Checked like equality on the centred mixture, which distances do not tell
// from the raw one; of a drawn case the seed chooses the loss, of a mixture that is given all of them are checked. Where the smallest eigenvalue is too small for float64 (it may be exponentially small) the case is undecided. The suite finds that it holds.
var distanceEquality = Claim{
	ID:         "distance-equality",
	Statement:  "Distance score, δ = 1, shared covariance; InfoNCE, triplets, sigmoid with free bias: Col(A*) = S_c",
	Source:     "the first-order condition along a direction that is lost",
	Hypotheses: "Means not all equal; δ = 1; r ≥ dim S_c",
	Drawn:      "Distinct means, centred or not, rare outliers, nearly degenerate and collinear ones; δ = 1",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "margin",
	Subject: Subject{Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne}},
	Draw:    plain(pairsOf(anyDistinct(), generators.Certain())),
}.aboutEquality(alternately(distances))

// distances are the losses with a distance score, their biases free.
var distances = []losses.Loss{
	chosen(losses.Settings{Loss: "infonce", Score: losses.Distance}),
	chosen(losses.Settings{Loss: "triplet", Score: losses.Distance}),
	chosen(losses.Settings{Loss: "sigmoid", Score: losses.Distance}),
	chosen(losses.Settings{Loss: "hinge", Score: losses.Distance}),
}
