package gmm_test

import (
	"fmt"
	"math/big"
	"testing"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Columns chosen as independent are so, and the others depend on those before them:
// a column is chosen iff it raises the rank. The columns drawn are combinations of
// unit vectors, so that the ranks are known.
func TestIndependentColumns(t *testing.T) {
	dependent := 0
	rapid.Check(t, func(t *rapid.T) {
		const rows = 4
		n := rapid.IntRange(1, 6).Draw(t, "columns")
		matrix := make([][]*big.Rat, rows)
		for i := range matrix {
			matrix[i] = make([]*big.Rat, n)
		}
		var want []int
		for j := range n {
			fresh := len(want) < rows && rapid.Bool().Draw(t, "fresh")
			if fresh {
				want = append(want, j)
			} else {
				dependent++
			}
			for i := range rows { // a fresh column leaves the span of the first unit vectors
				x := int64(0)
				switch {
				case fresh && i == len(want)-1:
					x = 1
				case i < len(want):
					x = int64(rapid.IntRange(-3, 3).Draw(t, "entry"))
				}
				matrix[i][j] = big.NewRat(x, 3)
			}
		}
		if got := gmm.IndependentColumns(matrix); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("columns %v are independent, want %v", got, want)
		}
	})
	if dependent == 0 {
		t.Error("no dependent column was drawn")
	}
}
