package gmm

import (
	"fmt"
)

// Paired is a mixture over two modalities: with probability w_k a visual point
// x_V ∼ N(μ_{V,k}, Σ_V) and a text point x_T ∼ N(μ_{T,k}, Σ_T), independent
// given k. Visual and Text have the same weights.
type Paired struct {
	Visual, Text *Mixture
}

// NewPaired joins two mixtures component by component; it refuses unequal
// weights with ErrShape.
func NewPaired(visual, text *Mixture) (Paired, error) {
	if visual.Components() != text.Components() {
		return Paired{}, &InputError{Key: "text.means", Expected: fmt.Sprintf("%d rows, as in visual.means", visual.Components()),
			Found: fmt.Sprint(text.Components()), Reason: ErrShape}
	}
	for k, w := range visual.exact.Weights {
		if w.Cmp(text.exact.Weights[k]) != 0 {
			return Paired{}, &InputError{Key: fmt.Sprintf("weights[%d]", k), Expected: "one weight for both modalities",
				Found: FormatNumber(w) + " and " + FormatNumber(text.exact.Weights[k]), Reason: ErrShape}
		}
	}
	return Paired{visual, text}, nil
}

// GoString writes both mixtures in exact numbers, one line, for failing tests.
func (p Paired) GoString() string {
	return fmt.Sprintf("Paired{visual %#v, text %#v}", p.Visual, p.Text)
}
