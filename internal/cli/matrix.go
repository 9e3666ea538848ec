package cli

import (
	"encoding/json"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"gonum.org/v1/gonum/mat"
)

// matrix is a matrix as it is printed, by rows.
type matrix [][]entry

// vector is a row.
func vector(x []float64) matrix {
	row := make([]entry, len(x))
	for i, y := range x {
		row[i].Value = y
	}
	return matrix{row}
}

// entry is a number of a matrix; JSON shows all its digits, be they more than float64 holds.
type entry gmm.Decimal

// MarshalJSON implements json.Marshaler.
func (x entry) MarshalJSON() ([]byte, error) {
	if x.Text != "" {
		return []byte(x.Text), nil
	}
	return json.Marshal(x.Value)
}

// rows prints a matrix in float64.
func rows(a mat.Matrix) matrix {
	n, _ := a.Dims()
	out := make(matrix, n)
	for i := range out {
		for _, x := range mat.Row(nil, i, a) {
			out[i] = append(out[i], entry{Value: x})
		}
	}
	return out
}

// written prints a matrix of a candidate, and zeros up to so many columns.
func written(w gmm.Written, columns int) matrix {
	out := make(matrix, len(w.Entries))
	for i, row := range w.Entries {
		for _, x := range row {
			out[i] = append(out[i], entry(x))
		}
		for len(out[i]) < columns {
			out[i] = append(out[i], entry{})
		}
	}
	return out
}

// needed is how near a printed matrix has to be to the exact one with the coefficients n, whitened: as near as that is to the
// minimiser, or to where nobody could tell a difference, be it by the verdict.
func needed(distance, margin float64, n mat.Matrix) float64 {
	const indifferent, ofMargin = 1e-10, 0.125
	least := indifferent * mat.Norm(n, 2)
	if !math.IsNaN(margin) {
		least = math.Min(least, ofMargin*math.Abs(margin))
	}
	return math.Max(distance, least)
}

// columns writes a matrix, a line a row, to eight digits, or to all where float64 does not hold them.
func (m matrix) columns() string {
	t := plainTable()
	var configs []table.ColumnConfig
	for _, row := range m {
		cells := table.Row{}
		for _, x := range row {
			if x.Text != "" {
				cells = append(cells, x.Text)
				continue
			}
			cells = append(cells, fmt.Sprintf("%.8g", x.Value))
		}
		t.AppendRow(cells)
	}
	for i := range m[0] {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	return t.Render()
}
