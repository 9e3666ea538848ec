package network

import (
	"fmt"

	"contrastcheck/oracle/line"
)

// Prove looks for a refutation by a net of at most width neurons, of any number where that is 0, and checks it. The errors are ErrUndecided where the bounds do
// not meet, gmm.ErrCost where they would take more than limit times a minute, and ErrActivation.
func Prove(l line.Mixture, a Activation, width int, limit float64) (Refutation, Bounds, error) {
	r, err := Search(l, a, width, limit)
	if err != nil {
		return Refutation{}, Bounds{}, err
	}
	b, err := r.Check(l)
	return r, b, err
}

// Search looks for a refutation in floating point: the errors are those of Prove.
func Search(l line.Mixture, a Activation, width int, limit float64) (Refutation, error) {
	if width <= 0 {
		width = mostNeurons
	}
	switch {
	case l.Delta.Sign() == 0:
		return Refutation{}, fmt.Errorf("%w: at δ = 0 no loss is below that of no network, 0", ErrUndecided)
	case a == Sign:
		return searchSign(l, width)
	case a == ReLU:
		return searchReLU(l, width, limit)
	}
	return Refutation{}, fmt.Errorf("%w, found %q", ErrActivation, a)
}

// mostNeurons is how many neurons nets have that are looked for: of ReLU; of sign two do.
const mostNeurons = 4
