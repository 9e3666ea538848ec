package search

import (
	"cmp"
	"iter"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/solver"
	"contrastcheck/theorems"
)

// grids are the parts of 1 to which numbers are rounded, lengths those of the new
// coordinate beside the others.
var grids, lengths = [...]float64{1, 2, 4, 16, 256}, [...]float64{0.5, 1, 0.25, 2}

// mostRoundings is the number of cases near one base, or more.
const mostRoundings = len(grids) * len(lengths)

// rounded yields cases near a centred mixture, in numbers that grow longer.
func (s start) rounded(b solver.Base, seed int) iter.Seq[theorems.Case] {
	return func(yield func(theorems.Case) bool) {
		for _, grid := range grids {
			if c, ok := s.near(b, grid, seed); ok && !yield(c) {
				return
			}
		}
	}
}

// near is the case near a centred mixture whose means are multiples of 1/grid and whose weights are multiples of as much of the least; false where
// there is none. Components come in the order of their weights.
func (s start) near(b solver.Base, grid float64, seed int) (theorems.Case, bool) {
	dimensions, _ := b.Means.Dims()
	d := draft{delta: s.delta(), covariances: [][][]*big.Rat{gmm.IdentityRows(dimensions)}}
	order := byWeight(b)
	for _, i := range order {
		row := make([]*big.Rat, dimensions)
		for a := range row {
			row[a] = dyadic(b.Means.At(a, i), grid)
		}
		d.weights, d.means = append(d.weights, multiple(b, order[0], i, grid)), append(d.means, row)
	}
	d.weights = whole(d.weights)
	return s.limits.fit(d, true).build(uint64(seed))
}

// byWeight orders the components.
func byWeight(b solver.Base) []int {
	return sorted(len(b.Weights), func(i, j int) int { return cmp.Compare(b.Weights[i], b.Weights[j]) })
}

// multiple is the weight of component i in parts of 1/grid of that of the least one.
func multiple(b solver.Base, least, i int, grid float64) *big.Rat {
	return big.NewRat(int64(math.Round(grid*b.Weights[i]/b.Weights[least])), 1)
}

// roundedLifting yields cases near a lifted base, in numbers that grow longer: the rare means
// whole, then halves, …, the weights whole multiples of the least, of half of it, …, the new
// coordinate as long as the others are, shorter and longer. Components come in the
// order of their weights.
func (s start) roundedLifting(b solver.Base, seed int) iter.Seq[theorems.Case] {
	return s.liftedOn(grids[:], b, seed)
}

// liftedOn is roundedLifting on grids of one's own.
func (s start) liftedOn(grids []float64, b solver.Base, seed int) iter.Seq[theorems.Case] {
	dimensions, k := b.Means.Dims()
	beta := solver.Lift(b).Coordinate
	order := byWeight(b)
	var reach, longest float64
	for i := range k {
		longest = max(longest, math.Abs(beta[i]))
		for a := range dimensions {
			reach = max(reach, math.Abs(b.Means.At(a, i)))
		}
	}
	return func(yield func(theorems.Case) bool) {
		for _, grid := range grids {
			for _, length := range lengths {
				d := draft{delta: s.delta()}
				for _, i := range order {
					d.weights = append(d.weights, multiple(b, order[0], i, grid))
					row := make([]*big.Rat, 0, dimensions+1)
					for a := range dimensions {
						row = append(row, dyadic(b.Means.At(a, i), grid))
					}
					d.means = append(d.means, append(row, dyadic(length*reach/longest*beta[i], grid)))
				}
				d.covariances = [][][]*big.Rat{gmm.IdentityRows(dimensions + 1)}
				d.weights = whole(d.weights)
				if c, ok := s.limits.fit(d, true).build(uint64(seed)); ok && !yield(c) {
					return
				}
			}
		}
	}
}

// dyadic is the multiple of 1/grid nearest to x.
func dyadic(x, grid float64) *big.Rat {
	return new(big.Rat).SetFloat64(math.Round(x*grid) / grid)
}
