package frullani_test

import (
	"errors"
	"testing"

	"contrastcheck/oracle/enclosure/frullani"

	"gonum.org/v1/gonum/mat"
)

// Along a coordinate where M is small beside its points' nearest radii, fine rules reach so far off the line that e^{a²/2} is beyond float64.
func TestGradientOfFineRules(t *testing.T) {
	law := frullani.Law{
		Weights: []float64{0.01, 0.99}, Means: mat.NewDense(1, 2, []float64{-9.9, 3.3}), Off: make([]float64, 2),
		S: []float64{0.0925}, Delta: 1, Negatives: 1_000_000_000,
	}
	for _, tolerance := range []float64{1e-4, 1e-6, 1e-7} {
		_, off, rule, _, err := law.Gradient(tolerance, 1e9)
		if err != nil {
			t.Fatal(err)
		}
		if !(off <= tolerance) {
			t.Errorf("off by %.3g, where %.3g was asked for: %s", off, tolerance, rule)
		}
	}
}

// Of steep scores an anchor costs the more, the farther it lies, than is planned: what it does cost counts, and ends the mean where it is beyond the limit.
func TestGradientCountsItsWork(t *testing.T) {
	law := frullani.Law{
		Weights: []float64{0.25, 0.75}, Means: mat.NewDense(1, 2, []float64{0.5, -0.5}), Off: make([]float64, 2),
		S: []float64{10}, Delta: 1, Negatives: 2,
	}
	const limit = 1e9
	_, _, _, work, err := law.Gradient(1e-8, limit)
	if !errors.Is(err, frullani.ErrNodes) || !(limit < work && work < 1.1*limit) {
		t.Errorf("%.3g were spent where %.3g are allowed: %v", work, limit, err)
	}
}
