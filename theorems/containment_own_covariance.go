package theorems

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// containmentOwnCovariance: containment where each component has its own covariance,
// which the authors leave to further work: Col(A*) ⊆ S_F = span{Σ̄⁻¹μ_k}, Σ̄ = Σ w_k Σ_k.
//
// Hypotheses: any mixture with own covariances whose means span at most four
// dimensions, and any δ > 0. Checked at the best matrix inside S_F, where the oracle looks for a
// descent out of S_F, and at the minimiser over all matrices. The suite finds that it
// is refuted: a shared covariance is what containment rests on, as the softmax sees
// E[Qx | Px] where the components are tilted against each other. What remains of it is
// containment-envelope, containment-group and containment-stable; see also envelope-necessary and own-rank.
var containmentOwnCovariance = Claim{
	ID:         containmentOwnCovarianceID,
	Statement:  "With own covariances and r ≥ K columns, Col(A*) ⊆ S_F, the Fisher subspace of Σ̄",
	Source:     "left to next steps by the slides; arXiv 2411.03517",
	Hypotheses: "Any mixture whose components have their own covariances; δ > 0; r ≥ K",
	Drawn:      "Mixtures with own covariances, many tilted against each other, in the plane, in at most three and in four to eight dimensions; δ > 0",
	Stance:     Open, Recorded: oracle.Refuted, Measure: "margin",
	Draw:  plain(pairsOf(rapid.OneOf(generators.Tilted(), generators.Tilted(), generators.General(), generators.General(), generators.GeneralOf(2, 3, 4, 8)), generators.Informative())),
	Check: checkContainmentOwnCovariance,
	Prove: func(c Case) (proof.Certificate, error) { return ProveContainment(c.Pairs.Apart(), 1) },
	Hunt: &Hunt{
		Score:      lossOutside,
		Hypotheses: Hypotheses{Distinct: true},
		Draw:       drawGeneral,
		Components: Range{2, 3}, Dimension: Range{2, 4}, MostDimension: 8,
	},
}

// drawGeneral draws mixtures with own covariances, of two components in the plane tilted
// ones too.
func drawGeneral(k, d int, delta *big.Rat) *rapid.Generator[Case] {
	family := generators.GeneralOf(k, k, d, d)
	if k == 2 && d == 2 {
		family = rapid.OneOf(generators.Tilted(), family)
	}
	return plain(pairsOf(family, rapid.Just(delta)))
}

// lossOutside scores containment: by how much the loss falls from the best matrix
// inside S_F to the best of all, beyond the errors.
func lossOutside(c Case) float64 {
	const coarse = 1e-6
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs.Apart(), solver.Options{Seed: c.Seed, Tolerance: coarse})
	if err != nil {
		return math.NaN()
	}
	inside, all := found.Inside, found.Constrained
	return inside.Loss - all.Loss - inside.LossError - all.LossError
}

func checkContainmentOwnCovariance(c Case) Outcome {
	d, err := decide(losses.InfoNCE, c.Pairs.Apart(), losses.Options{Seed: c.Seed})
	if err != nil {
		return undecided(err)
	}
	f, side := d.Findings, d.Findings.Sides[0]
	if f.Containment() == oracle.Undecided && math.IsInf(side.SlopeError, 1) {
		return Outcome{Value: f.Margin(), Detail: f.Evidence.Rule}
	}
	return Outcome{Verdict: f.Containment(), Grade: f.Evidence.Grade, Value: f.Margin(),
		Detail: fmt.Sprintf("at the best matrix inside S_F, ∇f leaves S_F by %.4g, known to ±%.0e (%v)", side.Slope, side.SlopeError, f.Evidence.Grade)}
}
