package gmm

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// General is Σ_k w_k N(μ_k, Σ_k): K components in R^d, each with a positive
// definite covariance of its own. It is immutable, and every General that exists
// is valid. Its numbers are kept as a Mixture keeps them.
//
// Its Fisher subspace is span{Σ̄⁻¹μ_k}, that of the pooled mixture, which has
// the covariance Σ̄ = Σ w_k Σ_k in the place of every Σ_k.
type General struct {
	pooled      *Mixture
	exact       [][][]*big.Rat  // K×d×d
	covariances [][][]dd.Number // K×d×d
	definite    []definiteness  // K
	whitened    func() (WhitenedGeneral, error)
}

// ExactGeneral is a mixture with own covariances in rational numbers: weights of
// any positive scale, K means of dimension d, and K covariances, d×d.
type ExactGeneral struct {
	Name        string
	Weights     []*big.Rat
	Means       [][]*big.Rat
	Covariances [][][]*big.Rat
}

// NewGeneral returns the mixture that e describes. It refuses, with an
// InputError, what General does not allow.
func NewGeneral(e ExactGeneral) (*General, error) {
	if err := checkMeans(e.Weights, e.Means); err != nil {
		return nil, err
	}
	if len(e.Covariances) != len(e.Weights) {
		return nil, &InputError{Key: "covariance", Expected: fmt.Sprintf("%d matrices, one for each weight", len(e.Weights)),
			Found: fmt.Sprint(len(e.Covariances)), Reason: ErrShape}
	}
	d := len(e.Means[0])
	for k, covariance := range e.Covariances {
		if err := checkSymmetric(covariance, d); err != nil {
			return nil, ofComponent(k, err)
		}
	}
	if err := checkDenominator("covariance", slices.Concat(e.Covariances...)); err != nil {
		return nil, err
	}
	weights, err := normalised(e.Weights)
	if err != nil {
		return nil, err
	}
	g := &General{exact: e.Covariances}
	for k, covariance := range e.Covariances {
		numbers := doubled(covariance)
		definite, err := checkDefinite(numbers, covariance)
		if err != nil {
			return nil, ofComponent(k, err)
		}
		g.covariances = append(g.covariances, numbers)
		g.definite = append(g.definite, definite)
	}
	if g.pooled, err = NewExact(Exact{e.Name, weights, e.Means, average(weights, e.Covariances)}); err != nil {
		return nil, err
	}
	g.whitened = sync.OnceValues(g.computeWhitened)
	return g, nil
}

// General returns the mixture with Σ_k = Σ for every k.
func (m *Mixture) General() *General {
	k := m.Components()
	g := &General{pooled: m, exact: slices.Repeat([][][]*big.Rat{m.exact.Covariance}, k),
		covariances: slices.Repeat([][][]dd.Number{m.covariance}, k), definite: slices.Repeat([]definiteness{m.definite}, k)}
	g.whitened = sync.OnceValues(g.computeWhitened)
	return g
}

// average returns Σ̄ = Σ_k w_k Σ_k.
func average(weights []*big.Rat, covariances [][][]*big.Rat) [][]*big.Rat {
	d := len(covariances[0])
	out := make([][]*big.Rat, d)
	for i := range out {
		out[i] = make([]*big.Rat, d)
		for j := range i + 1 {
			sum := new(big.Rat)
			for k, w := range weights {
				sum.Add(sum, new(big.Rat).Mul(w, covariances[k][i][j]))
			}
			out[i][j], out[j][i] = sum, sum
		}
	}
	return out
}

// ofComponent says which of the covariances an error is about.
func ofComponent(k int, err error) error {
	return relabelled(err, "covariance", fmt.Sprintf("covariance[%d]", k))
}

// Pooled returns the mixture of the same weights and means with the shared
// covariance Σ̄. Its FisherDimension is that of the general mixture.
func (g *General) Pooled() *Mixture { return g.pooled }

// Name returns the mixture's name, which may be empty.
func (g *General) Name() string { return g.pooled.Name() }

// Components returns K ≥ 1.
func (g *General) Components() int { return g.pooled.Components() }

// Dimension returns d ≥ 1.
func (g *General) Dimension() int { return g.pooled.Dimension() }

// Weights returns a copy of the K weights; they sum to 1.
func (g *General) Weights() []float64 { return g.pooled.Weights() }

// LogWeights returns a copy of the K values log w_k.
func (g *General) LogWeights() []float64 { return g.pooled.LogWeights() }

// Means returns the K×d matrix whose rows are the component means.
func (g *General) Means() *mat.Dense { return g.pooled.Means() }

// DoubledMeans returns the K×d means to double-double precision. The slice is
// shared: do not write to it.
func (g *General) DoubledMeans() [][]dd.Number { return g.pooled.DoubledMeans() }

// Covariance returns Σ_k, d×d.
func (g *General) Covariance(k int) *mat.SymDense { return symmetricOf(g.covariances[k]) }

// DoubledCovariance returns Σ_k, d×d, to double-double precision. The slice is
// shared: do not write to it.
func (g *General) DoubledCovariance(k int) [][]dd.Number { return g.covariances[k] }

// LeastVariance returns a proved lower bound of Σ_k's smallest eigenvalue, > 0.
func (g *General) LeastVariance(k int) float64 { return g.definite[k].leastVariance }

// Exact returns the mixture in rationals, with weights that sum to 1. It
// reports false for a mixture of rounded numbers.
func (g *General) Exact() (ExactGeneral, bool) {
	e, exact := g.pooled.Exact()
	if !exact {
		return ExactGeneral{}, false
	}
	return ExactGeneral{e.Name, e.Weights, e.Means, g.exact}, true
}

// Centre returns the mixture with its mean μ̄ = Σ w_k μ_k subtracted from every
// component mean; exactly, when the mixture is exact.
func (g *General) Centre() (*General, error) {
	pooled, err := g.pooled.Centre()
	if err != nil {
		return nil, err
	}
	c := &General{pooled: pooled, exact: g.exact, covariances: g.covariances, definite: g.definite}
	c.whitened = sync.OnceValues(c.computeWhitened)
	return c, nil
}

// NewSampler returns a sampler whose draws are determined by rng. It needs
// covariances that float64 can factor, else ErrIllConditioned.
func (g *General) NewSampler(rng *rand.Rand) (*Sampler, error) {
	roots := make([]*mat.Dense, g.Components())
	for k, definite := range g.definite {
		root, err := definite.root(fmt.Sprintf("covariance[%d]", k))
		if err != nil {
			return nil, err
		}
		roots[k] = root
	}
	return newSampler(g.pooled, roots, rng), nil
}

// GoString writes the mixture in exact numbers, one line, for failing tests.
func (g *General) GoString() string {
	if g == nil {
		return "(*gmm.General)(nil)"
	}
	e := g.pooled.exact
	s := fmt.Sprintf("General{weights %s, means %s, covariances", ratio(e.Weights), rowsString(e.Means))
	for _, covariance := range g.exact {
		s += " [" + covarianceString(covariance) + "]"
	}
	return s + "}"
}

// String is GoString.
func (g *General) String() string { return g.GoString() }
