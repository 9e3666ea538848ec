package theorems

import (
	"fmt"
	"math/rand/v2"

	"contrastcheck/generators"
	"contrastcheck/oracle"
)

// augmentation: both marginals of the pair distribution F̂_δ are F, and its
// points share a component with probability δ + (1−δ)Σ w².
//
// Hypotheses: any mixture and δ. Checked by sampling pairs: the frequencies of
// components and of shared components, and the means of all coordinates at
// either point, must agree with z-scores up to 6. The suite finds that it holds.
var augmentation = Claim{
	ID:         "augmentation",
	Statement:  "Both marginals of the pair distribution are F; P(same component) = δ + (1−δ)Σw²",
	Source:     "definition of the augmentation-enabled distribution, arXiv 2411.03517, section 2",
	Hypotheses: "Any mixture and δ",
	Drawn:      "Mixtures with shared covariances, centred ones and symmetric ties, with means within an order of 1",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "|z|",
	Subject:      Subject{Law: SingleLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}},
	Unsearchable: bySampling,
	Draw:         plain(pairsOf(tame(), generators.Delta())),
	Check:        checkAugmentation,
}

func checkAugmentation(c Case) Outcome {
	const samples = 20000
	z, compared, err := oracle.PairStatistics(c.Pairs, samples, rand.New(rand.NewPCG(c.Seed, 2)))
	if err != nil {
		return undecided(err)
	}
	return fromScore(z, fmt.Sprintf("the worst of %d numbers in %d pairs", compared, samples))
}
