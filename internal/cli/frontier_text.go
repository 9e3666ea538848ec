package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"contrastcheck/frontier"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// frontierText writes the map for a person: the last axis from left to right, the
// other from bottom to top. A quiet text is the map alone.
func frontierText(w io.Writer, f frontier.Map, quiet bool) error {
	var b strings.Builder
	base, axes := f.Grid.Base, f.Grid.Axes
	across := axes[len(axes)-1]
	if !quiet {
		what := "equality Col(A*) = " + f.Grid.Loss.Subspace() + of(f.Grid.Loss)
		if f.Grid.Temperature != nil {
			what = "a local minimum in S_F for cosines"
		}
		fmt.Fprintf(&b, "%s: %s in %s, %s at %s\n\n", cmp.Or(printable(base.Name()), "mixture"),
			count(base.Components(), "component"), count(base.Left.Dimension(), "dimension"), what, count(len(f.Points), "point"))
	}
	writeMap(&b, f)
	if !quiet {
		fmt.Fprintf(&b, "\n%s from %s to %s, left to right", across.Parameter, short(across.Low), short(across.High))
		if len(axes) == 2 {
			fmt.Fprintf(&b, "; %s at the left", axes[0].Parameter)
		}
		b.WriteString("\n" + tally(f) + "\n")
		if len(axes) == 1 {
			writeChanges(&b, f)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// of names a loss, unless it is the default one.
func of(l losses.Loss) string {
	if l.Settings == losses.InfoNCE.Settings {
		return ""
	}
	return " for the " + l.Title
}

func short(x interface{ Float64() (float64, bool) }) string {
	value, _ := x.Float64()
	return fmt.Sprintf("%.4g", value)
}

func writeMap(b *strings.Builder, f frontier.Map) {
	axes := f.Grid.Axes
	width := axes[len(axes)-1].Count
	rows := len(f.Points) / width
	labels, widest := make([]string, rows), 0
	for row := range labels {
		if len(axes) == 2 {
			labels[row] = short(axes[0].Value(row))
		}
		widest = max(widest, utf8.RuneCountInString(labels[row]))
	}
	for row := rows - 1; row >= 0; row-- {
		line := fmt.Sprintf("  %*s  ", widest, labels[row])
		if widest == 0 {
			line = "  "
		}
		for _, p := range f.Points[row*width : (row+1)*width] {
			mark := " "
			if p.Reached {
				mark = verdictMarks[p.Verdict]
			}
			line += mark
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// tally is the legend, with the number of points of each verdict.
func tally(f frontier.Map) string {
	found := map[oracle.Verdict]int{}
	unreached := 0
	grade := oracle.Bounded
	for _, p := range f.Points {
		if !p.Reached {
			unreached++
			continue
		}
		found[p.Verdict]++
		if p.Verdict != oracle.Undecided {
			grade = min(grade, p.Evidence.Grade)
		}
	}
	text := fmt.Sprintf("+ holds %d, - refuted %d, ? undecided %d", found[oracle.Holds], found[oracle.Refuted], found[oracle.Undecided])
	if found[oracle.Holds]+found[oracle.Refuted] > 0 {
		text += fmt.Sprintf("; certificates %s or better", grade)
	}
	if unreached > 0 {
		text += fmt.Sprintf("; not reached %d", unreached)
	}
	return text
}

// writeChanges names the neighbours between which the verdict changes.
func writeChanges(b *strings.Builder, f frontier.Map) {
	for i, p := range f.Points[1:] {
		last := f.Points[i]
		if !p.Reached || !last.Reached || p.Verdict == last.Verdict {
			continue
		}
		what := "the verdict changes"
		if p.Verdict == oracle.Undecided || last.Verdict == oracle.Undecided {
			what = "the verdict is decided on one side only"
		}
		fmt.Fprintf(b, "Between %s %v and %v %s.\n", f.Grid.Axes[0].Parameter, last, p, what)
	}
}
