package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"github.com/jedib0t/go-pretty/v6/table"
	"gonum.org/v1/gonum/mat"
)

// pairedSolution is the output of solve for two modalities, in the order and with
// the keys of its JSON form. Containment and equality are those of both sides.
type pairedSolution struct {
	Name            string          `json:"name"`
	Components      int             `json:"components"`
	Dimension       sides[int]      `json:"dimension"`
	FisherDimension sides[int]      `json:"fisher_dimension"`
	Rank            int             `json:"rank"`
	Method          string          `json:"method"`
	Minimiser       pairedMinimiser `json:"minimiser"`
	Quadrature      *quadrature     `json:"quadrature,omitempty"`
	Containment     containment     `json:"containment"`
	Equality        equality        `json:"equality"`
	Visual          sideVerdicts    `json:"visual"`
	Text            sideVerdicts    `json:"text"`
	Certificate     certificate     `json:"certificate"`
	Seconds         float64         `json:"seconds"`

	loss string // its name
	how  string // the solver's rule
}

// sides is a value of each modality.
type sides[T any] struct {
	Visual T `json:"visual"`
	Text   T `json:"text"`
}

type pairedMinimiser struct {
	M              matrix    `json:"m"`
	AVisual        matrix    `json:"a_visual"`
	AText          matrix    `json:"a_text"`
	Loss           number    `json:"loss"`
	Rank           int       `json:"rank"`
	SingularValues []float64 `json:"whitened_singular_values"`
	GradientNorm   number    `json:"gradient_norm"`
	DistanceBound  number    `json:"distance_bound"`
}

type sideVerdicts struct {
	Containment containment `json:"containment"`
	Equality    equality    `json:"equality"`
}

func newPairedSolution(loss string, p gmm.Pairs, rank int, c solver.CrossCandidate, f oracle.PairedFindings) pairedSolution {
	side := func(s oracle.SideFindings) sideVerdicts {
		v := sideVerdicts{containment{Verdict: s.Containment.String(), Defect: number(s.Defect)}, equality{s.Equality.String(), number(s.Margin)}}
		if s.ByConstruction {
			v.Containment.By = "construction"
		}
		return v
	}
	margin := smaller(f.Visual.Margin, f.Text.Margin)
	m, aVisual, aText, distance := printedCross(p, c, rank, margin)
	s := pairedSolution{
		Name: p.Name(), Components: p.Components(), Dimension: sides[int]{p.Left.Dimension(), p.Right.Dimension()},
		FisherDimension: sides[int]{p.Left.FisherDimension().Value, p.Right.FisherDimension().Value},
		Rank:            rank, Method: c.Method,
		Minimiser: pairedMinimiser{M: m, AVisual: aVisual, AText: aText, Loss: number(c.Loss), Rank: certainRank(p, c, f),
			SingularValues: c.SingularValues, GradientNorm: number(c.GradientNorm), DistanceBound: distance},
		Containment: containment{Verdict: both(f.Visual.Containment, f.Text.Containment).String(),
			Defect: number(math.Max(f.Visual.Defect, f.Text.Defect))},
		Equality:    equality{both(f.Visual.Equality, f.Text.Equality).String(), number(margin)},
		Visual:      side(f.Visual),
		Text:        side(f.Text),
		Certificate: certificate{f.Certificate.Grade.String(), number(f.Certificate.Epsilon), f.Certificate.Rule},
		loss:        loss,
		how:         c.Rule,
	}
	if c.Points > 0 {
		s.Quadrature = &quadrature{c.Rule, c.Points, number(c.RuleError)}
		s.how += ", " + count(c.Points, "node")
	}
	if f.Visual.ByConstruction && f.Text.ByConstruction {
		s.Containment.By = "construction"
	}
	if s.Minimiser.SingularValues == nil {
		s.Minimiser.SingularValues = []float64{}
	}
	return s
}

// certainRank is the rank of M* that is certain: what the solver's own bound tells,
// or more where the oracle's tells that it spans a Fisher subspace.
func certainRank(p gmm.Pairs, c solver.CrossCandidate, f oracle.PairedFindings) int {
	rank := c.Rank
	if f.Visual.Equality == oracle.Holds {
		rank = max(rank, p.Left.FisherDimension().Value)
	}
	if f.Text.Equality == oracle.Holds {
		rank = max(rank, p.Right.FisherDimension().Value)
	}
	return rank
}

