package clustering

import (
	"fmt"
	"slices"
)

// contingency counts in how many of n samples two labelings say i and j.
type contingency struct {
	counts        [][]int
	rows, columns []int // sums
	n             int
}

// newContingency panics if the lengths differ, nothing is labelled, or a label is negative.
func newContingency(a, b []int) contingency {
	if len(a) != len(b) || len(a) == 0 {
		panic(fmt.Sprintf("clustering: two labelings of the same samples expected, found %d and %d labels", len(a), len(b)))
	}
	if min(slices.Min(a), slices.Min(b)) < 0 {
		panic("clustering: labels from 0 on expected, found a negative one")
	}
	c := contingency{counts: make([][]int, slices.Max(a)+1), rows: make([]int, slices.Max(a)+1), columns: make([]int, slices.Max(b)+1), n: len(a)}
	for i := range c.counts {
		c.counts[i] = make([]int, len(c.columns))
	}
	for i := range a {
		c.counts[a[i]][b[i]]++
		c.rows[a[i]]++
		c.columns[b[i]]++
	}
	return c
}

// identical tells whether the labelings are one partition: each row and each
// column has one entry.
func (c contingency) identical() bool {
	for i, row := range c.counts {
		for j, count := range row {
			if count > 0 && (count != c.rows[i] || count != c.columns[j]) {
				return false
			}
		}
	}
	return true
}
