package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/internal/files"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

type frontierCommand struct {
	limited `embed:""`
	chosen  `embed:""`
	Axis    []string `required:"" sep:"none" placeholder:"NAME=LOW:HIGH:COUNT" help:"One or two axes of the grid: delta, separation, weight, negatives or temperature. Repeatable."`
	Family  string   `required:"" placeholder:"NAME|FILE" help:"The mixture that varies: a family's name or a mixture file; - reads standard input."`
	Claim   string   `default:"equality" placeholder:"ID" help:"What is judged: equality, or cosine-stable, whether the symmetric representation of six means, the family octahedron or a file alike, is a local minimum with --score cosine."`
	Out     string   `placeholder:"FILE" help:"Write the result to a file instead of standard output. If interrupted, what was judged until then goes beside it: to grid.partial.csv for grid.csv."`
}

// Help is shown by contrastcheck frontier --help.
func (frontierCommand) Help() string {
	var families strings.Builder
	for _, f := range frontier.Families() {
		fmt.Fprintf(&families, "  %-18s %s\n", f.Name, f.Description)
	}
	return `Judges equality, Col(A*) = S_F, on a grid of mixtures: a map of one character a point, or with --format json or csv
each point's verdict, margin (smallest eigenvalue of the whitened M_u on S_F), epsilon (its bound) and grade.

An axis has COUNT evenly spaced values from LOW to HIGH, both included, decimals or fractions:

  delta       probability that a pair shares its component, in [0, 1]; else that of the file, 1 for a family
  separation  factor of the distances of the means from the mixture's mean, from 0; 1 is the mixture as given
  weight      weight of the lightest component, between 0 and 1; the others share the rest in proportion
  negatives   whole numbers of negatives of the loss, from 1, evenly spaced in their logarithm

  temperature τ of cosines, above 0

--claim cosine-stable asks of embeddings of length 1, --score cosine, whether the symmetric representation of six means ± m e_i in more than three dimensions is a local minimum among those that read noise: the margin
is Δ of L = L(A₀) + Δε² + o(ε²), with a bound; + where Δ > 0, - where a little noise lowers the loss.

A mixture whose mean is exactly 0 is centred again after a change of weight.

Families:
` + families.String() + `
Examples:
  contrastcheck frontier --family rare-outlier --axis delta=1/10:1:10
  contrastcheck frontier --family two-points --axis delta=0.05:1:20 --axis separation=0.5:8:30 --format csv --out grid.csv
  contrastcheck frontier --family octahedron --claim cosine-stable --score cosine --axis temperature=1/10:1:10 --axis separation=1:6:21`
}

// Run executes the command.
func (c *frontierCommand) Run(s *session) error {
	grid, err := c.grid(s)
	if err != nil {
		return err
	}
	if err := c.writable(); err != nil {
		return err
	}
	bar := s.progress(grid.Size(), "judging")
	options := frontier.Options{Workers: runtime.GOMAXPROCS(0), Limit: float64(c.Limit), Progress: func() { _ = bar.Add(1) }}
	f, ended := frontier.Sweep(s.context(), grid, options)
	_ = bar.Finish()
	return c.output(s, f, ended != nil)
}

// output writes a frontier to --out or standard output; one that was interrupted beside --out,
// which keeps an earlier result.
func (c *frontierCommand) output(s *session, f frontier.Map, interrupted bool) error {
	text := func(w io.Writer) error { return writeFrontier(w, f, s.Format, s.Quiet) }
	out, path := c.Out, c.target()
	var ended error
	if interrupted {
		ended = errPartly
	}
	switch {
	case c.Out == "":
		return errors.Join(text(s.stdout), ended)
	case interrupted && !slices.ContainsFunc(f.Points, func(p frontier.Point) bool { return p.Reached }):
		return fmt.Errorf("%w before the first point was judged", errInterrupted)
	case interrupted && !c.device():
		path = beside(path)
		out = path
		ended = fmt.Errorf("%w; what was judged until then is in %s", errInterrupted, out)
	}
	if err := c.write(path, text); err != nil {
		return errors.Join(fmt.Errorf("%w: %s: %w; the result is on standard output instead", errOutput, out, err), text(s.stdout))
	}
	return ended
}

// beside is the name that an incomplete result gets: grid.partial.csv for grid.csv.
func beside(path string) string {
	ending := filepath.Ext(path)
	return strings.TrimSuffix(path, ending) + ".partial" + ending
}

// errOutput says that an output file failed after the work began.
var errOutput = errors.New("output failed")

