package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/files"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/mat"
)

type projectCommand struct {
	input  `embed:""`
	chosen `embed:""`
	On     string `placeholder:"OTHER" help:"Map the rows of another table, with the same columns by name, in any order; labels are optional. Default: those of --data."`
	Out    string `placeholder:"FILE" help:"Where the mapped rows go: .npy, float64, or .csv, with labels where there are some."`
	Save   string `name:"save-projection" placeholder:"FILE" help:"Keep the map itself: .json, .csv, a line for each column of the table, or .npy, A alone."`
	Rank   *int   `placeholder:"R" help:"Columns of A at most. Default: all that the minimiser has. Below the Fisher dimension it is the best stationary point found."`
}

// Help is shown by contrastcheck project --help.
func (projectCommand) Help() string {
	return `Learns the representation x ↦ Aᵀx of a table, as solve does, and applies it to rows: those of the table, or with --on those of another.

NumPy has the same numbers: X @ A for X the columns listed under "features", in their order, but for rounding (2d·2⁻⁵³ Σ|x||a|). With --centre the
table's mean is subtracted first: x ↦ Aᵀ(x − μ), written as X @ A + b. So are affine maps (--map affine). Columns that are 0 are left out of A.

Rows keep their order. Those with a missing value are refused, or with --missing drop left out, and counted.

Examples:
  contrastcheck project --data testdata/iris.csv --label species --centre --out iris.npy
  contrastcheck project --data testdata/iris.csv --label species --on new-flowers.csv --out new.csv
  contrastcheck project --data X.npy --labels y.npy --loss sigmoid --out Z.npy --save-projection A.json`
}

// Run executes the command.
func (c *projectCommand) Run(s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	loss, err := c.loss()
	if err != nil {
		return err
	}
	t, shrinkage, err := c.table(s)
	if err != nil {
		return err
	}
	c.look(s, t, nil)
	raw, _, err := c.fittedTo(s, t, shrinkage)
	if err != nil {
		return err
	}
	columns := t.Columns
	if c.On != "" { // before the solve, as it may be refused
		if t, err = c.others(s, t); err != nil {
			return err
		}
	}
	p, err := c.adjusted(raw)
	if err != nil {
		return err
	}
	solve := solveCommand{input: c.input, chosen: c.chosen, Rank: c.Rank}
	found, err := solve.decide(s, loss, p)
	if err != nil {
		return err
	}
	if found.Minimiser.None {
		return fmt.Errorf("%s: expected classes that have a best affine map, found none: the best bias has a part along what M* does not see", c.source())
	}
	m, err := c.mapping(found, raw.Left)
	if err != nil {
		return err
	}
	r := c.mapped(found, m, columns, t)
	if s.Format == notebook {
		r.html = solve.glance(found.Solution)
	}
	return errors.Join(c.write(&r, t, m), s.print(r))
}

// check refuses flags that do not go together, and places that cannot be written, before the work.
func (c *projectCommand) check() error {
	switch {
	case c.Data == "":
		return errors.New("project needs rows: --data FILE --label COLUMN; see contrastcheck project --help")
	case c.input.Text != "":
		return errors.New("project maps the rows of one table; expected no --text")
	case c.On == "-" && c.Data == "-":
		return errors.New("expected --data or --on from standard input, found both")
	case c.Out == "" && c.Save == "":
		return errors.New("expected --out FILE.npy or FILE.csv for the mapped rows, or --save-projection FILE for the map")
	case c.On != "" && c.Out == "":
		return errors.New("--on: expected --out FILE.npy or FILE.csv, where its mapped rows go")
	}
	if err := c.input.check(); err != nil {
		return err
	}
	for _, place := range []struct {
		flag, path string
		endings    []string
	}{{"--out", c.Out, []string{".npy", ".csv"}}, {"--save-projection", c.Save, []string{".json", ".csv", ".npy"}}} {
		if place.path == "" {
			continue
		}
		if found := filepath.Ext(place.path); !slices.Contains(place.endings, found) {
			return fmt.Errorf("%s: expected a file that ends in %s, found %s", place.flag, strings.Join(place.endings, " or "), place.path)
		}
		if err := files.Writable(place.path); err != nil {
			return fmt.Errorf("%s: %w", place.flag, err)
		}
	}
	return c.distinct()
}

// distinct refuses places that are one, or those of a table that is read, which would be lost.
func (c *projectCommand) distinct() error {
	if sameFile(c.Out, c.Save) {
		return errors.New("--out and --save-projection: expected two files, found one")
	}
	for _, written := range []struct{ flag, path string }{{"--out", c.Out}, {"--save-projection", c.Save}} {
		for _, read := range []struct{ flag, path string }{{"--data", c.Data}, {"--labels", c.Labels}, {"--on", c.On}} {
			if sameFile(written.path, read.path) {
				return fmt.Errorf("%s: expected another file than that of %s, which would be replaced; found %s", written.flag, read.flag, written.path)
			}
		}
	}
	return nil
}

// sameFile tells whether two paths lead to one file, there already or not; "" leads nowhere.
func sameFile(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	one, first := os.Stat(a)
	other, second := os.Stat(b)
	if first == nil && second == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// others reads the rows of --on.
func (c *projectCommand) others(s *session, like *tables.Table) (*tables.Table, error) {
	o := tables.Options{Label: c.Label, NoHeader: c.NoHeader, Drop: slices.Clone(c.Drop), DropMissing: c.Missing != "", Like: like, Limit: c.reading()}
	if c.preparation != nil {
		o.Drop = append(o.Drop, c.preparation.Dropped...)
	}
	return readFrom(c.On, s.stdin, func(name string, r io.Reader) (*tables.Table, error) {
		r, done := s.watched(r)
		defer done()
		return tables.Read(name, r, o)
	})
}

// mapping is the map of a solution, without columns that are 0.
func (c *projectCommand) mapping(found solution, raw *gmm.Mixture) (comparison.Map, error) {
	a := found.Minimiser.A
	columns := 0
	for _, row := range a {
		for j, x := range row {
			if x.Value != 0 {
				columns = max(columns, j+1)
			}
		}
	}
	if columns == 0 {
		return comparison.Map{}, fmt.Errorf("%s: expected classes that the loss tells apart, found a minimiser A* = 0, which maps every row to 0", c.source())
	}
	m := comparison.Map{A: mat.NewDense(len(a), columns, nil)}
	for i, row := range a {
		for j := range columns {
			m.A.Set(i, j, row[j].Value)
		}
	}
	if c.Centre {
		m = m.Centred(answer.MeanOf(raw))
	}
	if found.Affine != nil {
		m = m.Biased(found.Minimiser.B[:columns])
	}
	return m, nil
}
