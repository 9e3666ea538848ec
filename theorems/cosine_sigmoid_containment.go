package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
)

// cosineSigmoidContainment: SigLIP's representations of length 1 would read S_F alone.
//
// Hypotheses: those of cosine-containment, for the sigmoid loss with one negative and a free bias. The loss inside is bounded from below over all biases, by tangents of a convex function; that at diag(1, ε), whitened, is enclosed at one. The suite finds
// that it is refuted.
var cosineSigmoidContainment = Claim{
	ID:         "cosine-sigmoid-containment",
	Statement:  "Cosine scores, sigmoid loss with a free bias, dim S_F ≤ 2, r, d > dim S_F: Col(A*) ⊆ S_F",
	Source:     "Theorem 0.1, first sentence, for SigLIP as it is trained; Zhai et al., ICCV 2023",
	Hypotheses: "Cosine scores at a temperature τ; a free bias; dim S_F ≤ 2; r, d > dim S_F",
	Drawn:      "Collinear mixtures in 2 to 5 dimensions, centred or not, dim S_F = 1; δ > 0; τ from 1/16 to 2; one negative",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "gap",
	Subject: Subject{}.about(onLine, besideFisher),
	Draw:    warm(),
	Check:   checkCosine(cosine.Sigmoid(1)),
}
