package gmm

import (
	"math/big"
	"math/bits"
)

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
