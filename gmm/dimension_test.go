package gmm_test

import (
	"testing"

	"contrastcheck/generators"

	"pgregory.net/rapid"
)

// The differences of means span as many dimensions as the means of the centred mixture do.
func TestDifferenceDimension(t *testing.T) {
	seen := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.SharedCovariance(), generators.Centred(), generators.Collinear(), generators.RareOutliersOf(4, 2)).Draw(t, "mixture")
		centred, err := m.Centre()
		if err != nil {
			t.Fatal("it cannot be centred")
		}
		if m.DifferenceDimension() != centred.FisherDimension() {
			t.Fatal("the centred mixture has another Fisher dimension")
		}
		seen[m.FisherDimension()-m.DifferenceDimension()]++
	})
	if few := testing.Short(); !few && (seen[0] == 0 || seen[1] == 0) || len(seen) > 2 {
		t.Errorf("the mean takes this many dimensions this often: %v", seen)
	}
}
