package theorems

import (
	"fmt"
	"math/big"

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
	Subject:      Subject{Law: SingleLaw}.about(unlike),
	Unsearchable: byWitness,
	Draw:         plain(pairsOf(rapid.OneOf(anyDistinct(), generators.Tilted().Filter(different)), generators.Informative())),
	Check: func(c Case) Outcome {
		p := alongDifferences(c.Pairs)
		witness, found := network.FindWitness(p)
		if !found {
			return Outcome{Detail: "no points are found where the quadratic form of log ρ is clearly negative"}
		}
		form, err := network.SharedEncoderGap(p, witness)
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

// alongDifferences are pairs in many dimensions along S_c, where their covariance is shared: the density ratio of a pair depends on its points through these coordinates alone, and every value of theirs has points, so that a witness for them is one for the pairs.
func alongDifferences(p gmm.Pairs) gmm.Pairs {
	const many = 6 // dimensions, beyond which exact quadratic forms in all of them are dear
	m := p.Left
	if s := m.DifferenceDimension(); !m.Shared() || m.Dimension() <= many || s == 0 || s == m.Dimension() {
		return p
	}
	centred, err := m.Centre()
	if err != nil {
		return p
	}
	rows, _ := centred.ExactFisherBasis()
	columns := make([][]*big.Rat, m.Dimension())
	for i := range columns {
		for _, row := range rows {
			columns[i] = append(columns[i], row[i])
		}
	}
	if along, err := p.Along(columns); err == nil {
		return along
	}
	return p
}
