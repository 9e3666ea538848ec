package gmm

import (
	"math/big"

	"contrastcheck/gmm/modular"
)

// eliminate runs Bareiss's fraction-free elimination on integer rows, in
// place, and returns the pivots it met and their columns. Without row exchanges
// the k-th pivot is the k-th leading principal minor, and the run ends at the
// first that is 0; with them the number of pivots is the rank, and a column has
// one if and only if it is independent of the columns before it.
//
// E. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian
// elimination, Math. Comp. 22 (1968).
func eliminate(rows [][]*big.Int, exchange bool) (pivots []*big.Int, columns []int) {
	previous := big.NewInt(1)
	width := len(rows[0])
	for col, top := 0, 0; col < width && top < len(rows); col++ {
		if exchange {
			for r := top; r < len(rows); r++ {
				if rows[r][col].Sign() != 0 {
					rows[top], rows[r] = rows[r], rows[top]
					break
				}
			}
		}
		pivot := rows[top][col]
		if pivot.Sign() == 0 {
			if exchange {
				continue
			}
			return pivots, columns
		}
		for r := top + 1; r < len(rows); r++ {
			factor := new(big.Int).Set(rows[r][col])
			for c := col; c < width; c++ {
				x := new(big.Int).Mul(rows[r][c], pivot)
				x.Sub(x, new(big.Int).Mul(factor, rows[top][c]))
				rows[r][c] = x.Quo(x, previous)
			}
		}
		pivots = append(pivots, pivot)
		columns = append(columns, col)
		previous = pivot
		top++
	}
	return pivots, columns
}

// IntegerRows clears the denominators of each row by a positive factor, which
// changes neither the rank nor the signs of the minors. It leaves the rows alone.
func IntegerRows(rows [][]*big.Rat) [][]*big.Int {
	out := make([][]*big.Int, len(rows))
	factor := new(big.Int)
	for i, row := range rows {
		scale := big.NewInt(1)
		for _, x := range row {
			if x.IsInt() || factor.Rem(scale, x.Denom()).Sign() == 0 {
				continue
			}
			factor.GCD(nil, nil, scale, x.Denom())
			scale.Mul(scale, factor.Quo(x.Denom(), factor))
		}
		out[i] = make([]*big.Int, len(row))
		for j, x := range row {
			if factor.Set(scale); !x.IsInt() {
				factor.Quo(scale, x.Denom())
			}
			out[i][j] = new(big.Int).Mul(x.Num(), factor)
		}
	}
	return out
}

// DependentColumns returns the columns of a rational matrix, given by its rows, that are linear combinations
// of those before them modulo the prime 2⁶¹ − 1. What depends over the rationals does so there too; the
// converse fails only where the prime divides a minor. So independence that it shows is
// proved, and dependence is good for a message, not for a verdict.
func DependentColumns(matrix [][]*big.Rat) []int {
	return modular.Mersenne.DependentColumns(modular.Mersenne.Rows(IntegerRows(matrix)))
}

// exactRank returns the rank of a rational matrix. A full rank shows modulo a prime, mostly of the leading columns alone, at
// far less work than elimination takes.
func exactRank(rows [][]*big.Rat) int {
	full := min(len(rows), len(rows[0]))
	leading := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		leading[i] = row[:full]
	}
	for _, part := range [][][]*big.Rat{leading, rows} {
		if len(part[0])-len(DependentColumns(part)) == full {
			return full
		}
	}
	return len(IndependentColumns(rows))
}

// IndependentColumns returns, ascending, the indices of the columns of a rational
// matrix, given by its rows, that are independent of the columns before them. As
// many as its rank, they span its column space; the arithmetic is exact. It panics
// if there are no rows.
func IndependentColumns(rows [][]*big.Rat) []int {
	_, columns := eliminate(IntegerRows(rows), true)
	return columns
}

// exactlyDefinite tells whether a symmetric rational matrix is positive
// definite: all leading principal minors are positive.
func exactlyDefinite(rows [][]*big.Rat) bool {
	minors, _ := eliminate(IntegerRows(rows), false)
	if len(minors) < len(rows) {
		return false
	}
	for _, minor := range minors {
		if minor.Sign() <= 0 {
			return false
		}
	}
	return true
}

// exactSolve returns the rows of (A⁻¹B)ᵀ for a positive definite A and the
// rows of Bᵀ.
func exactSolve(a, b [][]*big.Rat) [][]*big.Rat {
	d := len(a)
	augmented := make([][]*big.Rat, d)
	for i := range augmented {
		augmented[i] = append(augmented[i], a[i]...)
		for k := range b {
			augmented[i] = append(augmented[i], b[k][i])
		}
	}
	rows := IntegerRows(augmented)
	eliminate(rows, false)
	determinant := rows[d-1][d-1] // times which, by Cramer's rule, the solutions are whole numbers
	x := make([][]*big.Rat, len(b))
	product := new(big.Int)
	for k := range x {
		whole := make([]*big.Int, d)
		x[k] = make([]*big.Rat, d)
		for i := d - 1; i >= 0; i-- {
			sum := new(big.Int).Mul(rows[i][d+k], determinant)
			for j := i + 1; j < d; j++ {
				sum.Sub(sum, product.Mul(rows[i][j], whole[j]))
			}
			whole[i] = sum.Quo(sum, rows[i][i])
			x[k][i] = new(big.Rat).SetFrac(whole[i], determinant)
		}
	}
	return x
}
