package cli

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// texStyles are the marks of verdicts, on a line and on a map.
var texStyles = []struct {
	verdict    oracle.Verdict
	line, area string
}{
	{oracle.Holds, "mark=*, mark options={fill=blue!70!black, draw=blue!70!black}", "mark=square*, mark options={fill=cyan!35, draw=cyan!35}"},
	{oracle.Refuted, "mark=triangle*, mark options={fill=orange!85!black, draw=orange!85!black}", "mark=square*, mark options={fill=orange!85!black, draw=orange!85!black}"},
	{oracle.Undecided, "mark=x, mark options={draw=gray}", "mark=x, mark options={draw=gray}"},
}

// frontierLaTeX writes a picture for pgfplots: the margin along one axis, or a map of two, the last from left to right.
func frontierLaTeX(w io.Writer, f traced) error {
	var b strings.Builder
	axes := f.Grid.Axes
	across := axes[len(axes)-1]
	fmt.Fprintf(&b, "%% Where the verdict on %s is what, by contrastcheck frontier. Needs \\usepackage{pgfplots} and \\pgfplotsset{compat=1.16}.\n", f.about())
	b.WriteString("\\begin{tikzpicture}\n\\begin{axis}[\n")
	ylabel := texMargin(f.Grid)
	if len(axes) == 2 {
		ylabel = texLabel(axes[0])
	}
	fmt.Fprintf(&b, "  xlabel={%s}, ylabel={%s},\n", texLabel(across), ylabel)
	if logarithmic(across) {
		b.WriteString("  xmode=log,\n")
	}
	if len(axes) == 2 && logarithmic(axes[0]) {
		b.WriteString("  ymode=log,\n")
	}
	b.WriteString("  legend style={at={(0.5,1.03)}, anchor=south, legend columns=-1, draw=none}, legend cell align=left]\n")
	if len(axes) == 1 {
		b.WriteString("\\addplot[gray, forget plot] coordinates {")
		for _, p := range f.Points {
			if _, y, ok := texPoint(p); ok {
				fmt.Fprintf(&b, " (%s,%s)", texNumber(p.At[0]), y)
			}
		}
		b.WriteString(" };\n")
	}
	for _, s := range texStyles {
		var at []string
		for _, p := range f.Points {
			if !p.Reached || p.Verdict != s.verdict {
				continue
			}
			x, y, _ := texPoint(p)
			at = append(at, "("+x+","+y+")")
		}
		style := s.line
		if len(axes) == 2 {
			style = s.area
		}
		if at != nil {
			fmt.Fprintf(&b, "\\addplot[only marks, %s] coordinates { %s };\n\\addlegendentry{%s (%d)}\n", style, strings.Join(at, " "), s.verdict, len(at))
		}
	}
	f.critical(&b)
	b.WriteString("\\end{axis}\n\\end{tikzpicture}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// about is what the picture is of, safe within a comment.
func (f traced) about() string {
	return fmt.Sprintf("%s, for the mixture %q,", subject(f.Grid), printable(f.Grid.Base.Name()))
}

// critical marks the brackets, by their middles, and says their ends in comments.
func (f traced) critical(b *strings.Builder) {
	for _, bracket := range f.brackets {
		r := newFrontierBracket(f.Grid, bracket)
		x := texNumber(middle(bracket))
		fmt.Fprintf(b, "%% critical %s in [%s, %s], proved: %t\n", r.Axis, r.Low, r.High, r.Proved)
		if len(bracket.Row) > 0 {
			fmt.Fprintf(b, "\\addplot[only marks, mark=*, mark size=1pt, black, forget plot] coordinates { (%s,%s) };\n", x, texNumber(bracket.Row[0]))
			continue
		}
		fmt.Fprintf(b, "\\draw[densely dashed] ({axis cs:%s,0}|-{rel axis cs:0,0}) -- ({axis cs:%s,0}|-{rel axis cs:0,1});\n", x, x)
	}
}

// texPoint is where a point lies: of two axes by both values, of one by its margin; false, and on 0, where it has none.
func texPoint(p frontier.Point) (x, y string, measured bool) {
	last := len(p.At) - 1
	if last == 1 {
		return texNumber(p.At[1]), texNumber(p.At[0]), true
	}
	margin, _ := p.Deciding()
	if !p.Reached || math.IsNaN(margin) || math.IsInf(margin, 0) {
		return texNumber(p.At[0]), "0", false
	}
	return texNumber(p.At[0]), fmt.Sprintf("%.8g", margin), true
}

func texNumber(x *big.Rat) string {
	value, _ := x.Float64()
	return fmt.Sprintf("%.10g", value)
}

// texLabel says what varies along an axis.
func texLabel(a frontier.Axis) string {
	switch a.Parameter {
	case frontier.Delta:
		return `$\delta$`
	case frontier.Separation:
		return "separation"
	case frontier.Weight:
		return "weight of the lightest component"
	case frontier.Negatives:
		return "negatives $N$"
	case frontier.Temperature:
		return `$\tau$`
	}
	path, err := gmm.ParsePath(string(a.Parameter))
	if err != nil {
		return ""
	}
	symbols := strings.NewReplacer("weight", "w", "mean", `\mu`, "covariance", `\Sigma`)
	name, indices, _ := strings.Cut(path.String(), "[")
	return fmt.Sprintf("$%s_{%s}$", symbols.Replace(name), strings.TrimSuffix(strings.ReplaceAll(indices, "][", ","), "]"))
}

// texMargin says what margins are.
func texMargin(g frontier.Grid) string {
	switch {
	case g.Asked != nil:
		return texEscaped(g.Asked.Measure)
	case g.Temperature != nil:
		return `$\Delta$`
	}
	return `$\lambda_{\min}(M_u|_{` + strings.Replace(g.Loss.Subspace(), "_F", "_{F}", 1) + `})$`
}

// texEscaped is text as LaTeX prints it.
func texEscaped(text string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "_", `\_`, "%", `\%`, "^", `\^{}`, "~", `\~{}`).Replace(text)
}
