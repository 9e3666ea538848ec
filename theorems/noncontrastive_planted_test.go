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
	noise := func(p gmm.Pairs, r int, seed uint64) (*mat.Dense, error) { // one column is replaced by noise
		a, err := minima.Whitened(p, r, seed)
		var means mat.SVD
		if err == nil && means.Factorize(p.Left.Means(), mat.SVDFullV) {
			var v mat.Dense
			means.VTo(&v)
			a.SetCol(0, mat.Col(nil, p.Left.Dimension()-1, &v))
		}
		return a, err
	}
	smaller := func(p gmm.Pairs, a *mat.Dense) (noncontrastive.Whitened, error) { // as if eigenvalues were
		w, err := noncontrastive.JudgeWhitened(p, a)
		_, r := a.Dims()
		w.Least += (float64(r) - w.Least) / 2
		return w, err
	}
	unforced := func(p gmm.Pairs, a *mat.Dense) (noncontrastive.Whitened, error) { // as if S_F had room
		w, err := noncontrastive.JudgeWhitened(p, a)
		w.Forced = 0
		return w, err
	}
	narrow := func(p gmm.Pairs, r int, seed uint64) (*mat.Dense, error) { return minima.Whitened(p, r-1, seed) }
	for _, plant := range []struct {
		name  string
		claim Claim
		check func(Case) Outcome
		wrong bool
	}{
		{"whitened", simsiamContainment, whitenedSearch.contained, false},
		{"whitened: a column of noise", simsiamContainment, whitening{noise, noncontrastive.JudgeWhitened}.contained, true},
		{"whitened: smaller eigenvalues", simsiamContainment, whitening{minima.Whitened, smaller}.contained, true},
		{"wide", simsiamContainmentWide, whitenedSearch.wide, false},
		{"wide: smaller eigenvalues", simsiamContainmentWide, whitening{minima.Whitened, smaller}.wide, true},
		{"wide: no noise is forced", simsiamContainmentWide, whitening{minima.Whitened, unforced}.wide, true},
		{"wide: a column less", simsiamContainmentWide, whitening{narrow, noncontrastive.JudgeWhitened}.wide, true},
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
		contrary := oracle.Holds
		if plant.claim.Recorded == oracle.Holds {
			contrary = oracle.Refuted
		}
		if plant.wrong && passed > drawn/2 || !plant.wrong && (passed < drawn-1 || counts[contrary] > 0) {
			t.Errorf("%s: %v", plant.name, counts)
		}
	}
}
