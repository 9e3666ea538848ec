package gmm_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

func readTable(t *testing.T) *gmm.Table {
	t.Helper()
	table, err := gmm.ReadTable("dir/t.csv", strings.NewReader("x,class,y\n1,a,0\n3,a,2\n5,b,1/2\n7,b,-0.5\n9,b,4\n"), "class")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// A mixture fitted to some of the samples is the one fitted to a table of them alone.
func TestFitOfSomeSamples(t *testing.T) {
	table := readTable(t)
	if got := fmt.Sprint(table.Name, table.Columns, table.Classes, table.Class); got != "t[x y] [a b] [0 0 1 1 1]" {
		t.Errorf("read %s", got)
	}
	m, err := table.Fit([]int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	// As in TestReadTable, which reads these four lines.
	want := "Mixture{weights 1:1, means (2, 1) (6, 0), covariance (1, 0.25) (0.25, 0.625)}"
	if got := m.GoString(); got != want {
		t.Errorf("fitted %s, want %s", got, want)
	}
	x := table.Rows([]int{4, 2})
	if x.At(0, 0) != 9 || x.At(0, 1) != 4 || x.At(1, 1) != 0.5 {
		t.Errorf("rows %v", x)
	}
}

func TestFitRefuses(t *testing.T) {
	table := readTable(t)
	for _, c := range []struct {
		samples []int
		reason  error
	}{{[]int{0, 1}, gmm.ErrShape}, {nil, gmm.ErrShape}, {[]int{0, 2}, gmm.ErrNotPositiveDefinite}, {[]int{0, 1, 2}, gmm.ErrNotPositiveDefinite}} {
		_, err := table.Fit(c.samples)
		if !errors.Is(err, c.reason) {
			t.Errorf("samples %v: %v, want %v", c.samples, err, c.reason)
		}
	}
}

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
