package tables

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/floats"
)

// Varying returns the table without the columns that have the same value in all
// samples, and their names: they tell nothing, and their variance of 0 would make
// every covariance singular. It refuses, with a gmm.InputError that names the source
// (gmm.ErrNotPositiveDefinite), a table of constants alone.
func (t *Table) Varying() (*Table, []string, error) {
	var kept []int
	var dropped []string
	for c, varies := range t.numbers.varying() {
		if varies {
			kept = append(kept, c)
		} else {
			dropped = append(dropped, t.Columns[c])
		}
	}
	switch {
	case len(dropped) == 0:
		return t, nil, nil
	case len(kept) == 0:
		return nil, nil, gmm.InSource(t.source, &gmm.InputError{Key: "columns", Expected: "at least one whose values vary", Found: "constants alone",
			Reason: gmm.ErrNotPositiveDefinite})
	}
	varying := *t
	varying.Columns, varying.numbers = nil, t.numbers.only(kept)
	for _, c := range kept {
		varying.Columns = append(varying.Columns, t.Columns[c])
	}
	return &varying, dropped, nil
}

// wording is how refusals call a covariance, and the samples that it is of.
type wording struct{ independent, covariance, constant, shrinkage string }

// The covariance that classes share, and that of one of them.
var (
	pooled  = wording{"within the classes, and more samples than columns and classes together", "pooled covariance", "a constant in each class", "--shrinkage auto"}
	ofClass = wording{"within the class, and more samples of it than columns", "covariance", "a constant in this one", "--shrinkage auto"}
)

// shrunk says what is left to do where the shrinkage that was asked for is none.
func (w wording) shrunk(s Shrinkage) wording {
	if s.auto {
		w.shrinkage = "--shrinkage NUMBER, as auto finds λ = 0"
	}
	return w
}

// checkVariances refuses a covariance with a variance of 0.
func (t *Table) checkVariances(covariance [][]*big.Rat, w wording) error {
	varies := func(row []*big.Rat) bool {
		return slices.ContainsFunc(row, func(x *big.Rat) bool { return x.Sign() != 0 })
	}
	for i, column := range t.Columns {
		if covariance[i][i].Sign() != 0 {
			continue
		}
		refusal := &gmm.InputError{Key: "column " + strconv.Quote(column), Expected: "values that vary within a class",
			Found: w.constant, Reason: gmm.ErrNotPositiveDefinite}
		if slices.ContainsFunc(covariance, varies) {
			refusal.Expected += fmt.Sprintf(" (--drop %s leaves the column out), or a shrunk covariance (%s)", flagged(column), w.shrinkage)
		}
		return refusal
	}
	return nil
}

// singular is the refusal of a covariance, with the columns that make it so.
func (t *Table) singular(m moments, reason error, w wording) error {
	refusal := &gmm.InputError{Key: "columns", Expected: "columns that are linearly independent " + w.independent + "; or a shrunk covariance (" + w.shrinkage + ")",
		Found: "a singular " + w.covariance, Reason: reason}
	dependents := gmm.DependentColumns
	if t.Rounded() {
		refusal.Expected += ", or exact arithmetic (--exact)"
		refusal.Found += " to double precision"
		dependents = nearlyDependent
	}
	var dependent []string
	for _, c := range dependents(m.Covariance) {
		dependent = append(dependent, t.Columns[c])
	}
	if len(dependent) > 0 {
		refusal.Key += " " + listed(dependent)
		refusal.Found += ", as these columns depend on those before"
	}
	return refusal
}

// nearlyDependent returns the columns of a covariance, with entries right to float64, whose share of variance that the columns before them leave
// is less than what elimination rounds: d steps of d products, 2⁻⁵³ each.
func nearlyDependent(covariance [][]*big.Rat) (columns []int) {
	d := len(covariance)
	least := float64(d) * float64(d) * unitRoundoff
	scale := make([]float64, d)
	factor := make([][]float64, d) // L of the correlation matrix, without the columns found
	for i, row := range covariance {
		variance, _ := row[i].Float64()
		scale[i] = 1 / math.Sqrt(variance)
		factor[i] = make([]float64, 0, i+1)
	}
	for c := range d {
		rest := 1 - floats.Dot(factor[c], factor[c])
		if rest <= least {
			columns = append(columns, c)
			continue
		}
		for i := c + 1; i < d; i++ {
			x, _ := covariance[i][c].Float64()
			factor[i] = append(factor[i], (x*scale[i]*scale[c]-floats.Dot(factor[i], factor[c]))/math.Sqrt(rest))
		}
	}
	return columns
}

// listed quotes the first of some names.
func listed(names []string) string {
	const most = 4
	var quoted []string
	for _, name := range names[:min(most, len(names))] {
		quoted = append(quoted, strconv.Quote(name))
	}
	list := strings.Join(quoted, ", ")
	if more := len(names) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}
