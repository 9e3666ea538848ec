package tables

import (
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Table is a table of n labelled samples in d coordinates. A small one keeps its numbers exactly; a big one in float64, or in
// float32 where it was written so (Options.Exact).
type Table struct {
	Name    string   // the source's name without folder and extension
	Columns []string // the d names of the coordinates
	Classes []string // the K labels, in order of appearance
	Class   []int    // n, each sample's index in Classes
	// Missing counts the samples that were left out for a missing value.
	Missing int

	source  string
	limit   gmm.Limit
	numbers numbers
	places  map[string]int // of the labels in Classes
}

// numbers are the coordinates of n samples, n×d.
type numbers interface {
	// row writes sample i to into, d numbers, rounded to float64.
	row(i int, into []float64)
	// varying tells of each column whether it has two values.
	varying() []bool
	// only returns the given columns alone.
	only(columns []int) numbers
	// moments returns class frequencies, class means and the pooled covariance
	// (1/n) (Σ_i x_i x_iᵀ − Σ_k n_k m_k m_kᵀ) of chosen samples, of which every class has one.
	moments(of classed) moments
	// residuals returns what gives a chosen sample less the mean of its class, rounded; each result is lost at the next.
	residuals(of classed, means [][]*big.Rat) func(i int) []float64
	// cost is the time that moments takes for n samples of d columns, with its results.
	cost(n, d, classes int) gmm.Cost
	// floating tells whether moments are sums of float64.
	floating() bool
}

// classed are the chosen samples, of classes 0 … classes−1.
type classed struct {
	samples []int
	class   []int // of each sample of the table
	classes int
}

// counts returns the number of chosen samples in each class.
func (c classed) counts() []int {
	counts := make([]int, c.classes)
	for _, i := range c.samples {
		counts[c.class[i]]++
	}
	return counts
}

// Rounded tells whether the table is a big one: its covariances are sums of float64, with a bound of their error.
func (t *Table) Rounded() bool { return t.numbers.floating() }

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
	for row, i := range samples {
		t.numbers.row(i, x.RawRowView(row))
	}
	return x
}

// rationals returns a matrix of zeros.
func rationals(rows, columns int) [][]*big.Rat {
	out := make([][]*big.Rat, rows)
	for i := range out {
		out[i] = make([]*big.Rat, columns)
		for j := range out[i] {
			out[i][j] = new(big.Rat)
		}
	}
	return out
}
