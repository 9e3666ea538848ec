package tables

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
)

// Varying returns the table without the columns that have the same value in all
// samples, and their names: they tell nothing, and their variance of 0 would make
// every covariance singular. It refuses, with a gmm.InputError that names the source
// (gmm.ErrNotPositiveDefinite), a table of constants alone.
func (t *Table) Varying() (*Table, []string, error) {
	varying := *t
	varying.Columns, varying.denominators, varying.values = nil, nil, make([][]*big.Int, len(t.values))
	var dropped []string
	for c, name := range t.Columns {
		if !slices.ContainsFunc(t.values, func(x []*big.Int) bool { return x[c].Cmp(t.values[0][c]) != 0 }) {
			dropped = append(dropped, name)
			continue
		}
		varying.Columns, varying.denominators = append(varying.Columns, name), append(varying.denominators, t.denominators[c])
		for i, x := range t.values {
			varying.values[i] = append(varying.values[i], x[c])
		}
	}
	switch len(dropped) {
	case 0:
		return t, nil, nil
	case len(t.Columns):
		return nil, nil, gmm.InSource(t.source, &gmm.InputError{Key: "columns", Expected: "at least one whose values vary", Found: "constants alone",
			Reason: gmm.ErrNotPositiveDefinite})
	}
	return &varying, dropped, nil
}

// checkVariances refuses a pooled covariance with a variance of 0.
func (t *Table) checkVariances(covariance [][]*big.Rat) error {
	varies := func(row []*big.Rat) bool {
		return slices.ContainsFunc(row, func(x *big.Rat) bool { return x.Sign() != 0 })
	}
	for i, column := range t.Columns {
		if covariance[i][i].Sign() != 0 {
			continue
		}
		refusal := &gmm.InputError{Key: "column " + strconv.Quote(column), Expected: "values that vary within a class",
			Found: "a constant in each class", Reason: gmm.ErrNotPositiveDefinite}
		if slices.ContainsFunc(covariance, varies) {
			refusal.Expected += " (leave the column out), or a shrunk covariance (--shrinkage auto)"
		}
		return refusal
	}
	return nil
}

// singular is the refusal of a pooled covariance, with the columns that make it so.
func (t *Table) singular(covariance [][]*big.Rat, reason error) error {
	refusal := &gmm.InputError{Key: "columns", Expected: "columns that are linearly independent within the classes, and more samples than columns and classes together; or a shrunk covariance (--shrinkage auto)",
		Found: "a singular pooled covariance", Reason: reason}
	var dependent []string
	for _, c := range gmm.DependentColumns(covariance) {
		dependent = append(dependent, t.Columns[c])
	}
	if len(dependent) > 0 {
		refusal.Key += " " + listed(dependent)
		refusal.Found += ", as these columns depend on those before"
	}
	return refusal
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
