package cli

import (
	"fmt"
	"io"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"

	"github.com/jedib0t/go-pretty/v6/table"
)

// stationarySolution is the output of solve for a loss that is not convex in M: text for people beside the JSON form.
type stationarySolution struct {
	answer.Stationary
	title, space string               // of the loss, and of its subspace
	found        losses.Stationary    // what it was made of
	centred      *stationarySolution  // beside a raw one
	more         func(t table.Writer) // rows of a kind of loss; nil for none
}

// newStationary writes what was found of pairs.
func newStationary(p gmm.Pairs, settings losses.Settings, title string, d losses.Stationary, rank, of int, outside float64) stationarySolution {
	return stationarySolution{Stationary: answer.NewStationary(p, settings, d, rank, of, outside), title: title, space: "S_F", found: d}
}

// beside adds the centred reading.
func (s *stationarySolution) beside(centred stationarySolution) {
	s.centred, s.Centred = &centred, &centred.Stationary
}

// text writes the solution for a person. A quiet text ends after the verdict.
func (s stationarySolution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s, δ = %.6g, Fisher subspace %s of dimension %d, %s\n\n", name, count(s.Components, "component"), count(s.Dimension, "dimension"), s.Delta, s.space, s.FisherDimension, s.title)
	s.body(&b, quiet)
	if c := s.centred; c != nil {
		fmt.Fprintf(&b, "\nCentred, as by --centre: Fisher subspace %s of dimension %d\n\n", c.space, c.FisherDimension)
		c.body(&b, quiet)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s stationarySolution) body(b *strings.Builder, quiet bool) {
	t := plainTable()
	t.AppendRow(table.Row{"Containment", "Col(A*) ⊆ " + s.space, strings.ToUpper(s.Containment.Verdict), s.found.Reason(s.space)})
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	fmt.Fprintf(b, "\nThis loss is not convex in AAᵀ: A* is the best stationary point that was found, not certainly a minimum.\n\n")
	t = plainTable()
	row := func(name, text string) { t.AppendRow(table.Row{name, text}) }
	best := s.found.Best
	row("Best A found", fmt.Sprintf("rank %d, loss %.12g ± %.1g, %.3g of AAᵀ outside %s", s.Minimiser.Rank, best.Loss, best.LossError, float64(s.Containment.Defect), s.space))
	row("Gradient", fmt.Sprintf("norm %.1g; least curvature %.4g: %s", best.GradientNorm, best.LeastCurvature, best.Curved()))
	inside := fmt.Sprintf("loss %.12g ± %.1g at best found", s.found.Inside.Loss, s.found.Inside.LossError)
	if s.Inside.AtLeast.Finite() {
		inside += fmt.Sprintf("; every A inside has at least %.12g", s.found.AtLeast)
	}
	row("Inside "+s.space, inside)
	if s.more != nil {
		s.more(t)
	}
	solver := s.Method
	if best.Starts > 0 {
		solver += fmt.Sprintf(", %d of %s of this rank led to it", best.Reached, count(best.Starts, "start"))
	}
	if best.Rule != "" {
		solver += ", " + best.Rule + ", " + count(best.Points, "node")
	}
	row("Solver", solver)
	if s.Unresolved != "" {
		row("", "not searched: "+s.Unresolved)
	}
	s.evidence(row)
	fmt.Fprintln(b, t.Render())
	if s.Minimiser.A != nil {
		fmt.Fprintf(b, "\nA* as columns:\n%s\n", columns(s.Minimiser.A))
	}
}

// evidence adds the rows of what the verdict rests on and of the time.
func (s stationarySolution) evidence(row func(name, text string)) {
	by := s.found.By
	if s.Inside.AtLeast.Finite() {
		by = s.Certificate.Grade + ", " + by
	}
	if by != "" && !s.found.Everything {
		row("Certificate", by)
	}
	row("Time", fmt.Sprintf("%.3g s", s.Seconds))
}
