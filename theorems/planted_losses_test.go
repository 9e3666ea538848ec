package theorems

import (
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"pgregory.net/rapid"
)

// The checks of claims about losses notice what is wrong, at least so often: another loss, another formula, other mixtures than the hypotheses ask for.
func TestClaimsOfLossesCatchPlantedErrors(t *testing.T) {
	draws := enough.Cases(40)
	raw := plain(pairsOf(generators.Distinct(), generators.Certain()))
	for _, plant := range []struct {
		name   string
		claim  Claim
		draw   *rapid.Generator[Case] // nil is the claim's own
		check  func(Case) Outcome     // nil is the claim's own
		oneIn  int
		nought bool // nothing holds, whatever is refuted
	}{
		{name: "dot scores in the place of distances", claim: distanceEquality, draw: raw,
			check: func(c Case) Outcome {
				return allEqual([]losses.Loss{losses.InfoNCE, chosen(losses.Settings{Loss: "triplet"})}, c)
			}, oneIn: 40},
		{name: "distances of pairs with false positives", claim: distanceEquality, oneIn: 40,
			draw: plain(pairsOf(generators.RareOutlier(), rapid.Just(big.NewRat(1, 2))))},
		{name: "the minimiser of the spectral loss", claim: agreementEquality, check: checkAgreementEquality(losses.Spectral), oneIn: 4},
		{name: "means that share no coordinate", claim: orthogonalMean, draw: raw, oneIn: 4},
		{name: "δ = 1 in the place of less than δ₀", claim: smallDelta, draw: raw, oneIn: 40},
		{name: "a mean that is orthogonal to all differences", claim: smallDelta, draw: orthogonalMean.Draw, nought: true},
	} {
		if plant.draw != nil {
			plant.claim.Draw = plant.draw
		}
		if plant.check == nil {
			plant.check = plant.claim.Check
		}
		counts := verdictsOf(draws, plant.claim, plant.check)
		if plant.nought && counts[oracle.Holds] > 0 || !plant.nought && counts[oracle.Refuted] < max(1, draws/plant.oneIn) {
			t.Errorf("%s: %v, not caught by %s", plant.name, counts, plant.claim.ID)
		}
	}
	for _, claim := range []Claim{distanceEquality, agreementEquality, orthogonalMean, smallDelta} {
		if counts := verdictsOf(draws, claim, claim.Check); counts[oracle.Refuted] > 0 || counts[oracle.Holds] < draws/2 {
			t.Errorf("%s, nothing planted: %v", claim.ID, counts)
		}
	}
}
