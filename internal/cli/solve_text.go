package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
)

// text writes the solution for a person.
// A quiet text ends after the verdicts.
func (s solution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	loss := ""
	if s.spectral {
		loss = ", spectral loss"
	}
	fmt.Fprintf(&b, "%s: %s in %s, δ = %.6g, Fisher subspace S_F of dimension %d%s\n\n",
		name, count(s.Components, "component"), count(s.Dimension, "dimension"), s.Delta, s.FisherDimension, loss)

	verdicts := plainTable()
	verdicts.AppendRow(table.Row{"Containment", "Col(A*) ⊆ S_F", strings.ToUpper(s.Containment.Verdict), s.containmentReason()})
	if s.Equality != nil {
		verdicts.AppendRow(table.Row{"Equality", "Col(A*) = S_F", strings.ToUpper(s.Equality.Verdict), s.findings.EqualityReason(0)})
	}
	b.WriteString(verdicts.Render())
	b.WriteString("\n")
	if !quiet {
		s.details(&b)
	}
	if s.Refined != nil {
		s.Refined.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s solution) details(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s\n\n", s.meaning())
	details := plainTable()
	details.AppendRow(table.Row{"Minimiser A*", fmt.Sprintf("rank %d, loss %.12g%s",
		s.Minimiser.Rank, float64(s.Minimiser.Loss), whitened(", M* = A*A*ᵀ", s.Minimiser.DistanceBound))})
	if s.Unconstrained != nil {
		details.AppendRow(table.Row{"M_u on S_F", fmt.Sprintf("eigenvalues %s%s (whitened, all symmetric M allowed)",
			list(s.Unconstrained.Eigenvalues), knownTo(", ", s.Unconstrained.DistanceBound))})
	}
	details.AppendRow(table.Row{"Solver", s.Method + ", " + s.how})
	if s.Unconstrained != nil {
		details.AppendRow(table.Row{"Certificate", s.findings.Evidence.String()})
	}
	details.AppendRow(table.Row{"Time", fmt.Sprintf("%.3g s", s.Seconds)})
	b.WriteString(details.Render())
	b.WriteString("\n\nA* as columns:\n")
	b.WriteString(s.Minimiser.A.columns())
	b.WriteString("\n")
}

func (s solution) containmentReason() string {
	if s.Method == "literal" {
		return fmt.Sprintf("estimated: the best stationary point found leaves S_F by %s of its size", s.Containment.Defect)
	}
	return s.findings.ContainmentReason(0)
}

// meaning says what the verdict on equality means for a user.
func (s solution) meaning() string {
	if s.Equality == nil {
		return fmt.Sprintf("%s cannot span the %d dimensions of S_F. With so few the problem is not convex: this is the best point found.",
			count(s.Rank, "column"), s.FisherDimension)
	}
	switch s.Equality.Verdict {
	case "holds":
		if s.FisherDimension == 0 {
			return "No direction separates the components: all means are 0."
		}
		return fmt.Sprintf("The optimal representation keeps all of the %s that separate the classes.", count(s.FisherDimension, "direction"))
	case "refuted":
		return fmt.Sprintf("The optimal representation keeps %d of the %s that separate the classes and ignores the rest.",
			s.Minimiser.Rank, count(s.FisherDimension, "direction"))
	}
	if !s.Certificate.Epsilon.finite() {
		return "Whether the optimal representation keeps every direction that separates the classes was not decided."
	}
	return "Whether the optimal representation keeps every direction that separates the classes is open: the bound of the error is larger than the margin."
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

// finite tells whether something is known.
func (x number) finite() bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }

// knownTo says how well a value is known, if it is, after what separates it from the value.
func knownTo(separator string, bound number) string {
	if !bound.finite() {
		return ""
	}
	return separator + "known to ±" + bound.String()
}

// whitened says how well a matrix is known, if it is.
func whitened(m string, bound number) string {
	if !bound.finite() {
		return ""
	}
	return m + knownTo(" ", bound) + " (whitened)"
}

// String shows three digits; "?" where nothing is known.
func (x number) String() string {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return "?"
	}
	return fmt.Sprintf("%.3g", float64(x))
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
