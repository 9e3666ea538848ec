package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/network"

	"pgregory.net/rapid"
)

// sharedEncoderGap: two towers reach −I(x; x̂), the least of the InfoNCE loss; one tower does not, however many outputs it has.
//
// Hypotheses: at least two different components, with covariances of their own or not; δ > 0. Had some f_n losses that tend to −I(x; x̂), then e^{f_n(x)·f_n(y)}, but for factors in x and in y, would tend to the density ratio ρ of a
// pair, and all powers of ρ would be positive semidefinite kernels, log ρ a conditionally positive semidefinite one. Checked by points and weights that sum to 0 of which the
// quadratic form of log ρ is negative, enclosed by intervals. The suite finds that it holds.
var sharedEncoderGap = Claim{
	ID:         "shared-encoder-gap",
	Statement:  "One tower, any number of outputs, δ > 0: inf L > −I(x; x̂)",
	Source:     "e^{f(x)·f(y)} is positive semidefinite, and log ρ is not, conditionally",
	Hypotheses: "At least two different components; δ > 0",
	Drawn:      "Mixtures with a shared covariance and means not all equal, and with covariances of their own; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "form",
	Subject: Subject{Law: SingleLaw}.about(unlike),
	Draw:    plain(pairsOf(rapid.OneOf(anyDistinct(), generators.Tilted().Filter(different)), generators.Informative())),
	Check: func(c Case) Outcome {
		witness, found := network.FindWitness(c.Pairs)
		if !found {
			return Outcome{Detail: "no points are found where the quadratic form of log ρ is clearly negative"}
		}
		form, err := network.SharedEncoderGap(c.Pairs, witness)
		if err != nil {
			return undecided(err)
		}
		value, _ := form.Upper().Float64()
		return Outcome{Verdict: oracle.Holds, Grade: oracle.Proved, Value: value,
			Detail: fmt.Sprintf("Σ z_i z_j log ρ(x_i, x_j) ≤ %.4g at %d points, Σ z_i = 0, where a shared encoder that attains −I would have ≥ 0 (%v)", value, len(witness.Points), oracle.Proved)}
	},
}

// different tells that not all components are equal.
func different(m *gmm.Mixture) bool { return m.CentralSubspace().Dimension() > 0 }
