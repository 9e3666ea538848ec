package gmm

import (
	"math/big"
	"math/bits"

	"contrastcheck/gmm/dd"
)

// FisherDimension returns the dimension s of the Fisher subspace span{Σ̄⁻¹μ_k}: the exact
// rational rank of the means. It is computed once.
func (m *Mixture) FisherDimension() int { return m.dimension() }

// DifferenceDimension returns the dimension of the span of the differences Σ̄⁻¹(μ_k − μ_l), the centred Fisher subspace: s, or s − 1 where the
// mean μ̄ lies out of it. It is exact.
func (m *Mixture) DifferenceDimension() int {
	means := m.exact.Means
	switch s := m.FisherDimension(); {
	case len(means) == 1:
		return 0
	case s == len(means): // independent means have independent differences
		return s - 1
	case m.Centred():
		return s
	}
	differences := make([][]*big.Rat, len(means)-1)
	for k := range differences {
		for i, x := range means[k+1] {
			differences[k] = append(differences[k], new(big.Rat).Sub(x, means[0][i]))
		}
	}
	return exactRank(differences)
}

// pivotedCholesky factors a K×K Gram matrix G of the given rank as RᵀR, R being
// rank×K, choosing at each step the column with the largest remaining diagonal.
// It returns the chosen columns and R. It ends early where nothing positive remains.
func pivotedCholesky(g [][]dd.Number, rank int) (columns []int, r [][]dd.Number) {
	k := len(g)
	rest := make([]dd.Number, k)
	for i := range k {
		rest[i] = g[i][i]
	}
	taken := make([]bool, k)
	for len(columns) < rank {
		best := -1
		for i := range k {
			if !taken[i] && (best < 0 || rest[i].Hi > rest[best].Hi) {
				best = i
			}
		}
		if best < 0 || rest[best].Hi <= 0 {
			return columns, r
		}
		pivot := rest[best].Sqrt()
		row := make([]dd.Number, k)
		for i := range k {
			sum := g[best][i]
			for _, done := range r {
				sum = sum.Sub(done[best].Mul(done[i]))
			}
			row[i] = sum.Div(pivot)
			rest[i] = rest[i].Sub(row[i].Mul(row[i]))
		}
		taken[best] = true
		columns = append(columns, best)
		r = append(r, row)
	}
	return columns, r
}

// DependentColumns returns the columns of a rational matrix, given by its rows, that are linear combinations
// of those before them modulo the prime 2⁶¹ − 1. What depends over the rationals does so there too; the
// converse fails only where the prime divides a minor. So independence that it shows is
// proved, and dependence is good for a message, not for a verdict.
func DependentColumns(matrix [][]*big.Rat) []int {
	rows := make([][]uint64, len(matrix))
	residue := new(big.Int)
	for i, row := range IntegerRows(matrix) {
		rows[i] = make([]uint64, len(row))
		for j, x := range row {
			rows[i][j] = residue.Mod(x, bigPrime).Uint64()
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
		inverse := residue.ModInverse(new(big.Int).SetUint64(rows[rank][c]), bigPrime).Uint64()
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

const prime = 1<<61 - 1

var bigPrime = big.NewInt(prime)

func modularProduct(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, prime)
}
