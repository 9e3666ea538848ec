package theorems

import (
	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// clipDefinition: the closed form of the CLIP loss is the loss of the definition
//
//	L = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),   M = A_V A_Tᵀ.
//
// Hypotheses: any paired mixture and representations. Checked by sampling pairs and
// negatives, with the z-scores and the exception of infonce-definition. The suite
// finds that it holds.
var clipDefinition = Claim{
	ID:         "clip-definition",
	Statement:  "The closed-form CLIP loss equals its definition, estimated by sampling pairs and negatives",
	Source:     "definition of the CLIP loss, arXiv 2411.03517, section 5",
	Hypotheses: "Any paired mixture and representations",
	Drawn:      "Paired mixtures; representations of 1 to 3 columns, small enough to be sampled",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "|z|",
	Subject:      Subject{Law: PairedLaw, Complete: encoded(2)},
	Unsearchable: bySampling,
	Draw: rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: generators.Paired().Draw(t, "paired"), Seed: seed(t)}
		columns := rapid.IntRange(1, 3).Draw(t, "columns")
		c.A = generators.Representation(c.Pairs.Left.Dimension(), columns).Draw(t, "A_V")
		c.Other = generators.Representation(c.Pairs.Right.Dimension(), columns).Draw(t, "A_T")
		const milder = 0.5 // as gentle
		c.A.Scale(milder, c.A)
		c.Other.Scale(milder, c.Other)
		return c
	}),
	Check: checkClipDefinition,
}

func checkClipDefinition(c Case) Outcome {
	const anchors, negatives = 6400, 40 // many anchors: their own spread is the larger part of the error
	return sampleDefinition(losses.CLIP, c, anchors, negatives)
}
