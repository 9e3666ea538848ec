package theorems

import (
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

// cosineContainment: representations of length 1 would read S_F alone, as others do.
//
// Hypotheses: f(x) = Aᵀx/‖Aᵀx‖, dim S_F ≤ 2, r, d > dim S_F, any weights, δ and τ. Where S_F is a line, f is a sign inside, and the loss one number in Φ. A little noise beside it softens the sign near the classes' boundary, where a convex loss of
// bounded scores gains at first order. The loss inside and at diag(1, ε), whitened, are enclosed, and compared. Where S_F is a plane, noise softens what is near the origin, and all matrices inside are bounded by branch and bound over their shapes. The suite finds that it is refuted.
var cosineContainment = Claim{
	ID:         proofs.CosineContainment,
	Statement:  "Cosine scores, InfoNCE, dim S_F ≤ 2, r, d > dim S_F: Col(A*) ⊆ S_F",
	Source:     "Theorem 0.1, first sentence, for embeddings of length 1, as SimCLR and CLIP train them",
	Hypotheses: "Cosine scores at a temperature τ; dim S_F ≤ 2; r, d > dim S_F",
	Drawn:      "Collinear mixtures in 2 to 5 dimensions, centred or not, dim S_F = 1, τ from 1/16 to 2; one in four 3 centred means in a plane beside a coordinate of noise, τ from 1/4; δ > 0",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "gap",
	Subject: Subject{}.about(inPlane, besideFisher),
	Draw:    rapid.OneOf(warm(), warm(), warm(), mild(2)),
	Check:   checkCosine(cosine.InfoNCE),
	Prove: func(c Case) (proof.Certificate, error) {
		temperature, _ := c.heat()
		return ProveCosine(c.Pairs, temperature, nil, 1)
	},
}