// padded returns the d×r matrix of a's columns, of which nil has none, and zeros.
func padded(a *mat.Dense, d, r int) *mat.Dense {
	out := mat.NewDense(d, r, nil)
	if a != nil {
		_, columns := a.Dims()
		out.Slice(0, d, 0, columns).(*mat.Dense).Copy(a)
	}
	return out
}

// fits refuses fewer columns than the smaller Fisher subspace has dimensions: such
// representations need not reach the minimum.
func fits(p gmm.Pairs, rank int) error {
	if least := min(p.Left.FisherDimension().Value, p.Right.FisherDimension().Value); rank < least {
		return fmt.Errorf("expected --rank of at least %d, the smaller of the two Fisher dimensions, found %d", least, rank)
	}
	return nil
}

// print writes the solution in the format that the session asks for.
func (s pairedSolution) print(to *session) error {
	if to.Format == "json" {
		return json.NewEncoder(to.stdout).Encode(s)
	}
	return s.text(to.stdout, to.Quiet)
}

// text writes the solution for a person. A quiet text ends after the verdicts.
func (s pairedSolution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %d visual and %d text dimensions, Fisher subspaces S_V of dimension %d and S_T of %d, %s\n\n",
		name, count(s.Components, "component"), s.Dimension.Visual, s.Dimension.Text, s.FisherDimension.Visual, s.FisherDimension.Text, s.loss)
	verdicts := plainTable()
	for _, side := range []struct {
		name, col, space string
		v                sideVerdicts
		dimension        int
	}{{"Visual", "Col(A_V*)", "S_V", s.Visual, s.FisherDimension.Visual}, {"Text", "Col(A_T*)", "S_T", s.Text, s.FisherDimension.Text}} {
		verdicts.AppendRow(table.Row{side.name, side.col + " ⊆ " + side.space, strings.ToUpper(side.v.Containment.Verdict), side.v.containmentReason()})
		verdicts.AppendRow(table.Row{"", side.col + " = " + side.space, strings.ToUpper(side.v.Equality.Verdict), s.equalityReason(side.v, side.dimension)})
	}
	b.WriteString(verdicts.Render())
	b.WriteString("\n")
	if !quiet {
		s.details(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s pairedSolution) details(b *strings.Builder) {
	b.WriteString("\n")
	details := plainTable()
	details.AppendRow(table.Row{"Minimiser", fmt.Sprintf("rank %d, loss %.12g%s",
		s.Minimiser.Rank, float64(s.Minimiser.Loss), whitened(", M* = A_V*A_T*ᵀ", s.Minimiser.DistanceBound))})
	details.AppendRow(table.Row{"M*", "singular values " + list(s.Minimiser.SingularValues) + " (whitened)"})
	details.AppendRow(table.Row{"Solver", s.Method + ", " + s.how})
	evidence := s.Certificate.Rule
	if s.Certificate.Epsilon.finite() {
		evidence = fmt.Sprintf("%s: distance to M* at most %s, by the oracle's own gradient; %s", s.Certificate.Grade, s.Certificate.Epsilon, evidence)
	}
	details.AppendRow(table.Row{"Certificate", evidence})
	details.AppendRow(table.Row{"Time", fmt.Sprintf("%.3g s", s.Seconds)})
	b.WriteString(details.Render())
	fmt.Fprintf(b, "\n\nA_V* as columns:\n%s\n\nA_T* as columns:\n%s\n", s.Minimiser.AVisual.columns(), s.Minimiser.AText.columns())
}

func (v sideVerdicts) containmentReason() string {
	if v.Containment.By != "" {
		return "by construction: this solve looks inside the Fisher subspaces only; --blind tests it"
	}
	return fmt.Sprintf("leaves it by at most %s of its size", v.Containment.Defect)
}

func (s pairedSolution) equalityReason(v sideVerdicts, dimension int) string {
	switch {
	case dimension == 0:
		return "it is {0}"
	case v.Equality.Verdict == "refuted":
		return fmt.Sprintf("keeps %d of %s: the modalities have no more in common", s.Minimiser.Rank, count(dimension, "direction"))
	}
	if !s.Certificate.Epsilon.finite() {
		return strings.TrimPrefix(s.Certificate.Rule, "none: ")
	}
	return fmt.Sprintf("singular value %d of M*: %.7g%s", dimension, float64(v.Equality.Margin), knownTo(", ", s.Certificate.Epsilon))
}
