package cli

import (
	"fmt"

	"contrastcheck/internal/answer"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// columns writes a matrix, a line a row, to eight digits, or to all where float64 does not hold them.
func columns(m answer.Matrix) string {
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

// vector is a row.
func vector(x []float64) answer.Matrix {
	row := make([]answer.Entry, len(x))
	for i, y := range x {
		row[i].Value = y
	}
	return answer.Matrix{row}
}
