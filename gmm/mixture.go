package gmm

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Mixture is Σ_k w_k N(μ_k, Σ_k): K components in R^d that share one positive
// definite covariance, or have one each. It is immutable, and every Mixture that
// exists is valid.
//
// Its Gram matrix, Fisher subspace, whitening and exact products are those of the
// pooled mixture, which has the covariance Σ̄ = Σ w_k Σ_k in the place of every Σ_k.
// A theory of one shared covariance has to ask first whether it is Shared.
//
// Its numbers are exact. Beside float64 values it keeps the rationals that it was made
// of, and carries them to double-double, so that an ill-conditioned covariance costs no
// digits.
type Mixture struct {
	covariance               // Σ̄
	own        []covariance  // Σ_k, K of them; nil where it is shared
	weights    []float64     // K, sum 1
	logWeights []float64     // K
	means      [][]dd.Number // K×d
	exact      Exact         // the rationals that were given, or the floats' exact values
	gram       func() *Gram
	dimension  func() int

	exactPrecision func() [][]*big.Rat

	envelope, envelopeOfDifferences, centralSubspace func() *Envelope

	groupCondition func() bool
}

// covariance is a positive definite d×d matrix.
type covariance struct {
	rational [][]*big.Rat
	sigma    [][]dd.Number
	definite definiteness
}

// NewExact returns the mixture that e describes. It refuses, with an InputError, what
// Mixture does not allow.
func NewExact(e Exact) (*Mixture, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	var err error
	if e.Weights, err = normalised(e.Weights); err != nil {
		return nil, err
	}
	m := &Mixture{exact: e, means: doubled(e.Means)}
	for _, w := range e.Weights {
		m.weights = append(m.weights, dd.FromRat(w).Float64())
		m.logWeights = append(m.logWeights, logarithm(w))
	}
	pooled := e.Covariance
	for k, given := range e.Covariances {
		own, err := newCovariance(given)
		if err != nil {
			return nil, relabelled(err, "covariance", fmt.Sprintf("covariance[%d]", k))
		}
		m.own = append(m.own, own)
	}
	if !m.Shared() {
		pooled = average(e.Weights, e.Covariances)
		if _, err := CommonDenominator("covariance", pooled...); err != nil {
			return nil, err
		}
	}
	if m.covariance, err = newCovariance(pooled); err != nil {
		return nil, err
	}
	m.remember()
	return m, nil
}

// remember has what depends on the means computed once.
func (m *Mixture) remember() {
	m.gram = sync.OnceValue(m.computeGram)
	m.dimension = sync.OnceValue(func() int { return exactRank(m.exact.Means) })
	m.exactPrecision = sync.OnceValue(m.computeExactPrecision)
	m.rememberEnvelopes()
}

// rememberEnvelopes has what depends on the covariances of the components computed once.
func (m *Mixture) rememberEnvelopes() {
	m.envelope = sync.OnceValue(m.computeEnvelope)
	m.envelopeOfDifferences = sync.OnceValue(m.computeEnvelopeOfDifferences)
	m.centralSubspace = sync.OnceValue(m.computeCentralSubspace)
	m.groupCondition = sync.OnceValue(m.computeGroupCondition)
}

// New returns the mixture of weights (positive, any scale), the K×d matrix of
// means and the d×d covariance that all components share. Every float64 is taken for
// the dyadic rational m·2ᵉ that it is, so the mixture is exact, and theorems can be proved
// of it: of these numbers, not of those that a program rounded to them.
//
// Means that a program centred in floating point do not have the mean 0: what is left is
// rounding noise, in a direction that counts for the rank of the means as any other
// does. Centre such a mixture with Centre, or give its rationals to NewExact.
//
// It refuses, with an InputError, what Mixture does not allow.
func New(weights []float64, means, covariance mat.Matrix) (*Mixture, error) {
	var e Exact
	var err error
	if e.Weights, err = rationalRow("weights", weights); err != nil {
		return nil, err
	}
	if e.Means, err = rationalRows("means", means); err != nil {
		return nil, err
	}
	if e.Covariance, err = rationalRows("covariance", covariance); err != nil {
		return nil, err
	}
	return NewExact(e)
}

func rationalRows(key string, a mat.Matrix) ([][]*big.Rat, error) {
	rows, _ := a.Dims()
	out := make([][]*big.Rat, rows)
	for i := range out {
		row, err := rationalRow(fmt.Sprintf("%s[%d]", key, i), mat.Row(nil, i, a))
		if err != nil {
			return nil, err
		}
		out[i] = row
	}
	return out, nil
}

// rationalRow refuses values that are not finite or out of ParseNumber's range.
func rationalRow(key string, xs []float64) ([]*big.Rat, error) {
	for _, x := range xs {
		size := math.Abs(x)
		if x != 0 && !(smallestMagnitude <= size && size <= largestMagnitude) {
			return nil, &InputError{Key: key, Expected: "numbers " + magnitudes,
				Found: fmt.Sprint(x), Reason: ErrNumber}
		}
	}
	return Rationals(xs...), nil
}

// newCovariance refuses what is not positive definite.
func newCovariance(rows [][]*big.Rat) (covariance, error) {
	c := covariance{rational: rows, sigma: doubled(rows)}
	var err error
	c.definite, err = checkDefinite(c.sigma, rows)
	return c, err
}

