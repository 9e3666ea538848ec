package closure

import (
	"math/big"
	"math/bits"
)

// Work limits what is spent on a problem, in products of machine words: about so many nanoseconds.
type Work int64

// run is a problem that is worked on.
type run struct {
	Problem
	left    Work
	longest int // bits of the longest number of the problem
	words   int // of it
}

// started returns the problem before any work.
func (p Problem) started(work Work) *run {
	longest := max(longestOf(p.Metric), longestOf(p.Vectors))
	for _, rows := range p.Operators {
		longest = max(longest, longestOf(rows))
	}
	return &run{Problem: p, left: work, longest: longest, words: 1 + longest/bits.UintSize}
}

// spend takes from the work that is left, and tells whether there was as much.
func (r *run) spend(w Work) bool {
	r.left -= w
	return r.left >= 0
}

// division is what a division of machine words takes, in products.
const division = 10

// reducing is the work of reducing a symmetric d×d matrix modulo a prime.
func (r *run) reducing(d int) Work { return division * Work(r.words) * Work(d) * Work(d) / 2 }

func cube(d int) Work { return Work(d) * Work(d) * Work(d) }

// longestOf returns the bits of the longest number.
func longestOf(rows [][]*big.Int) int {
	longest := 0
	for _, row := range rows {
		for _, x := range row {
			longest = max(longest, x.BitLen())
		}
	}
	return longest
}
