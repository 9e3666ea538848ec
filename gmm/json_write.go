package gmm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// WriteJSON writes a mixture file that ReadJSON reads back exactly. Numbers
// that no short decimal gives are written as fractions, weights as the smallest whole
// numbers in their proportion.
func WriteJSON(w io.Writer, f File) error {
	return Write(w, Document{Kind: SharedCovariance, Pairs: f.Pairs, A: f.A})
}

// Write writes a document that Read reads back exactly, as WriteJSON does.
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
	switch d.Kind {
	case SharedCovariance:
		e := d.Pairs.exact
		out.Name, out.Weights, out.Means = e.Name, formatWeights(e.Weights), formatRows(e.Means)
		out.Covariance, out.Delta = formatCovariance(e.Covariance), FormatNumber(d.Pairs.delta)
		out.Certificate = d.Certificate
	case OwnCovariances:
		e := d.General.pooled.exact
		out.Name, out.Weights, out.Means = e.Name, formatWeights(e.Weights), formatRows(e.Means)
		var list []any
		for _, covariance := range d.General.exact {
			list = append(list, formatCovariance(covariance))
		}
		out.Covariance, out.Delta = list, FormatNumber(d.General.delta)
	case TwoModalities:
		visual, text := d.Paired.Visual.exact, d.Paired.Text.exact
		out.Name, out.Weights = visual.Name, formatWeights(visual.Weights)
		out.Visual = &modality{formatRows(visual.Means), formatCovariance(visual.Covariance)}
		out.Text = &modality{formatRows(text.Means), formatCovariance(text.Covariance)}
	}
	out.A, out.AVisual, out.AText = formatMatrix(d.A), formatMatrix(d.AVisual), formatMatrix(d.AText)
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

func formatCovariance(rows [][]*big.Rat) any {
	if IsIdentity(rows) {
		return identityWord
	}
	return formatRows(rows)
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
