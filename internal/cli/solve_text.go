package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"

	"contrastcheck/internal/answer"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"github.com/jedib0t/go-pretty/v6/table"
)

// text writes the solution for a person. A quiet text ends after the verdicts.
func (s solution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s%s\n\n%s\n", name, count(s.Components, "component"), s.about(), s.verdicts())
	if !quiet {
		s.details(&b)
	}
	if r := block[refined](s.Refined); r != nil {
		r.text(&b)
	}
	block[resampled](s.Bootstrap).text(&b, s, quiet)
	if s.Centred != nil {
		s.centredText(&b, quiet)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// about tells the law and the loss, unless that is the default one.
func (s solution) about() string {
	if s.Visual != nil {
		return fmt.Sprintf(", %d visual and %d text dimensions, %s, %s", s.Dimension[0], s.Dimension[1], s.subspaces(), s.Of.Title)
	}
	own, loss := "", ""
	if s.Of.Oracle.Own(s.Given) {
		own = ", each with its own covariance"
	}
	if s.Of.Name() != losses.InfoNCE.Name() {
		loss = ", " + s.Of.Title
	}
	return fmt.Sprintf(" in %s%s, δ = %.6g, %s%s", count(s.Dimension[0], "dimension"), own, *s.Delta, s.subspaces(), loss)
}

// subspaces tells of which dimension the Fisher subspace of each modality is.
func (s solution) subspaces() string {
	switch {
	case s.Visual != nil:
		return fmt.Sprintf("Fisher subspaces S_V of dimension %d and S_T of %d", s.FisherDimension[0], s.FisherDimension[1])
	case s.Of.Differences():
		return fmt.Sprintf("centred Fisher subspace %s of dimension %d", s.Of.Subspace(), s.FisherDimension[0])
	}
	return fmt.Sprintf("Fisher subspace S_F of dimension %d", s.FisherDimension[0])
}

// verdicts is the table of verdicts and reasons.
func (s solution) verdicts() string {
	t := plainTable()
	if s.Visual == nil {
		t.AppendRow(table.Row{"Containment", "Col(A*) ⊆ " + s.Of.Subspace(), strings.ToUpper(s.Containment.Verdict), s.Findings.ContainmentReason(0)})
		if row := s.envelopeRow(); row != nil {
			t.AppendRow(row)
		}
		if s.Equality != nil && s.Inside == nil {
			t.AppendRow(table.Row{"Equality", "Col(A*) = " + s.Of.Subspace(), strings.ToUpper(s.Equality.Verdict), s.Findings.EqualityReason(0)})
		}
		if row := s.directionsRow(); row != nil {
			t.AppendRow(row)
		}
		return t.Render()
	}
	for i, side := range []struct {
		name, letter string
		v            *answer.SideVerdicts
	}{{"Visual", "V", s.Visual}, {"Text", "T", s.Text}} {
		t.AppendRow(table.Row{side.name, fmt.Sprintf("Col(A_%s*) ⊆ S_%[1]s", side.letter), strings.ToUpper(side.v.Containment.Verdict), s.Findings.ContainmentReason(i)})
		reason := s.Findings.EqualityReason(i)
		if side.v.Equality.Verdict == "refuted" && s.FisherDimension[i] > 0 {
			reason = fmt.Sprintf("keeps %d of %s: the modalities have no more in common", s.Minimiser.Rank, count(s.FisherDimension[i], "direction"))
		}
		t.AppendRow(table.Row{"", fmt.Sprintf("Col(A_%s*) = S_%[1]s", side.letter), strings.ToUpper(side.v.Equality.Verdict), reason})
	}
	return t.Render()
}

func (s solution) details(b *strings.Builder) {
	b.WriteString("\n")
	if s.Visual == nil && s.Inside == nil {
		fmt.Fprintf(b, "%s\n\n", s.meaning())
		if words := s.biasWords(); words != "" {
			fmt.Fprintf(b, "%s\n\n", words)
		}
		if rounded := s.Findings.Rounding(); rounded != "" {
			fmt.Fprintf(b, "%s\n\n", rounded)
		}
	}
	against := block[againstShared](s.Against)
	if against != nil {
		fmt.Fprintf(b, "%s\n\n", against.Sentence)
	}
	t := plainTable()
	against.rows(t)
	effectRows(s.Effect, t, "")
	if s.Visual != nil {
		effectRows(s.Visual.Effect, t, ", visual")
		effectRows(s.Text.Effect, t, ", text")
	}
	row := func(name, text string) { t.AppendRow(table.Row{name, text}) }
	least, product := "Minimiser A*", "A*A*ᵀ"
	if s.Minimiser.None {
		least = "Infimum"
	}
	if s.Visual != nil {
		least, product = "Minimiser", "A_V*A_T*ᵀ"
	}
	product = ", M* = " + product
	if s.Minimiser.None {
		product = " over all M ⪰ 0 and biases, at M*"
	}
	row(least, fmt.Sprintf("rank %d, loss %.12g%s", s.Minimiser.Rank, float64(s.Minimiser.Loss), whitened(product, s.Minimiser.DistanceBound)))
	if off := s.Minimiser.OffRange; off != nil {
		row("Bias", fmt.Sprintf("the best c* leaves the range of M* by %.3g, as the solver finds it: unless that is 0, no affine map attains this loss, and those that come near have ever longer biases", float64(*off)))
	}
	switch {
	case s.Visual != nil:
		row("M*", "singular values "+list(s.Minimiser.SingularValues)+" (whitened)")
	case s.Inside != nil:
		row("Inside "+s.Of.Subspace(), fmt.Sprintf("rank %d, loss %.12g at best%s", s.Inside.Rank, float64(s.Inside.Loss), whitened(", M", s.Inside.DistanceBound)))
	case s.Unconstrained != nil:
		row("M_u on "+s.Of.Subspace(), fmt.Sprintf("eigenvalues %s%s (whitened, all symmetric M allowed)",
			list(s.Unconstrained.Eigenvalues), knownTo(", ", s.Unconstrained.DistanceBound)))
	}
	row("Solver", s.solver())
	if !s.Findings.Evidence.Stationary() {
		row("Certificate", s.Findings.Evidence.String())
	}
	row("Time", fmt.Sprintf("%.3g s", s.Seconds))
	b.WriteString(t.Render())
	if s.Visual != nil {
		fmt.Fprintf(b, "\n\nA_V* as columns:\n%s\n\nA_T* as columns:\n%s\n", columns(s.Minimiser.AVisual), columns(s.Minimiser.AText))
		return
	}
	if s.Minimiser.None {
		b.WriteString("\n")
		return
	}
	fmt.Fprintf(b, "\n\nA* as columns:\n%s\n", columns(s.Minimiser.A))
	if s.Affine != nil {
		fmt.Fprintf(b, "\nb*, a number a column:\n%s\n", columns(vector(s.Minimiser.B)))
	}
}

// solver tells how the minimiser was found.
func (s solution) solver() string {
	text := s.Method + ", " + s.How
	if s.Quadrature != nil {
		text += ", " + count(s.Quadrature.Points, "node")
	}
	return text
}

// meaning says in words what was found.
func (s solution) meaning() string {
	if s.Effect == nil {
		return s.Findings.Meaning(oracle.Effect{Differences: s.FisherDimension[0], Discriminant: math.NaN(), Kept: math.NaN()})
	}
	return s.Findings.Meaning(s.Effect.Found)
}

// plainTable is a table of columns and spaces.
func plainTable() table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "  ", ""
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	return t
}

// knownTo says how well a value is known, if it is, after what separates it from the value.
func knownTo(separator string, bound number) string {
	if !bound.Finite() {
		return ""
	}
	return separator + "known to ±" + bound.String()
}

// whitened says how well a matrix is known, if it is.
func whitened(m string, bound number) string {
	if !bound.Finite() {
		return ""
	}
	return m + knownTo(" ", bound) + " (whitened)"
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func list(xs []float64) string {
	if len(xs) == 0 {
		return "none"
	}
	parts := make([]string, len(xs))
	for i, x := range xs {
		parts[i] = fmt.Sprintf("%.7g", x)
	}
	return strings.Join(parts, ", ")
}

// printable replaces control characters, so that a file's name for itself cannot
// steer a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '␣'
		}
		return r
	}, s)
}
