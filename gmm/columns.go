package gmm

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Varying returns the table without the columns that have the same value in all
// samples, and their names: they tell nothing, and their variance of 0 would make
// every covariance singular. It refuses, with an InputError that names the source
// (ErrNotPositiveDefinite), a table of constants alone.
func (t *Table) Varying() (*Table, []string, error) {
	var kept []int
	var dropped []string
	for c, name := range t.Columns {
		constant := !slices.ContainsFunc(t.values, func(x []*big.Int) bool { return x[c].Cmp(t.values[0][c]) != 0 })
		if constant {
			dropped = append(dropped, name)
		} else {
			kept = append(kept, c)
		}
	}
	if len(dropped) == 0 {
		return t, nil, nil
	}
	if len(kept) == 0 {
		return nil, nil, in(t.source, &InputError{Key: "columns", Expected: "at least one whose values vary", Found: "constants alone",
			Reason: ErrNotPositiveDefinite})
	}
	varying := *t
	varying.Columns, varying.denominators = chosen(t.Columns, kept), chosen(t.denominators, kept)
	varying.values = make([][]*big.Int, len(t.values))
	for i, row := range t.values {
		varying.values[i] = chosen(row, kept)
	}
	return &varying, dropped, nil
}

func chosen[T any](from []T, places []int) []T {
	out := make([]T, len(places))
	for i, place := range places {
		out[i] = from[place]
	}
	return out
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
		refusal := &InputError{Key: "column " + strconv.Quote(column), Expected: "values that vary within a class",
			Found: "a constant in each class", Reason: ErrNotPositiveDefinite}
		if slices.ContainsFunc(covariance, varies) {
			refusal.Expected += " (leave the column out), or a shrunk covariance (--shrinkage auto)"
		}
		return refusal
	}
	return nil
}

// singular is the refusal of a pooled covariance, with the columns that make it so.
func (t *Table) singular(covariance [][]*big.Rat, reason error) error {
	refusal := &InputError{Key: "columns", Expected: "columns that are linearly independent within the classes, and more samples than columns and classes together; or a shrunk covariance (--shrinkage auto)",
		Found: "a singular pooled covariance", Reason: reason}
	if dependent := dependentColumns(covariance); len(dependent) > 0 {
		refusal.Key += " " + listed(chosen(t.Columns, dependent))
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

// dependentColumns returns the columns of a matrix that are linear combinations of
// those before them, by elimination modulo a prime. What depends over the rationals
// does so there too; the converse fails only where the prime divides a minor, so that
// this is good for a message, not for a verdict.
func dependentColumns(matrix [][]*big.Rat) []int {
	rows := make([][]uint64, len(matrix))
	residue := new(big.Int)
	for i, row := range integerRows(matrix) {
		rows[i] = make([]uint64, len(row))
		for j, x := range row {
			rows[i][j] = residue.Mod(x, big.NewInt(prime)).Uint64()
		}
	}
	var dependent []int
	rank := 0
	for c := range rows[0] {
		pivot := rank
		for pivot < len(rows) && rows[pivot][c] == 0 {
			pivot++
		}
		if pivot == len(rows) {
			dependent = append(dependent, c)
			continue
		}
		rows[rank], rows[pivot] = rows[pivot], rows[rank]
		inverse := residue.ModInverse(new(big.Int).SetUint64(rows[rank][c]), big.NewInt(prime)).Uint64()
		for _, row := range rows[rank+1:] {
			factor := prime - modularProduct(row[c], inverse)
			for j := c; j < len(row); j++ {
				row[j] = (row[j] + modularProduct(factor, rows[rank][j])) % prime
			}
		}
		rank++
	}
	return dependent
}

// prime is 2^61 − 1.
const prime = 1<<61 - 1

func modularProduct(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, prime)
}
