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

// Mixture is Σ_k w_k N(μ_k, Σ): K components in R^d that share one positive
// definite covariance. It is immutable, and every Mixture that exists is valid.
//
// Beside float64 values it keeps what its origin gave: a mixture from a file or
// from an Exact is exact, and its numbers are carried to double-double, so that
// an ill-conditioned covariance costs no digits; a mixture from New holds
// rounded numbers, whose linear dependence can be ambiguous (FisherDimension).
type Mixture struct {
	weights    []float64     // K, sum 1
	logWeights []float64     // K
	means      [][]dd.Number // K×d
	covariance [][]dd.Number // d×d
	exact      Exact         // the rationals that were given, or the floats' exact values
	rounded    bool
	definite   definiteness
	gram       func() *Gram
	dimension  func() Dimension

	exactPrecision func() [][]*big.Rat
}

// New returns the mixture of weights (positive, any scale), the K×d matrix of
// means and the d×d covariance. Its numbers are taken as rounded. It refuses,
// with an InputError, what Mixture does not allow.
func New(weights []float64, means mat.Matrix, covariance mat.Matrix) (*Mixture, error) {
	e, err := exactOfFloats(weights, means, covariance)
	if err != nil {
		return nil, err
	}
	m, err := NewExact(e)
	if err != nil {
		return nil, err
	}
	m.rounded = true
	return m, nil
}

// NewExact returns the mixture that e describes. It refuses, with an
// InputError, what Mixture does not allow.
func NewExact(e Exact) (*Mixture, error) {
	if err := checkShape(e); err != nil {
		return nil, err
	}
	if err := checkDenominators(e); err != nil {
		return nil, err
	}
	weights, err := normalised(e.Weights)
	if err != nil {
		return nil, err
	}
	e.Weights = weights
	m := &Mixture{exact: e, means: doubled(e.Means), covariance: doubled(e.Covariance)}
	for _, w := range weights {
		m.weights = append(m.weights, dd.FromRat(w).Float64())
		m.logWeights = append(m.logWeights, logarithm(w))
	}
	m.definite, err = checkDefinite(m.covariance, e.Covariance)
	if err != nil {
		return nil, err
	}
	m.gram = sync.OnceValue(m.computeGram)
	m.dimension = sync.OnceValue(m.computeDimension)
	m.exactPrecision = sync.OnceValue(m.computeExactPrecision)
	return m, nil
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
func (m *Mixture) Dimension() int { return len(m.covariance) }

// Weights returns a copy of the K weights; they sum to 1.
func (m *Mixture) Weights() []float64 { return slices.Clone(m.weights) }

// LogWeights returns a copy of the K values log w_k.
func (m *Mixture) LogWeights() []float64 { return slices.Clone(m.logWeights) }

// Means returns the K×d matrix whose rows are the component means.
func (m *Mixture) Means() *mat.Dense { return rounded(m.means) }

// Covariance returns the d×d covariance Σ.
func (m *Mixture) Covariance() *mat.SymDense { return symmetricOf(m.covariance) }

// DoubledMeans returns the K×d means to double-double precision. The slice is
// shared: do not write to it.
func (m *Mixture) DoubledMeans() [][]dd.Number { return m.means }

// DoubledCovariance returns the d×d covariance to double-double precision. The
// slice is shared: do not write to it.
func (m *Mixture) DoubledCovariance() [][]dd.Number { return m.covariance }

// LeastVariance returns a proved lower bound of Σ's smallest eigenvalue, > 0.
func (m *Mixture) LeastVariance() float64 { return m.definite.leastVariance }

// Exact returns the mixture in rationals, with weights that sum to 1. It
// reports false for a mixture of rounded numbers.
func (m *Mixture) Exact() (Exact, bool) {
	if m.rounded {
		return Exact{}, false
	}
	return m.exact, true
}

// Centre returns the mixture with its mean μ̄ = Σ w_k μ_k subtracted from every
// component mean; exactly, when the mixture is exact.
func (m *Mixture) Centre() (*Mixture, error) {
	e := m.exact
	mean := e.Mean()
	centred := make([][]*big.Rat, len(e.Means))
	for k, row := range e.Means {
		centred[k] = make([]*big.Rat, len(row))
		for i := range row {
			centred[k][i] = new(big.Rat).Sub(row[i], mean[i])
		}
	}
	e.Means = centred
	c, err := NewExact(e)
	if err != nil {
		return nil, fmt.Errorf("gmm: centring %s: %w", m.Name(), err)
	}
	c.rounded = m.rounded
	return c, nil
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

// exactOfFloats refuses values that are not finite or out of ParseNumber's
// range; the covariance's upper triangle is compared with its lower one by NewExact.
func exactOfFloats(weights []float64, means, covariance mat.Matrix) (e Exact, err error) {
	if e.Weights, err = rationalRow("weights", weights); err != nil {
		return e, err
	}
	if e.Means, err = rationalRows("means", means); err != nil {
		return e, err
	}
	e.Covariance, err = rationalRows("covariance", covariance)
	return e, err
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

func doubled(rows [][]*big.Rat) [][]dd.Number {
	out := make([][]dd.Number, len(rows))
	for i, row := range rows {
		out[i] = make([]dd.Number, len(row))
		for j, x := range row {
			out[i][j] = dd.FromRat(x)
		}
	}
	return out
}

func rounded(rows [][]dd.Number) *mat.Dense {
	a := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		for j, x := range row {
			a.Set(i, j, x.Float64())
		}
	}
	return a
}

func symmetricOf(rows [][]dd.Number) *mat.SymDense {
	a := mat.NewSymDense(len(rows), nil)
	for i, row := range rows {
		for j := i; j < len(row); j++ {
			a.SetSym(i, j, row[j].Float64())
		}
	}
	return a
}