func (c *frontierCommand) grid(s *session) (frontier.Grid, error) {
	var axes []frontier.Axis
	for _, text := range c.Axis {
		axis, err := frontier.ParseAxis(text)
		if err != nil {
			return frontier.Grid{}, fmt.Errorf("--axis: %w", err)
		}
		if axis.Parameter == frontier.Negatives && c.Negatives != "" {
			return frontier.Grid{}, errors.New("--negatives: expected none beside --axis negatives, which gives them")
		}
		axes = append(axes, axis)
	}
	base, err := frontier.FamilyNamed(c.Family)
	if err != nil {
		if _, missing := os.Stat(c.Family); missing != nil && c.Family != "-" {
			return frontier.Grid{}, fmt.Errorf("--family: %w, and no such file", err)
		}
		if base, err = (&input{limited: c.limited, File: c.Family}).pairs(s); err != nil {
			return frontier.Grid{}, err
		}
	}
	grid, err := frontier.NewGrid(base, axes...)
	if err != nil {
		return grid, fmt.Errorf("--axis: %w", err)
	}
	if c.Claim == frontier.CosineStable {
		return c.stable(grid)
	}
	if c.Claim != "equality" {
		return grid, fmt.Errorf("--claim: expected equality or %s, found %q", frontier.CosineStable, c.Claim)
	}
	loss, err := c.loss()
	if err != nil {
		return grid, err
	}
	return grid.Of(loss)
}

// writable tells, by an error, that --out can't be written to.
func (c *frontierCommand) writable() error {
	var err error
	switch {
	case c.Out == "":
	case c.device():
		if err = c.write(c.Out, func(io.Writer) error { return nil }); err != nil {
			err = fmt.Errorf("--out: %s: expected a file that can be written, found: %w", c.Out, files.Reason(err))
		}
	default:
		if err = files.Writable(c.target()); err != nil {
			err = fmt.Errorf("--out: %w", err)
		}
	}
	return err
}

// device tells that --out is there and no regular file, such as a pipe.
func (c *frontierCommand) device() bool {
	there, err := os.Stat(c.Out)
	return err == nil && !there.Mode().IsRegular()
}

// target is the file that --out is or, as a symbolic link, leads to.
func (c *frontierCommand) target() string {
	if path, err := filepath.EvalSymlinks(c.Out); err == nil {
		return path
	}
	return c.Out
}

// write writes a file, of which a former content is replaced once the new one is whole, or
// to --out as it is.
func (c *frontierCommand) write(path string, text func(io.Writer) error) error {
	if !c.device() {
		return files.Write(path, text)
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(text(f), f.Close())
}

func writeFrontier(w io.Writer, f frontier.Map, format string, quiet bool) error {
	switch format {
	case "json":
		return json.NewEncoder(w).Encode(newFrontierReport(f))
	case "csv":
		return frontierTable(w, f)
	}
	return frontierText(w, f, quiet)
}

// frontierReport is the output of frontier, in the order and with the keys of its JSON form.
type frontierReport struct {
	Name       string          `json:"name"`
	Components int             `json:"components"`
	Dimension  int             `json:"dimension"`
	Axes       []frontierAxis  `json:"axes"`
	Points     []frontierPoint `json:"points"`
	lossNames
	Claim       string `json:"claim,omitempty"`       // another than equality
	Temperature string `json:"temperature,omitempty"` // of cosines
}

type frontierAxis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type frontierPoint struct {
	At          []string `json:"at"` // one value for each axis
	Equality    string   `json:"verdict"`
	Margin      number   `json:"margin"`
	certificate          // grade, epsilon and rule
}

func newFrontierReport(f frontier.Map) frontierReport {
	base := f.Grid.Base
	r := frontierReport{Name: base.Name(), Components: base.Components(), Dimension: base.Left.Dimension(), Points: []frontierPoint{}, lossNames: namesOf(f.Grid.Loss)}
	if t := f.Grid.Temperature; t != nil {
		r.Claim, r.Score, r.Temperature = frontier.CosineStable, proof.Cosines, gmm.FormatNumber(t)
	}
	for _, a := range f.Grid.Axes {
		switch a.Parameter {
		case frontier.Negatives:
			r.Negatives = ""
		case frontier.Temperature:
			r.Temperature = ""
		}
		axis := frontierAxis{Name: string(a.Parameter)}
		for i := range a.Count {
			axis.Values = append(axis.Values, gmm.FormatNumber(a.Value(i)))
		}
		r.Axes = append(r.Axes, axis)
	}
	for _, p := range f.Points {
		if !p.Reached {
			continue
		}
		margin, epsilon := p.Deciding()
		row := frontierPoint{Equality: p.Verdict.String(), Margin: number(margin),
			certificate: certificate{p.Evidence.Grade.String(), number(epsilon), p.Evidence.Rule}}
		for _, x := range p.At {
			row.At = append(row.At, gmm.FormatNumber(x))
		}
		r.Points = append(r.Points, row)
	}
	return r
}

// frontierTable writes CSV: the axes, then verdict, margin, epsilon and grade;
// what is not finite stays empty.
func frontierTable(w io.Writer, f frontier.Map) error {
	r := newFrontierReport(f)
	table := csv.NewWriter(w)
	var header []string
	for _, a := range r.Axes {
		header = append(header, a.Name)
	}
	_ = table.Write(append(header, "verdict", "margin", "epsilon", "grade"))
	for _, p := range r.Points {
		_ = table.Write(append(p.At, p.Equality, p.Margin.cell(), p.Epsilon.cell(), p.Grade))
	}
	table.Flush()
	return table.Error()
}

// cell is a number in a table, empty where it is not finite.
func (x number) cell() string {
	if !x.finite() {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

var verdictMarks = map[oracle.Verdict]string{oracle.Holds: "+", oracle.Refuted: "-", oracle.Undecided: "?"}
