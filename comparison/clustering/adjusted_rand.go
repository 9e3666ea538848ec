package clustering

// AdjustedRand returns the adjusted Rand index of two labelings of n samples,
//
//	(Σ_ij C(n_ij,2) − E) / (½[Σ_i C(a_i,2) + Σ_j C(b_j,2)] − E),
//	E = Σ_i C(a_i,2) Σ_j C(b_j,2) / C(n,2),
//
// n_ij counting the samples labelled i and j, and a_i, b_j its sums (Hubert and
// Arabie, Journal of Classification 2, 1985). It is at most 1, which identical
// partitions have, also trivial ones, and has expectation 0 for independent
// labelings of given sizes. The order of arguments and the names of labels do not
// matter. It panics if the lengths differ, are 0, or a label is negative.
func AdjustedRand(a, b []int) float64 {
	c := newContingency(a, b)
	if c.identical() {
		return 1
	}
	var both float64
	for _, row := range c.counts {
		both += pairs(row...)
	}
	first, second := pairs(c.rows...), pairs(c.columns...)
	expected := first * second / pairs(c.n)
	// The denominator is 0 for trivial partitions only, and those are identical.
	return (both - expected) / ((first+second)/2 - expected)
}

// pairs is the number of pairs within each of some groups.
func pairs(sizes ...int) (sum float64) {
	for _, n := range sizes {
		sum += float64(n) * float64(n-1) / 2
	}
	return sum
}
