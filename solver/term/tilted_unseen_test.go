package term

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// rare is a mixture on a line whose first component is so wide that between two nodes of a rule for it the others have the larger logits: outside, the logarithm is
// a polynomial of which all rules have the same average. Found by random mixtures beside a composite rule of 60,000 nodes.
func rare(t *testing.T) gmm.Pairs {
	t.Helper()
	e := gmm.Exact{
		Weights: gmm.Rationals(math.Ldexp(3103910729672343, -71), 1, 1),
		Means:   [][]*big.Rat{{big.NewRat(78, 25)}, {big.NewRat(-149, 30)}, {big.NewRat(161, 100)}},
		Covariances: [][][]*big.Rat{
			{{big.NewRat(7362033511684321, 34359738368)}}, {{big.NewRat(23, 10)}}, {{big.NewRat(3, 10)}},
		},
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The values are of a composite Gauss–Legendre rule, of 4,000 panels on 26 deviations of each component, by another program.
func TestWindowsBetweenNodesAreInTheError(t *testing.T) {
	const loss = -0.00049007357873 // at the minimum, where ∇f = 0
	f := inAll(t, rare(t))
	pt := f.evaluated(t, mat.NewDense(1, 1, []float64{0.00025677516220899}), 1e-10)
	value, err := pt.Value()
	if off := math.Abs(value - loss); !(off <= err) {
		t.Errorf("the loss is off by %.3g, its error estimated as %.3g", off, err)
	}
	if at := pt.Iterate(); !(at.Norm <= at.Err) {
		t.Errorf("the gradient is off by %.3g, its error estimated as %.3g", at.Norm, at.Err)
	}
}
