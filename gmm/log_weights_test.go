package gmm_test

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/gmm"
)

// Logarithms of weights below float64's range are those of the exact numbers.
func TestLogarithmsOfTinyWeights(t *testing.T) {
	weights := []*big.Rat{big.NewRat(1, 1), nil, nil}
	for i, text := range []string{"1e-310", "1e-400"} {
		weights[i+1], _ = new(big.Rat).SetString(text)
	}
	m, err := gmm.NewExact(gmm.Exact{Weights: weights, Means: [][]*big.Rat{gmm.Rationals(0), gmm.Rationals(1), gmm.Rationals(2)}, Covariance: [][]*big.Rat{gmm.Rationals(1)}})
	if err != nil {
		t.Fatal(err)
	}
	logs := m.LogWeights()
	for i, want := range []float64{0, -310 * math.Ln10, -400 * math.Ln10} {
		if math.Abs(logs[i]-want) > 1e-13*math.Abs(want)+1e-300 {
			t.Errorf("log w_%d = %.17g, want %.17g", i+1, logs[i], want)
		}
	}
}
