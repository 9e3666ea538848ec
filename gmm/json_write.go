package gmm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Write writes a document that Read reads back exactly. Numbers that no short decimal
// gives are written as fractions, weights as the smallest whole numbers in their
// proportion. It refuses, with ErrOtherModel, pairs of two modalities that a file has no
// keys for: those with δ < 1 or own covariances.
func Write(w io.Writer, d Document) error {
	type modality struct {
		Means      [][]string `json:"means"`
		Covariance any        `json:"covariance"`
	}
	var out struct {
		Name       string     `json:"name,omitempty"`
		Weights    []string   `json:"weights"`
		Means      [][]string `json:"means,omitempty"`
		Covariance any        `json:"covariance,omitempty"`
		Visual     *modality  `json:"visual,omitempty"`
		Text       *modality  `json:"text,omitempty"`
		Delta      string     `json:"delta,omitempty"`
		A          [][]string `json:"a,omitempty"`
		AVisual    [][]string `json:"a_visual,omitempty"`
		AText      [][]string `json:"a_text,omitempty"`

		Certificate json.RawMessage `json:"certificate,omitempty"`
	}
	left, right := d.Pairs.Left.exact, d.Pairs.Right.exact
	out.Name, out.Weights = left.Name, formatWeights(left.Weights)
	if d.Pairs.Modalities() == 1 {
		out.Means, out.Covariance, out.Delta = formatRows(left.Means), formatCovariance(left), FormatNumber(d.Pairs.delta)
		out.A = formatMatrix(d.A)
		out.Certificate = d.Certificate
	} else {
		if err := d.Pairs.WantCertain(); err != nil {
			return fmt.Errorf("gmm: writing %s: %w", out.Name, err)
		}
		out.Visual = &modality{formatRows(left.Means), formatCovariance(left)}
		out.Text = &modality{formatRows(right.Means), formatCovariance(right)}
		out.AVisual, out.AText = formatMatrix(d.A), formatMatrix(d.ARight)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("gmm: writing %s: %w", out.Name, err)
	}
	return nil
}

// formatWeights writes weights as whole numbers in their proportion, or as they are
// where those would be too large to be read.
func formatWeights(weights []*big.Rat) []string {
	whole := SmallestWhole(weights)
	out := make([]string, len(whole))
	for i, w := range whole {
		if new(big.Rat).SetInt(w).Cmp(largestRat) > 0 {
			return formatRow(weights)
		}
		out[i] = w.String()
	}
	return out
}

func formatCovariance(e Exact) any {
	format := func(rows [][]*big.Rat) any {
		if IsIdentity(rows) {
			return identityWord
		}
		return formatRows(rows)
	}
	if e.Covariance != nil {
		return format(e.Covariance)
	}
	var list []any
	for _, covariance := range e.Covariances {
		list = append(list, format(covariance))
	}
	return list
}

// formatMatrix returns nil for nil.
func formatMatrix(a *mat.Dense) (out [][]string) {
	if a == nil {
		return nil
	}
	rows, _ := a.Dims()
	for i := range rows {
		out = append(out, formatRow(Rationals(a.RawRowView(i)...)))
	}
	return out
}

func formatRow(row []*big.Rat) []string {
	out := make([]string, len(row))
	for i, x := range row {
		out[i] = FormatNumber(x)
	}
	return out
}

func formatRows(rows [][]*big.Rat) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = formatRow(row)
	}
	return out
}
