package gmm

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
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

// Name returns the name of the visual mixture; one from a file names both alike.
func (p Paired) Name() string { return p.Visual.Name() }

// Components returns K ≥ 1.
func (p Paired) Components() int { return p.Visual.Components() }

// Weights returns a copy of the K weights; they sum to 1.
func (p Paired) Weights() []float64 { return p.Visual.Weights() }

// LogWeights returns a copy of the K values log w_k.
func (p Paired) LogWeights() []float64 { return p.Visual.LogWeights() }

// Centre subtracts from each modality its own mean; exactly, where it is exact.
func (p Paired) Centre() (Paired, error) {
	visual, err := p.Visual.Centre()
	if err != nil {
		return Paired{}, err
	}
	text, err := p.Text.Centre()
	return Paired{visual, text}, err
}

// WhitenFisher whitens each modality inside its own Fisher subspace.
func (p Paired) WhitenFisher() (visual, text Whitened, err error) {
	if visual, err = p.Visual.WhitenFisher(); err != nil {
		return visual, text, err
	}
	text, err = p.Text.WhitenFisher()
	return visual, text, err
}

// WhitenFull whitens all coordinates of each modality.
func (p Paired) WhitenFull() (visual, text Whitened, err error) {
	if visual, err = p.Visual.WhitenFull(); err != nil {
		return visual, text, err
	}
	text, err = p.Text.WhitenFull()
	return visual, text, err
}

// CrossMoment returns X = Σ_k w_k μ_{V,k} μ_{T,k}ᵀ of means given as the columns
// of an m_V×K and an m_T×K matrix, in original or in whitened coordinates; nil
// if either is nil, as the whitened means of a Fisher subspace {0} are.
func CrossMoment(weights []float64, visual, text *mat.Dense) *mat.Dense {
	if visual == nil || text == nil {
		return nil
	}
	var scaled, x mat.Dense
	scaled.CloneFrom(visual)
	scaled.Apply(func(_, k int, mean float64) float64 { return weights[k] * mean }, &scaled)
	x.Mul(&scaled, text.T())
	return &x
}

// ExactCrossMoment returns X = Σ_k w_k μ_{V,k} μ_{T,k}ᵀ in rationals, d_V×d_T, in
// original coordinates. It reports false unless both mixtures are exact.
func (p Paired) ExactCrossMoment() ([][]*big.Rat, bool) {
	visual, exactVisual := p.Visual.Exact()
	text, exactText := p.Text.Exact()
	if !exactVisual || !exactText {
		return nil, false
	}
	x := make([][]*big.Rat, p.Visual.Dimension())
	for i := range x {
		x[i] = make([]*big.Rat, p.Text.Dimension())
		for j := range x[i] {
			x[i][j] = new(big.Rat)
			for k, w := range visual.Weights {
				term := new(big.Rat).Mul(visual.Means[k][i], text.Means[k][j])
				x[i][j].Add(x[i][j], term.Mul(term, w))
			}
		}
	}
	return x, true
}

// CrossRank returns the exact rank of X, which is the same in whitened
// coordinates. It reports false unless both mixtures are exact.
func (p Paired) CrossRank() (rank int, exact bool) {
	x, exact := p.ExactCrossMoment()
	if !exact {
		return 0, false
	}
	return exactRank(x), true
}

// PairedSampler draws from a mixture of two modalities. Its parts draw from each
// alone. It is not safe for concurrent use.
type PairedSampler struct {
	Visual, Text *Sampler
}

// NewSampler returns a sampler whose draws are determined by rng. It needs
// covariances that float64 can factor, else ErrIllConditioned.
func (p Paired) NewSampler(rng *rand.Rand) (*PairedSampler, error) {
	visual, err := p.Visual.NewSampler(rng)
	if err != nil {
		return nil, relabelled(err, "", "visual.")
	}
	text, err := p.Text.NewSampler(rng)
	if err != nil {
		return nil, relabelled(err, "", "text.")
	}
	return &PairedSampler{visual, text}, nil
}

// Pair draws a positive pair, two points of one component that are independent
// given it, and tells the component.
func (s *PairedSampler) Pair() (visual, text []float64, component int) {
	component = s.Visual.Component()
	return s.Visual.From(component), s.Text.From(component), component
}

// GoString writes both mixtures in exact numbers, one line, for failing tests.
func (p Paired) GoString() string {
	if p.Visual == nil || p.Text == nil {
		return "gmm.Paired{}"
	}
	return fmt.Sprintf("Paired{visual %#v, text %#v}", p.Visual, p.Text)
}

// String is GoString.
func (p Paired) String() string { return p.GoString() }
