// Package predicate judges questions about a mixture that a user writes, such as
//
//	lightest >= 1/20 && separation <= 6
//	rank(infonce) == rank(spectral)
//
// The syntax is that of the library expr, of which arithmetic, comparisons and the words and, or, not serve; the values are not: every quantity
// is an interval, of one rational number where it is exact, so that a comparison is decided only beyond the errors of its
// quantities, and is undecided else.
package predicate
