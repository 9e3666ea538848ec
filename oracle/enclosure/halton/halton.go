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
// The points are those of gonum's samplemv.Halton, but for rounding, at a tenth of its cost: a digit stays the same for a run of points, so that none is divided for, and
// those of places that no point reaches are one number.
func Normal(t *mat.Dense, source rand.Source) {
	q, n := t.Dims()
	permutation := rand.New(source).Perm
	var digits []float64
	for i, base := range primes(q) {
		row := t.RawRowView(i)
		clear(row)
		run, beyond := 1, 0.0 // for how many points a digit stays, and the sum of those that stay for all
		for place := 1 / float64(base); 1-place < 1; place /= float64(base) {
			order := permutation(base)
			if run >= n {
				beyond += float64(order[0]) * place
				continue
			}
			digits = digits[:0]
			for _, digit := range order {
				digits = append(digits, float64(digit)*place)
			}
			addRuns(row, digits, run)
			run *= base
		}
		for c, x := range row {
			row[c] = mathext.NormalQuantile(min(x+beyond, largest))
		}
	}
}

// largest is the largest number below 1.
const largest = 1 - 0x1p-53

// addRuns adds each number in turn to a run of so many others, over and over.
func addRuns(into, numbers []float64, run int) {
	for {
		for _, x := range numbers {
			for n := range into[:min(run, len(into))] {
				into[n] += x
			}
			if run >= len(into) {
				return
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
