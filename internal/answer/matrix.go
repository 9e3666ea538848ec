package answer

import (
	"encoding/json"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Matrix is a matrix as it is printed, by rows.
type Matrix [][]Entry

// Entry is a number of a matrix; JSON shows all its digits, be they more than float64 holds.
type Entry gmm.Decimal

// MarshalJSON implements json.Marshaler.
func (x Entry) MarshalJSON() ([]byte, error) {
	if x.Text != "" {
		return []byte(x.Text), nil
	}
	return json.Marshal(x.Value)
}

// Rows prints a matrix in float64.
func Rows(a mat.Matrix) Matrix {
	n, _ := a.Dims()
	out := make(Matrix, n)
	for i := range out {
		for _, x := range mat.Row(nil, i, a) {
			out[i] = append(out[i], Entry{Value: x})
		}
	}
	return out
}

// written prints a matrix of a candidate, and zeros up to so many columns.
func written(w gmm.Written, columns int) Matrix {
	out := make(Matrix, len(w.Entries))
	for i, row := range w.Entries {
		for _, x := range row {
			out[i] = append(out[i], Entry(x))
		}
		for len(out[i]) < columns {
			out[i] = append(out[i], Entry{})
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
