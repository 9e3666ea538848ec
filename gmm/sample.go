package gmm

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Sampler draws from a mixture. It is not safe for concurrent use.
type Sampler struct {
	rng        *rand.Rand
	cumulative []float64
	means      *mat.Dense   // K×d
	roots      []*mat.Dense // K of them, d×d lower triangular, Σ_k = root·rootᵀ
	normal     []float64    // d
}

// NewSampler returns a sampler whose draws are determined by rng. It needs a
// covariance that float64 can factor, else ErrIllConditioned.
func (m *Mixture) NewSampler(rng *rand.Rand) (*Sampler, error) {
	root, err := m.definite.root("covariance")
	if err != nil {
		return nil, err
	}
	return newSampler(m, slices.Repeat([]*mat.Dense{root}, m.Components()), rng), nil
}

func newSampler(m *Mixture, roots []*mat.Dense, rng *rand.Rand) *Sampler {
	s := &Sampler{rng: rng, means: m.Means(), roots: roots, normal: make([]float64, m.Dimension())}
	var sum float64
	for _, w := range m.weights {
		sum += w
		s.cumulative = append(s.cumulative, sum)
	}
	return s
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

// From draws x ∼ N(μ_k, Σ_k), d numbers.
func (s *Sampler) From(k int) []float64 {
	x := slices.Clone(s.means.RawRowView(k))
	for j := range s.normal {
		s.normal[j] = s.rng.NormFloat64()
	}
	for i := range x {
		for j, r := range s.roots[k].RawRowView(i)[:i+1] {
			x[i] += r * s.normal[j]
		}
	}
	return x
}

// Point draws x from the mixture and tells its component.
func (s *Sampler) Point() (x []float64, component int) {
	component = s.Component()
	return s.From(component), component
}

// Pair draws a positive pair with probability delta of a shared component, and
// tells both components.
func (s *Sampler) Pair(delta float64) (x, y []float64, first, second int) {
	x, first = s.Point()
	if s.rng.Float64() < delta {
		return x, s.From(first), first, first
	}
	y, second = s.Point()
	return x, y, first, second
}
