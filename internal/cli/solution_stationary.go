package cli

import (
	"fmt"
	"io"
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/losses"

	"github.com/jedib0t/go-pretty/v6/table"
	"gonum.org/v1/gonum/mat"
)

// stationarySolution is the output of solve for a loss that is not convex in M, in the order and with the keys of its JSON form: of solution, without what rests on a
// minimum over all matrices.
type stationarySolution struct {
	made
	Name            string               `json:"name"`
	Components      int                  `json:"components"`
	Dimension       int                  `json:"dimension"`
	FisherDimension int                  `json:"fisher_dimension"`
	Delta           float64              `json:"delta"`
	Rank            int                  `json:"rank"`
	Method          string               `json:"method"`
	Minimiser       stationaryMinimiser  `json:"minimiser"`
	Inside          stationaryInside     `json:"inside"`
	Quadrature      *quadrature          `json:"quadrature,omitempty"`
	Containment     containment          `json:"containment"`
	Certificate     certificate          `json:"certificate"`
	Data            *preparation         `json:"data,omitempty"`
	Seconds         float64              `json:"seconds"`
	Loss            string               `json:"loss"`
	Score           string               `json:"score"`
	Map             string               `json:"map"`
	Negatives       setting              `json:"negatives,omitempty"`
	Bias            *number              `json:"bias,omitempty"`
	Temperature     *number              `json:"temperature,omitempty"`
	Normalised      *normalised          `json:"normalised,omitempty"`
	Centred         *stationarySolution  `json:"centred,omitempty"`
	Unresolved      string               `json:"unresolved,omitempty"`
	title, space    string               // of the loss, and of its subspace
	found           losses.Stationary    // what it was made of
	more            func(t table.Writer) // rows of a kind of loss; nil for none
}

type stationaryMinimiser struct {
	M            matrix `json:"m,omitempty"`
	A            matrix `json:"a,omitempty"`
	Net          any    `json:"net,omitempty"`
	Loss         number `json:"loss"`
	Rank         int    `json:"rank"`
	Stationary   bool   `json:"stationary"`
	GradientNorm number `json:"gradient_norm"`
	SecondOrder  number `json:"second_order"`
	Distance     number `json:"distance_bound"` // not known
}

type stationaryInside struct {
	Loss    number `json:"loss"`
	AtLeast number `json:"at_least"`
}

// newStationary writes what was found of pairs with representations of rank columns, the best of which has less than that or as many; outside is its share outside the subspace.
func newStationary(p gmm.Pairs, settings losses.Settings, title string, d losses.Stationary, rank, of int, outside float64) stationarySolution {
	grade := d.Grade.String()
	by := ""
	if d.Everything {
		by = "construction"
	}
	s := stationarySolution{Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension(), Delta: p.Delta(), Rank: rank,
		Method: "literal", Inside: stationaryInside{number(d.Inside.Loss), number(d.AtLeast)},
		Minimiser:   stationaryMinimiser{Loss: number(d.Best.Loss), Rank: of, Stationary: true, GradientNorm: number(d.Best.GradientNorm), SecondOrder: number(d.Best.LeastCurvature), Distance: number(math.Inf(1))},
		Containment: answer.NewContainment(d.Containment(), outside, by), Certificate: certificate{Grade: grade, Epsilon: number(math.Inf(1)), Rule: d.By},
		Loss: settings.Loss, Score: settings.Score, Map: settings.Map, Negatives: setting(settings.Negatives),
		title: title, space: "S_F", found: d}
	if a := d.Best.A; a != nil {
		var m mat.Dense
		m.Mul(a, a.T())
		s.Minimiser.M, s.Minimiser.A = answer.Rows(&m), answer.Rows(a)
	}
	if d.Best.Rule != "" {
		s.Quadrature = &quadrature{Rule: d.Best.Rule, Points: d.Best.Points, ErrorEstimate: number(d.Best.LossError)}
	}
	if b := d.Best.Bias; !math.IsNaN(b) {
		bias := number(b)
		s.Bias = &bias
	}
	return s
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
	if c := s.Centred; c != nil {
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
