package tables

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"strings"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Table is a table of n labelled samples in d coordinates, kept exactly: sample
// i's coordinate c is values[i][c] / denominators[c].
type Table struct {
	Name    string   // the source's name without folder and extension
	Columns []string // the d names of the coordinates
	Classes []string // the K labels, in order of appearance
	Class   []int    // n, each sample's index in Classes

	source       string
	limit        gmm.Limit
	values       [][]*big.Int
	denominators []*big.Int
}

// Options say how a table is read.
type Options struct {
	Label string    // the name of the column of class labels
	Limit gmm.Limit // on the work of reading the table and of fitting mixtures to it; 0 is 1
}

// Read reads a CSV table with a header, of which the column named Label holds the
// classes and every other column a coordinate. What is wrong is a gmm.InputError that
// names the source and the line or column: ErrSyntax, ErrNumber or ErrShape; or ErrCost
// for a table that would take more than the limit allows to read, or to fit a mixture to.
func Read(source string, r io.Reader, o Options) (*Table, error) {
	if o.Limit == 0 {
		o.Limit = 1
	}
	text, err := o.Limit.ReadText(source, r, gmm.Cost{Seconds: 1e-6, Bytes: 300})
	if err != nil {
		return nil, err
	}
	t, err := parse(text, o.Label)
	if err != nil {
		return nil, gmm.InSource(source, err)
	}
	t.limit = o.Limit
	t.source = source
	t.Name = strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))
	return t, nil
}

// All returns the indices of all samples, 0 … n−1.
func (t *Table) All() []int {
	all := make([]int, len(t.Class))
	for i := range all {
		all[i] = i
	}
	return all
}

// Rows returns the chosen samples, rounded to float64, as the rows of a matrix. It
// panics if an index is out of range, or for no samples.
func (t *Table) Rows(samples []int) *mat.Dense {
	x := mat.NewDense(len(samples), len(t.Columns), nil)
	ratio := new(big.Rat)
	for row, i := range samples {
		for c, value := range t.values[i] {
			rounded, _ := ratio.SetFrac(value, t.denominators[c]).Float64()
			x.Set(row, c, rounded)
		}
	}
	return x
}

// Fit fits a mixture of K components to the chosen samples: class means, class
// frequencies and pooled within-class covariance, divisor n, which is shrunk, by a λ that it
// returns, too; all in exact arithmetic. It refuses with a gmm.InputError that names the source
// samples that miss a class (ErrShape), whose covariance is singular (ErrNotPositiveDefinite or
// ErrIllConditioned), or too much work (ErrCost). It panics if an index is out of range.
func (t *Table) Fit(samples []int, s Shrinkage) (m *gmm.Mixture, lambda *big.Rat, err error) {
	m, lambda, err = t.fit(samples, s)
	return m, lambda, gmm.InSource(t.source, err)
}

func (t *Table) fit(samples []int, s Shrinkage) (*gmm.Mixture, *big.Rat, error) {
	seen := make([]bool, len(t.Classes))
	for _, i := range samples {
		seen[t.Class[i]] = true
	}
	for k, name := range t.Classes {
		if !seen[k] {
			return nil, nil, &gmm.InputError{Key: fmt.Sprintf("class %q", name), Expected: "at least one sample of each class", Found: "none", Reason: gmm.ErrShape}
		}
	}
	if err := t.fittable(len(samples), s); err != nil {
		return nil, nil, err
	}
	e := t.moments(samples)
	e.Name = t.Name
	lambda := s.of(t, samples, e)
	if lambda.Sign() > 0 {
		shrink(e.Covariance, lambda)
	}
	if err := t.checkVariances(e.Covariance); err != nil {
		return nil, nil, err
	}
	m, err := gmm.NewExact(e)
	var refusal *gmm.InputError
	if errors.As(err, &refusal) && (refusal.Reason == gmm.ErrNotPositiveDefinite || refusal.Reason == gmm.ErrIllConditioned) {
		err = t.singular(e.Covariance, refusal.Reason)
	}
	return m, lambda, err
}

// fittable refuses, before any memory of d×d is taken, what is too much work and samples that are too few: the
// pooled covariance of n samples of K classes has rank n − K at most.
func (t *Table) fittable(n int, s Shrinkage) error {
	k, d := len(t.Classes), len(t.Columns)
	if n-k < d && s.none() && d > fewColumns {
		return &gmm.InputError{Key: "columns", Reason: gmm.ErrNotPositiveDefinite,
			Expected: "more samples than columns and classes together, as the pooled covariance is singular otherwise; or a shrunk covariance (--shrinkage auto)",
			Found:    fmt.Sprintf("%d samples, %d columns and %d classes", n, d, k)}
	}
	const perProduct, perEntry, perFraction, bytes, fractionBits = 50e-9, 3e-6, 1e-6, 500, 64
	entries := float64(d) * float64(d)
	cost := gmm.Cost{Seconds: entries * (perProduct*float64(n)/2 + perFraction*float64(k)/2 + perEntry), Bytes: bytes * entries}
	return t.limit.Allows("", fmt.Sprintf("the covariance of %d columns of %d samples", d, n), cost.Plus(gmm.MixtureCost(k, d, fractionBits)))
}

// fewColumns is where a refusal can afford to tell which columns depend on which.
const fewColumns = 200

// moments returns class frequencies, class means and the pooled covariance
// (1/n) (Σ_i x_i x_iᵀ − Σ_k n_k m_k m_kᵀ) of n chosen samples, of which every class
// has one.
func (t *Table) moments(samples []int) gmm.Exact {
	k, d := len(t.Classes), len(t.Columns)
	counts := make([]int64, k)
	sums := zeros(k, d)
	squares := zeros(d, d)
	product := new(big.Int)
	for _, i := range samples {
		x := t.values[i]
		counts[t.Class[i]]++
		for a := range d {
			sums[t.Class[i]][a].Add(sums[t.Class[i]][a], x[a])
			for b := range a + 1 {
				squares[a][b].Add(squares[a][b], product.Mul(x[a], x[b]))
			}
		}
	}
	e := gmm.Exact{Weights: make([]*big.Rat, k), Means: make([][]*big.Rat, k), Covariance: make([][]*big.Rat, d)}
	for j := range k {
		e.Weights[j] = new(big.Rat).SetInt64(counts[j])
		e.Means[j] = make([]*big.Rat, d)
		for a := range d {
			e.Means[j][a] = new(big.Rat).SetFrac(sums[j][a], product.Mul(big.NewInt(counts[j]), t.denominators[a]))
		}
	}
	for a := range d {
		e.Covariance[a] = make([]*big.Rat, d)
		for b := range a + 1 {
			within := new(big.Rat).SetFrac(squares[a][b], product.Mul(t.denominators[a], t.denominators[b]))
			for j := range k {
				between := new(big.Rat).Mul(e.Means[j][a], e.Means[j][b])
				within.Sub(within, between.Mul(between, e.Weights[j]))
			}
			within.Quo(within, new(big.Rat).SetInt64(int64(len(samples))))
			e.Covariance[a][b], e.Covariance[b][a] = within, within
		}
	}
	return e
}

func zeros(rows, columns int) [][]*big.Int {
	out := make([][]*big.Int, rows)
	for i := range out {
		out[i] = make([]*big.Int, columns)
		for j := range out[i] {
			out[i][j] = new(big.Int)
		}
	}
	return out
}
