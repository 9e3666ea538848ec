package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"contrastcheck/comparison"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/files"
	"contrastcheck/losses"
	"contrastcheck/tables"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"gonum.org/v1/gonum/mat"
)

// projection is a map with the names of what it maps, in the order and with the keys of its JSON form.
type projection struct {
	Schema   string      `json:"schema"`
	Name     string      `json:"name"`
	Loss     string      `json:"loss"`
	Score    string      `json:"score"`
	Map      string      `json:"map"`
	Centred  bool        `json:"centred"`
	Features []string    `json:"features"`
	A        [][]float64 `json:"a"`
	B        []float64   `json:"b,omitempty"`
	Classes  []string    `json:"classes"`
}

// projectionSchema names the form of a projection.
const projectionSchema = "contrastcheck-projection/1"

// mapped is the output of project.
type mapped struct {
	projection
	Version string `json:"version"`
	// The next are those of a solution.
	Containment answer.Containment `json:"containment"`
	Equality    *answer.Equality   `json:"equality,omitempty"`
	Certificate answer.Certificate `json:"certificate"`
	Effect      *answer.Effect     `json:"effect,omitempty"`
	Meaning     string             `json:"meaning"`
	Directions  *directions        `json:"directions,omitempty"` // none where so few columns cannot span the Fisher subspace
	Rows        int                `json:"rows"`
	Missing     int                `json:"missing_rows,omitempty"`
	Out         string             `json:"out,omitempty"`
	Saved       string             `json:"projection,omitempty"`
	Data        *preparation       `json:"data,omitempty"`

	of   string // whose rows
	html string // of --format notebook, a fragment of a page
}

func (c *projectCommand) mapped(found solution, m comparison.Map, columns []string, t *tables.Table) mapped {
	p := projection{Schema: projectionSchema, Name: found.Name, Loss: found.Loss, Score: found.Score, Map: found.Map, Centred: c.Centre, Features: columns, B: m.B, Classes: c.classes}
	for i := range columns {
		p.A = append(p.A, mat.Row(nil, i, m.A))
	}
	r := mapped{projection: p, Version: answer.Version(), Rows: len(t.Class), Missing: t.Missing, Data: c.preparation, of: t.Name, Meaning: found.Findings.Meaning(found.Effect.Found),
		Containment: found.Containment, Equality: found.Equality, Certificate: found.Certificate, Effect: found.Effect}
	if found.Against != nil {
		r.Meaning = block[againstShared](found.Against).Sentence
	}
	if found.Directions != nil {
		r.Directions = &found.Directions[0]
	}
	return r
}

// write writes the files that are asked for, and names in r those that are there.
func (c *projectCommand) write(r *mapped, t *tables.Table, m comparison.Map) error {
	keep := func(path string, kept *string, write func(io.Writer) error) error {
		if path == "" {
			return nil
		}
		if err := files.Write(path, write); err != nil {
			return fmt.Errorf("%w: %w", errNotKept, err)
		}
		*kept = path
		return nil
	}
	err := keep(c.Out, &r.Out, func(w io.Writer) error {
		z := m.Rows(t)
		if filepath.Ext(c.Out) == ".npy" {
			return tables.WriteNPY(w, z)
		}
		return tables.WriteCSV(w, c.labelName(), labelsOf(t), r.columns(), z)
	})
	if err != nil {
		return err
	}
	return keep(c.Save, &r.Saved, func(w io.Writer) error { return r.save(w, filepath.Ext(c.Save), m) })
}

// labelName is the name of the column of labels.
func (c *projectCommand) labelName() string {
	if c.Label == "" || c.NoHeader {
		return "label"
	}
	return c.Label
}

// labelsOf are the labels of a table that has some.
func labelsOf(t *tables.Table) []string {
	if len(t.Classes) == 1 && t.Classes[0] == tables.Unlabelled {
		return nil
	}
	return t.Labels()
}

// columns are the names of the coordinates that the map gives: z1, z2, …
func (p projection) columns() []string {
	names := make([]string, len(p.A[0]))
	for j := range names {
		names[j] = "z" + strconv.Itoa(j+1)
	}
	return names
}

// save writes the map in the form that an ending names: .csv has a line for each feature, and b as the last.
func (p projection) save(w io.Writer, ending string, m comparison.Map) error {
	switch ending {
	case ".json":
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(p)
	case ".npy":
		return tables.WriteNPY(w, m.A)
	}
	if m.B == nil {
		return tables.WriteCSV(w, "feature", p.Features, p.columns(), m.A)
	}
	var all mat.Dense
	all.Stack(m.A, mat.NewDense(1, len(m.B), m.B))
	return tables.WriteCSV(w, "feature", append(append([]string{}, p.Features...), "b"), p.columns(), &all)
}

// text writes the outcome for a person.
func (r mapped) text(b *bytes.Buffer, quiet bool) {
	formula := "z = Aᵀx"
	switch {
	case r.Map == losses.Affine:
		formula += " + b"
	case r.B != nil:
		formula = "z = Aᵀ(x − μ) = Aᵀx + b"
	}
	if r.Out != "" {
		missing := ""
		if r.Missing > 0 {
			missing = fmt.Sprintf(", without %d with a missing value", r.Missing)
		}
		fmt.Fprintf(b, "%s: %s of %s mapped to %d by %s, in %s%s\n", printable(r.of), count(r.Rows, "row"), count(len(r.Features), "column"), len(r.A[0]), formula, r.Out, missing)
	}
	if r.Saved != "" {
		fmt.Fprintf(b, "A%s, of %s, in %s\n", map[bool]string{true: " and b"}[r.B != nil], printable(r.Name), r.Saved)
	}
	if quiet {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", r.Meaning)
	t := plainTable()
	header := table.Row{"A"}
	configs := []table.ColumnConfig{}
	for j, name := range r.columns() {
		header = append(header, name)
		configs = append(configs, table.ColumnConfig{Number: j + 2, Align: text.AlignRight})
	}
	t.AppendRow(header)
	t.SetColumnConfigs(configs)
	line := func(name string, of []float64) {
		row := table.Row{printable(name)}
		for _, x := range of {
			row = append(row, fmt.Sprintf("%.8g", x))
		}
		t.AppendRow(row)
	}
	shown := min(mostFeatures, len(r.Features))
	for i, name := range r.Features[:shown] {
		line(name, r.A[i])
	}
	if more := len(r.Features) - shown; more > 0 {
		t.AppendRow(table.Row{count(more, "more row") + "; --save-projection keeps all"})
	}
	if r.B != nil {
		line("b", r.B)
	}
	fmt.Fprintln(b, t.Render())
}

// mostFeatures are shown to people; JSON and --save-projection have them all.
const mostFeatures = 20
