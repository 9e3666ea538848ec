package gmm

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Sampler draws from pairs. It is not safe for concurrent use.
type Sampler struct {
	rng         *rand.Rand
	cumulative  []float64
	delta       float64
	always      bool // δ = 1 in two modalities, where no number is drawn to find out
	left, right *source
}

// source draws from the components of a mixture.
type source struct {
	means  *mat.Dense   // K×d
	roots  []*mat.Dense // K of them, d×d lower triangular, Σ_k = root·rootᵀ
	normal []float64    // d
}

// NewSampler returns a sampler whose draws are determined by rng. It needs
// covariances that float64 can factor, else ErrIllConditioned.
func (p Pairs) NewSampler(rng *rand.Rand) (*Sampler, error) {
	s := &Sampler{rng: rng, delta: p.Delta()}
	var sum float64
	for _, w := range p.Left.weights {
		sum += w
		s.cumulative = append(s.cumulative, sum)
	}
	var err error
	if s.left, err = p.Left.source(); err == nil && p.Modalities() == 1 {
		s.right = s.left
		return s, nil
	}
	if err != nil {
		if p.Modalities() == 2 {
			err = relabelled(err, "", "visual.")
		}
		return nil, err
	}
	s.always = s.delta == 1
	s.right, err = p.Right.source()
	return s, relabelled(err, "", "text.")
}

func (m *Mixture) source() (*source, error) {
	s := &source{means: m.Means(), normal: make([]float64, m.Dimension())}
	if m.Shared() {
		root, err := m.definite.root("covariance")
		s.roots = slices.Repeat([]*mat.Dense{root}, m.Components())
		return s, err
	}
	for k, own := range m.own {
		root, err := own.definite.root(fmt.Sprintf("covariance[%d]", k))
		if err != nil {
			return nil, err
		}
		s.roots = append(s.roots, root)
	}
	return s, nil
}

// root returns the lower triangular Cholesky factor; key names the covariance in a refusal.
func (d definiteness) root(key string) (*mat.Dense, error) {
	if d.factor == nil {
		return nil, &InputError{Key: key, Expected: "a covariance that float64 can factor",
			Found: "an ill-conditioned one", Reason: ErrIllConditioned}
	}
	var root mat.TriDense
	d.factor.LTo(&root)
	return mat.DenseCopyOf(&root), nil
}

// Component draws a component's index with the mixture's weights.
func (s *Sampler) Component() int {
	u := s.rng.Float64()
	for k, c := range s.cumulative {
		if u < c {
			return k
		}
	}
	return len(s.cumulative) - 1
}

// Left draws x from component k of the left mixture, d_L numbers.
func (s *Sampler) Left(k int) []float64 { return s.left.draw(k, s.rng) }

// Right draws y from component k of the right mixture, d_R numbers.
func (s *Sampler) Right(k int) []float64 { return s.right.draw(k, s.rng) }

func (s *source) draw(k int, rng *rand.Rand) []float64 {
	x := slices.Clone(s.means.RawRowView(k))
	for j := range s.normal {
		s.normal[j] = rng.NormFloat64()
	}
	for i := range x {
		for j, r := range s.roots[k].RawRowView(i)[:i+1] {
			x[i] += r * s.normal[j]
		}
	}
	return x
}

// Pair draws a positive pair, with probability δ from one component, and tells both
// components.
func (s *Sampler) Pair() (x, y []float64, first, second int) {
	first = s.Component()
	x, second = s.Left(first), first
	if !s.always && !(s.rng.Float64() < s.delta) {
		second = s.Component()
	}
	return x, s.Right(second), first, second
}
