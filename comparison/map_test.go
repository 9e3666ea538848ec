package comparison

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Rows are mapped to X A + b, to the error that Map.Rows states, against rational arithmetic.
func TestMapOfRows(t *testing.T) {
	rounded := 0
	rapid.Check(t, func(t *rapid.T) {
		n, d, r := rapid.IntRange(1, 20).Draw(t, "n"), rapid.IntRange(1, 12).Draw(t, "d"), rapid.IntRange(1, 4).Draw(t, "r")
		draw := rapid.Float64Range(-1e3, 1e3)
		m := Map{A: mat.NewDense(d, r, nil), B: make([]float64, r)}
		for j := range r {
			m.B[j] = draw.Draw(t, "b")
			for i := range d {
				m.A.Set(i, j, draw.Draw(t, "a"))
			}
		}
		var text strings.Builder
		text.WriteString("class")
		for j := range d {
			fmt.Fprintf(&text, ",%d", j)
		}
		for range n {
			text.WriteString("\nk")
			for range d {
				fmt.Fprintf(&text, ",%v", rapid.IntRange(-1<<20, 1<<20).Draw(t, "x"))
			}
		}
		table, err := tables.Read("t", strings.NewReader(text.String()), tables.Options{Label: "class"})
		if err != nil {
			t.Fatal(err)
		}
		x, z := table.Rows(table.All()), m.Rows(table)
		for i := range n {
			for j := range r {
				sum, size := gmm.Rationals(m.B[j])[0], math.Abs(m.B[j])
				for c := range d {
					sum.Add(sum, new(big.Rat).Mul(gmm.Rationals(x.At(i, c))[0], gmm.Rationals(m.A.At(c, j))[0]))
					size += math.Abs(x.At(i, c) * m.A.At(c, j))
				}
				off, _ := sum.Sub(sum, gmm.Rationals(z.At(i, j))[0]).Float64()
				if bound := float64(d+1) * 0x1p-53 * size * (1 + 1e-12); math.Abs(off) > bound {
					t.Fatalf("row %d, column %d is off by %v, more than %v", i, j, off, bound)
				}
				if off != 0 {
					rounded++
				}
			}
		}
	})
	if rounded < 100 {
		t.Errorf("only %d numbers were rounded", rounded)
	}
}

// A centred map takes the mean to 0.
func TestCentredMap(t *testing.T) {
	a := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	m := Map{A: a}.Centred([]float64{10, -1})
	for j, want := range []float64{-6, -15, -24} {
		if m.B[j] != want {
			t.Errorf("b[%d] = %v, want %v", j, m.B[j], want)
		}
	}
}
