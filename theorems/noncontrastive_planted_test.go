package theorems

import (
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/noncontrastive"
	minima "contrastcheck/solver/noncontrastive"

	"gonum.org/v1/gonum/mat"
)

// The checks of losses that are no function of scores do not pass where a minimum is of another loss, or judged by another.
func TestNoncontrastiveChecksCatchPlantedErrors(t *testing.T) {
	noise := func(p gmm.Pairs, r int, seed uint64) (*mat.Dense, error) { // one column turns towards a coordinate
		a, err := minima.Whitened(p, r, seed)
		if err == nil {
			a.Set(0, 0, a.At(0, 0)+0.25*mat.Norm(a, 2))
		}
		return a, err
	}
	for _, plant := range []struct {
		name  string
		claim Claim
		check func(Case) Outcome
		wrong bool
	}{
		{"whitened", simsiamContainment, whitenedSearch.contained, false},
		{"whitened: a matrix that is no minimum", simsiamContainment, whitening{noise, noncontrastive.JudgeWhitened}.contained, true},
		{"uniformity", alignmentUniformity, evened.check, false},
		{"uniformity: twice the weight is searched", alignmentUniformity, evenness{func(p gmm.Pairs, weight, rate float64, seed uint64) (*mat.Dense, error) {
			return minima.Uniformity(p, 2*weight, rate, seed)
		}, noncontrastive.JudgeUniformity}.check, true},
		{"uniformity: twice the rate is judged", alignmentUniformity, evenness{minima.Uniformity, func(p gmm.Pairs, weight, rate float64, a *mat.Dense) (noncontrastive.Noise, error) {
			return noncontrastive.JudgeUniformity(p, weight, 2*rate, a)
		}}.check, true},
		{"margin: far too much noise", hadsellContainment, checkHadsell(func(p gmm.Pairs, weight float64) (along, across, value float64, err error) {
			along, _, value, err = minima.Margin(p, weight)
			return along, 3, value, err
		}), true},
	} {
		counts := verdictsOf(enough.Cases(48), plant.claim, plant.check)
		passed, drawn := counts[plant.claim.Recorded], enough.Cases(48)
		if plant.wrong && passed > drawn/2 || !plant.wrong && (passed < drawn-1 || counts[oracle.Refuted] > 0) {
			t.Errorf("%s: %v", plant.name, counts)
		}
	}
}
