// Package halton scatters points evenly by the normal distribution: Halton's sequence, scrambled at random.
package halton

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// Normal fills t, q×n, with n points of N(0, I) in q dimensions, one a column. Coordinate i is a van der Corput sequence in the base of the i-th prime, whose digits of each
// place, as many as float64 resolves, are permuted at random (A. Owen, "A randomized Halton algorithm in R", arXiv:1706.02808), taken
// through the normal distribution's inverse. So each point alone is a random one, and scramblings are independent.
//
// The numbers are those of gonum's samplemv.Halton, at a fifth of its cost: a digit of place p stays the same for b^p points, so that none is divided for.
func Normal(t *mat.Dense, source rand.Source) {
	q, _ := t.Dims()
	permutation := rand.New(source).Perm
	var digits []float64
	for i, base := range primes(q) {
		row := t.RawRowView(i)
		clear(row)
		run := 1 // b^p, or more points than there are
		for place := 1 / float64(base); 1-place < 1; place /= float64(base) {
			digits = digits[:0]
			for _, digit := range permutation(base) {
				digits = append(digits, float64(digit)*place)
			}
			addDigits(row, digits, run)
			if run < len(row) {
				run *= base
			}
		}
		for n, x := range row {
			row[n] = mathext.NormalQuantile(x)
		}
	}
}

// addDigits adds digits in turn, each to so many numbers, over and over.
func addDigits(into, digits []float64, run int) {
	for {
		for _, x := range digits {
			if run >= len(into) {
				for n := range into {
					into[n] += x
				}
				return
			}
			for n := range into[:run] {
				into[n] += x
			}
			into = into[run:]
		}
	}
}

// primes returns the first n primes.
func primes(n int) []int {
	var out []int
	for x := 2; len(out) < n; x++ {
		if !slices.ContainsFunc(out, func(p int) bool { return x%p == 0 }) {
			out = append(out, x)
		}
	}
	return out
}
