package gmm

import (
	"fmt"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Pairs is the law of positive pairs (x, y): x is drawn from Left and y from Right,
// two mixtures of the same weights. With probability δ both are independent draws
// from one component k, of which w_k is the probability, else both are independent
// draws from their mixtures. In one modality Left and Right are the same pointer.
type Pairs struct {
	Left, Right *Mixture
	delta       *big.Rat
}

// NewPairs returns the pair distribution of one modality with probability delta,
// which must lie in [0, 1] (ErrDelta).
func NewPairs(m *Mixture, delta *big.Rat) (Pairs, error) { return NewPaired(m, m, delta) }

// NewPaired joins two mixtures component by component. It refuses unequal weights
// with ErrShape, and a delta outside [0, 1] with ErrDelta.
func NewPaired(left, right *Mixture, delta *big.Rat) (Pairs, error) {
	if left.Components() != right.Components() {
		return Pairs{}, &InputError{Key: "text.means", Expected: fmt.Sprintf("%d rows, as in visual.means", left.Components()),
			Found: fmt.Sprint(right.Components()), Reason: ErrShape}
	}
	for k, w := range left.exact.Weights {
		if other := right.exact.Weights[k]; w.Cmp(other) != 0 {
			return Pairs{}, &InputError{Key: fmt.Sprintf("weights[%d]", k), Expected: "one weight for both modalities",
				Found: FormatNumber(w) + " and " + FormatNumber(other), Reason: ErrShape}
		}
	}
	if delta.Sign() < 0 || delta.Cmp(big.NewRat(1, 1)) > 0 {
		return Pairs{}, &InputError{Key: "delta", Expected: "a number in [0, 1]", Found: FormatNumber(delta), Reason: ErrDelta}
	}
	return Pairs{left, right, new(big.Rat).Set(delta)}, nil
}

// Modalities returns 1 or 2.
func (p Pairs) Modalities() int {
	if p.Left == p.Right {
		return 1
	}
	return 2
}

// both returns the pairs of what f makes of each mixture.
func (p Pairs) both(f func(*Mixture) (*Mixture, error)) (Pairs, error) {
	left, err := f(p.Left)
	if err != nil || p.Modalities() == 1 {
		return Pairs{left, left, p.delta}, err
	}
	right, err := f(p.Right)
	return Pairs{left, right, p.delta}, err
}

// Name returns the name of the left mixture; one from a file names both alike.
func (p Pairs) Name() string { return p.Left.Name() }

// Components returns K ≥ 1.
func (p Pairs) Components() int { return p.Left.Components() }

// Weights returns a copy of the K weights; they sum to 1.
func (p Pairs) Weights() []float64 { return p.Left.Weights() }

// LogWeights returns a copy of the K values log w_k.
func (p Pairs) LogWeights() []float64 { return p.Left.LogWeights() }

// Delta returns δ, rounded to float64.
func (p Pairs) Delta() float64 {
	delta, _ := p.delta.Float64()
	return delta
}

// ExactDelta returns a copy of δ.
func (p Pairs) ExactDelta() *big.Rat { return new(big.Rat).Set(p.delta) }

// WithDelta returns the same mixtures with another δ (ErrDelta).
func (p Pairs) WithDelta(delta *big.Rat) (Pairs, error) { return NewPaired(p.Left, p.Right, delta) }

// Centre subtracts from each modality its own mean, exactly.
func (p Pairs) Centre() (Pairs, error) { return p.both((*Mixture).Centre) }

// Shared tells whether both mixtures have a covariance that their components share.
func (p Pairs) Shared() bool { return p.Left.Shared() && p.Right.Shared() }

// Pooled returns the pairs of the pooled mixtures, with the same δ.
func (p Pairs) Pooled() Pairs {
	pooled, _ := p.both(func(m *Mixture) (*Mixture, error) { return m.Pooled(), nil })
	return pooled
}

// Apart returns the same pairs with a covariance given for each component.
func (p Pairs) Apart() Pairs {
	apart, _ := p.both(func(m *Mixture) (*Mixture, error) { return m.Apart(), nil })
	return apart
}

// Uninformative tells, exactly, whether the pairs say nothing about the
// components' means: δ = 0, or Σ_k w_k (μ_{L,k} − μ̄_L)(μ_{R,k} − μ̄_R)ᵀ = 0, which in one
// modality is the scatter B and says that all means coincide. Then ∇f(0) = −δB = 0, as
// own covariances do not enter it, and the InfoNCE minimiser is M = 0.
func (p Pairs) Uninformative() bool {
	switch {
	case p.delta.Sign() == 0 || p.Left.Coincident() || p.Right.Coincident():
		return true
	case p.Modalities() == 1:
		return false
	}
	return exactRank(crossMoment(p.Left.exact.Weights, p.Left.exact.centredMeans(), p.Right.exact.centredMeans())) == 0
}

// WhitenedPairs are both mixtures of pairs in coordinates of their own. In one
// modality they are the same.
type WhitenedPairs struct{ Left, Right Whitened }

// WhitenFisher whitens each modality inside its own Fisher subspace.
func (p Pairs) WhitenFisher() (WhitenedPairs, error) { return p.whiten((*Mixture).WhitenFisher) }

// WhitenFull whitens all coordinates of each modality.
func (p Pairs) WhitenFull() (WhitenedPairs, error) { return p.whiten((*Mixture).WhitenFull) }

func (p Pairs) whiten(f func(*Mixture) (Whitened, error)) (WhitenedPairs, error) {
	left, err := f(p.Left)
	if err != nil || p.Modalities() == 1 {
		return WhitenedPairs{left, left}, err
	}
	right, err := f(p.Right)
	return WhitenedPairs{left, right}, err
}

// CrossMoment returns X = Σ_k w_k μ_{L,k} μ_{R,k}ᵀ of means given as the columns
// of an m_L×K and an m_R×K matrix, in original or in whitened coordinates; nil
// if either is nil, as the whitened means of a Fisher subspace {0} are.
func CrossMoment(weights []float64, left, right *mat.Dense) *mat.Dense {
	if left == nil || right == nil {
		return nil
	}
	var scaled, x mat.Dense
	scaled.CloneFrom(left)
	scaled.Apply(func(_, k int, mean float64) float64 { return weights[k] * mean }, &scaled)
	x.Mul(&scaled, right.T())
	return &x
}

// ExactCrossMoment returns E xyᵀ over positive pairs, δX + (1−δ)μ̄_Lμ̄_Rᵀ with
// X = Σ_k w_k μ_{L,k} μ_{R,k}ᵀ, in rationals, d_L×d_R, in original coordinates.
func (p Pairs) ExactCrossMoment() [][]*big.Rat {
	return crossMoment(p.Left.exact.Weights, p.Left.exact.Means, p.partners())
}

// crossMoment returns Σ_k w_k μ_k ν_kᵀ.
func crossMoment(weights []*big.Rat, left, right [][]*big.Rat) [][]*big.Rat {
	x := make([][]*big.Rat, len(left[0]))
	for i := range x {
		x[i] = make([]*big.Rat, len(right[0]))
		for j := range x[i] {
			x[i][j] = new(big.Rat)
			for k, w := range weights {
				term := new(big.Rat).Mul(left[k][i], right[k][j])
				x[i][j].Add(x[i][j], term.Mul(term, w))
			}
		}
	}
	return x
}

// partners returns E[y | component of x] = δμ_{R,k} + (1−δ)μ̄_R, K×d_R.
func (p Pairs) partners() [][]*big.Rat {
	rest := new(big.Rat).Sub(big.NewRat(1, 1), p.delta)
	return p.Right.exact.moved(func(x, mean *big.Rat) *big.Rat {
		x.Mul(x, p.delta)
		return x.Add(x, new(big.Rat).Mul(rest, mean))
	}).Means
}

// MomentRank returns the exact rank of E xyᵀ over positive pairs, which is the same
// in whitened coordinates.
func (p Pairs) MomentRank() int {
	if p.Modalities() == 1 { // δC + (1−δ)μ̄μ̄ᵀ has the rank of the partners' means
		return exactRank(p.partners())
	}
	return exactRank(p.ExactCrossMoment())
}

// Model describes the law of the pairs in the words of error messages.
func (p Pairs) Model() string {
	switch {
	case p.Modalities() == 2:
		return "a paired mixture of two modalities"
	case !p.Shared():
		return "a mixture with one covariance for each component"
	}
	return SharedModel
}

// SharedModel is the Model that WantSingle wants.
const SharedModel = "a single mixture with one covariance shared by all components"

// What follows refuses, with an InputError of reason ErrOtherModel, pairs that a theory does not speak of.

// WantOneModality refuses pairs of two modalities.
func (p Pairs) WantOneModality() error {
	if p.Modalities() == 1 {
		return nil
	}
	return &InputError{Key: "visual", Expected: "a single mixture", Found: "a paired file", Reason: ErrOtherModel}
}

// WantShared refuses components with covariances of their own.
func (p Pairs) WantShared() error {
	if err := p.Left.WantShared(); err != nil {
		return err
	}
	return p.Right.WantShared()
}

// WantShared refuses components with covariances of their own.
func (m *Mixture) WantShared() error {
	if m.Shared() {
		return nil
	}
	return notShared()
}

func notShared() error {
	return &InputError{Key: "covariance", Expected: "one covariance shared by all components",
		Found: "one for each component", Reason: ErrOtherModel}
}

// WantSingle refuses all but one modality with a covariance that its components share.
func (p Pairs) WantSingle() error {
	if err := p.WantOneModality(); err != nil {
		return err
	}
	return p.WantShared()
}

// WantCertain refuses all but pairs that share their component, δ = 1, of shared covariances.
func (p Pairs) WantCertain() error {
	if !p.delta.IsInt() || p.delta.Sign() == 0 {
		return &InputError{Key: "delta", Expected: "pairs that always share their component, delta = 1", Found: FormatNumber(p.delta), Reason: ErrOtherModel}
	}
	return p.WantShared()
}