// average returns Σ̄ = Σ_k w_k Σ_k.
func average(weights []*big.Rat, covariances [][][]*big.Rat) [][]*big.Rat {
	out := zeroRows(len(covariances[0]))
	for i, row := range out {
		for j := range i + 1 {
			for k, w := range weights {
				row[j].Add(row[j], new(big.Rat).Mul(w, covariances[k][i][j]))
			}
			out[j][i] = row[j]
		}
	}
	return out
}

// logarithm returns log w, of weights below float64's range also.
func logarithm(w *big.Rat) float64 {
	const normal = 1e-280 // with the lower half of a double-double
	if x := dd.FromRat(w); x.Hi > normal {
		return math.Log(x.Hi) + x.Lo/x.Hi
	}
	var mantissa big.Float
	exponent := new(big.Float).SetRat(w).MantExp(&mantissa)
	x, _ := mantissa.Float64()
	return math.Log(x) + float64(exponent)*math.Ln2
}

// Name returns the mixture's name, which may be empty.
func (m *Mixture) Name() string { return m.exact.Name }

// Components returns K ≥ 1.
func (m *Mixture) Components() int { return len(m.weights) }

// Dimension returns d ≥ 1.
func (m *Mixture) Dimension() int { return len(m.sigma) }

// Weights returns a copy of the K weights; they sum to 1.
func (m *Mixture) Weights() []float64 { return slices.Clone(m.weights) }

// LogWeights returns a copy of the K values log w_k.
func (m *Mixture) LogWeights() []float64 { return slices.Clone(m.logWeights) }

// Means returns the K×d matrix whose rows are the component means.
func (m *Mixture) Means() *mat.Dense { return rounded(m.means) }

// Shared tells whether one covariance was given for all components; equal
// covariances of their own are not looked into.
func (m *Mixture) Shared() bool { return m.own == nil }

// Covariance returns Σ̄ = Σ w_k Σ_k, d×d: the shared covariance where it is shared.
func (m *Mixture) Covariance() *mat.SymDense { return symmetricOf(m.sigma) }

// Own returns Σ_k, d×d.
func (m *Mixture) Own(k int) *mat.SymDense { return symmetricOf(m.of(k).sigma) }

// of returns the covariance of component k.
func (m *Mixture) of(k int) covariance {
	if m.Shared() {
		return m.covariance
	}
	return m.own[k]
}

// Pooled returns the mixture of the same weights and means with the shared
// covariance Σ̄; m itself where it is shared.
func (m *Mixture) Pooled() *Mixture {
	if m.Shared() {
		return m
	}
	pooled := *m
	pooled.own = nil
	pooled.exact.Covariance, pooled.exact.Covariances = m.rational, nil
	pooled.rememberEnvelopes()
	return &pooled
}

// Apart returns the same mixture with its covariance given once for each
// component; m itself where they are given so.
func (m *Mixture) Apart() *Mixture {
	if !m.Shared() {
		return m
	}
	apart := *m
	apart.own = slices.Repeat([]covariance{m.covariance}, m.Components())
	apart.exact.Covariance, apart.exact.Covariances = nil, slices.Repeat([][][]*big.Rat{m.rational}, m.Components())
	return &apart
}

// DoubledMeans returns the K×d means to double-double precision. The slice is
// shared: do not write to it.
func (m *Mixture) DoubledMeans() [][]dd.Number { return m.means }

// DoubledCovariance returns Σ̄, d×d, to double-double precision. The slice is
// shared: do not write to it.
func (m *Mixture) DoubledCovariance() [][]dd.Number { return m.sigma }

// DoubledOwn returns Σ_k, d×d, to double-double precision. The slice is shared: do
// not write to it.
func (m *Mixture) DoubledOwn(k int) [][]dd.Number { return m.of(k).sigma }

// LeastVariance returns a proved lower bound of Σ̄'s smallest eigenvalue, > 0.
func (m *Mixture) LeastVariance() float64 { return m.definite.leastVariance }

// LeastCorrelation returns a proved lower bound of the smallest eigenvalue of Σ̄'s correlation matrix
// D^-½Σ̄D^-½, D = diag Σ̄; 0 where Σ̄ is so close to a singular matrix that only rationals tell.
func (m *Mixture) LeastCorrelation() float64 { return m.definite.leastCorrelation }

// Exact returns the mixture in rationals, with weights that sum to 1. The slices are
// shared: do not write to them.
func (m *Mixture) Exact() Exact { return m.exact }

// Centre returns the mixture with its mean μ̄ = Σ w_k μ_k subtracted, exactly, from every
// component mean.
func (m *Mixture) Centre() (*Mixture, error) {
	c := *m // its weights and covariances are valid
	c.exact.Means = m.exact.centredMeans()
	if _, err := CommonDenominator("means", c.exact.Means...); err != nil {
		return nil, fmt.Errorf("gmm: centring %s: %w", m.Name(), err)
	}
	c.means = doubled(c.exact.Means)
	c.remember()
	return &c, nil
}

// Coincident tells whether all component means are exactly the same vector, as
// they are for K = 1.
func (m *Mixture) Coincident() bool {
	for _, row := range m.exact.Means[1:] {
		for i, x := range row {
			if x.Cmp(m.exact.Means[0][i]) != 0 {
				return false
			}
		}
	}
	return true
}
