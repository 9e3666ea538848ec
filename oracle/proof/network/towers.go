package network

import (
	"fmt"
	"math/big"

	"contrastcheck/oracle/interval"
)

// insideReLU encloses a lower bound of the loss of every network that sees x₁ alone. One M̂ bounds that of one tower, L ≥ bound + ⟨M, Γ⟩ ≥ bound, where Γ ⪰ 0. Of two
// towers M is any matrix. Five M̂ with Γ_j of which 0 is a convex combination, Σ λ_j Γ_j = 0, bound it by L ≥ Σ λ_j bound_j ≥ min_j bound_j: the λ are the solution of
// five linear equations, which interval elimination encloses for all Γ_j in their enclosures, and must be positive.
func insideReLU(c *interval.Context, p placed[interval.Interval], t Tilts) (interval.Interval, error) {
	cells := t.cells()
	if len(t.Matrices) == 1 {
		bound, gamma := reluInside(c, p, matrixIn(c, t.Matrices[0]), cells)
		gamma = oneTower(c, gamma)
		if gamma[0][0].Sign() <= 0 || determinant(c, gamma).Sign() <= 0 {
			return bound, fmt.Errorf("%w: the tilts bound no loss from below", ErrUndecided)
		}
		return bound, nil
	}
	var bounds []interval.Interval
	rows := make([][]interval.Interval, twoTowers)
	for _, m := range t.Matrices {
		bound, gamma := reluInside(c, p, matrixIn(c, m), cells)
		bounds = append(bounds, bound)
		for i, x := range []interval.Interval{gamma[0][0], gamma[0][1], gamma[1][0], gamma[1][1], c.FromInt(1)} {
			rows[i] = append(rows[i], x)
		}
	}
	right := make([]interval.Interval, twoTowers)
	for i := range right {
		right[i] = c.FromInt(int64(i / (twoTowers - 1)))
	}
	least := bounds[0]
	for j, weight := range solve(c, rows, right) {
		if weight.Sign() <= 0 {
			return least, fmt.Errorf("%w: the tilts bound no loss of two towers from below", ErrUndecided)
		}
		if bounds[j].Lower().Cmp(least.Lower()) < 0 {
			least = bounds[j]
		}
	}
	return least, c.Err()
}

// solve encloses the solutions of all systems in a square one, by elimination with the largest pivots; where a pivot may be 0, the context fails.
func solve(c *interval.Context, rows [][]interval.Interval, right []interval.Interval) []interval.Interval {
	size := len(right)
	smallest := func(x interval.Interval) *big.Float { // |t| of t in x
		if x.Sign() == 0 {
			return new(big.Float)
		}
		return c.Abs(x).Lower()
	}
	for column := range size {
		pivot := column
		for i := column; i < size; i++ {
			if smallest(rows[i][column]).Cmp(smallest(rows[pivot][column])) > 0 {
				pivot = i
			}
		}
		rows[column], rows[pivot] = rows[pivot], rows[column]
		right[column], right[pivot] = right[pivot], right[column]
		for i := range size {
			if i == column {
				continue
			}
			factor := c.Quo(rows[i][column], rows[column][column])
			for j := column; j < size; j++ {
				rows[i][j] = c.Sub(rows[i][j], c.Mul(factor, rows[column][j]))
			}
			right[i] = c.Sub(right[i], c.Mul(factor, right[column]))
		}
	}
	return list(size, func(i int) interval.Interval { return c.Quo(right[i], rows[i][i]) })
}
