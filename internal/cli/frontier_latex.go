package cli

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/internal/typeset"
	"contrastcheck/oracle"
	"contrastcheck/reports/figures"
)

// texStyles are the marks of verdicts along a line, and the colours of their cells on a map.
var texStyles = []struct {
	verdict      oracle.Verdict
	mark, colour string
}{
	{oracle.Holds, "mark=*, mark options={fill=blue!70!black, draw=blue!70!black}", "cyan!35"},
	{oracle.Refuted, "mark=triangle*, mark options={fill=orange!85!black, draw=orange!85!black}", "orange!85!black"},
	{oracle.Undecided, "mark=x, mark options={draw=gray}", "gray!60"},
}

// frontierLaTeX writes a picture for pgfplots: the margin along one axis, or a map of two, the last from left to right.
func frontierLaTeX(w io.Writer, f traced) error {
	var b strings.Builder
	axes := f.Grid.Axes
	across, ylabel := axes[len(axes)-1], texMargin(f.Grid)
	if len(axes) == 2 {
		ylabel = texLabel(axes[0])
	}
	fmt.Fprintf(&b, "%% The verdict on %s, by contrastcheck frontier. Needs \\usepackage{pgfplots} and \\pgfplotsset{compat=1.16}.\n", f.about())
	b.WriteString("\\begin{tikzpicture}\n\\begin{axis}[\n")
	fmt.Fprintf(&b, "  xlabel={%s}, ylabel={%s},\n", texLabel(across), ylabel)
	if logarithmic(across) {
		b.WriteString("  xmode=log,\n")
	}
	if len(axes) == 2 {
		if logarithmic(axes[0]) {
			b.WriteString("  ymode=log,\n")
		}
		x, y := texEdges(across), texEdges(axes[0])
		fmt.Fprintf(&b, "  xmin=%s, xmax=%s, ymin=%s, ymax=%s, axis on top,\n", x[0], x[len(x)-1], y[0], y[len(y)-1])
	}
	b.WriteString("  legend style={at={(0.5,1.08)}, anchor=south, legend columns=-1, draw=none, fill=none, /tikz/every even column/.append style={column sep=1ex}}, legend cell align=left]\n")
	if len(axes) == 1 {
		f.texLine(&b)
	} else {
		f.texCells(&b)
	}
	f.texCritical(&b)
	b.WriteString("\\end{axis}\n\\end{tikzpicture}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// texLine draws the margins along one axis, each point by its verdict; one without a margin lies on 0.
func (f traced) texLine(b *strings.Builder) {
	var line []string
	at := map[oracle.Verdict][]string{}
	for _, p := range f.Points {
		if !p.Reached {
			continue
		}
		margin, _ := p.Deciding()
		measured := !math.IsNaN(margin) && !math.IsInf(margin, 0)
		if !measured {
			margin = 0
		}
		place := fmt.Sprintf("(%s,%.6g)", texNumber(p.At[0]), margin)
		if at[p.Verdict] = append(at[p.Verdict], place); measured {
			line = append(line, place)
		}
	}
	if line != nil {
		fmt.Fprintf(b, "\\addplot[gray, forget plot] coordinates { %s };\n", strings.Join(line, " "))
	}
	for _, s := range texStyles {
		if at[s.verdict] != nil {
			fmt.Fprintf(b, "\\addplot[only marks, %s] coordinates { %s };\n\\addlegendentry{%s (%d)}\n", s.mark, strings.Join(at[s.verdict], " "), s.verdict, len(at[s.verdict]))
		}
	}
}

// texCells fills the cells of a map, neighbours of one verdict in a row at once.
func (f traced) texCells(b *strings.Builder) {
	across, up := f.Grid.Axes[1], f.Grid.Axes[0]
	x, y := texEdges(across), texEdges(up)
	for _, s := range texStyles {
		cells := 0
		for row := range up.Count {
			for first := 0; first < across.Count; first++ {
				beyond := first
				for beyond < across.Count && f.Points[row*across.Count+beyond].Reached && f.Points[row*across.Count+beyond].Verdict == s.verdict {
					beyond++
				}
				if beyond == first {
					continue
				}
				fmt.Fprintf(b, "\\fill[%s] (axis cs:%s,%s) rectangle (axis cs:%s,%s);\n", s.colour, x[first], y[row], x[beyond], y[row+1])
				cells += beyond - first
				first = beyond
			}
		}
		if cells > 0 {
			fmt.Fprintf(b, "\\addlegendimage{area legend, fill=%s, draw=none}\n\\addlegendentry{%s (%d)}\n", s.colour, s.verdict, cells)
		}
	}
}

// texEdges are the limits of cells along an axis.
func texEdges(a frontier.Axis) (texts []string) {
	var places []float64
	for i := range a.Count {
		places = append(places, position(a, a.Value(i)))
	}
	for _, e := range figures.Edges(places) {
		if logarithmic(a) {
			e = math.Pow(10, e)
		}
		texts = append(texts, fmt.Sprintf("%.10g", e))
	}
	return texts
}

// about is what the picture is of, safe within a comment.
func (f traced) about() string {
	return fmt.Sprintf("%s for the mixture %q", subject(f.Grid), printable(f.Grid.Base.Name()))
}

// texCritical marks the brackets, by their middles, and says their ends in comments.
func (f traced) texCritical(b *strings.Builder) {
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
	return "$" + typeset.Path(path) + "$"
}

// texMargin says what margins are.
func texMargin(g frontier.Grid) string {
	switch {
	case g.Asked != nil:
		return typeset.Prose(g.Asked.Measure)
	case g.Temperature != nil:
		return `$\Delta$`
	}
	return `$\lambda_{\min}(M_u|_{` + strings.Replace(g.Loss.Subspace(), "_F", "_{F}", 1) + `})$`
}
