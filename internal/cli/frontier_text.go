package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// frontierText writes the map for a person: the last axis from left to right, the
// other from bottom to top. A quiet text is the map alone.
func frontierText(w io.Writer, f traced, quiet bool) error {
	var b strings.Builder
	base, axes := f.Grid.Base, f.Grid.Axes
	across := axes[len(axes)-1]
	if !quiet {
		fmt.Fprintf(&b, "%s: %s in %s, %s at %s\n\n", cmp.Or(printable(base.Name()), "mixture"),
			count(base.Components(), "component"), count(base.Left.Dimension(), "dimension"), subject(f.Grid), count(len(f.Points), "point"))
	}
	writeMap(&b, f.Map)
	if !quiet {
		fmt.Fprintf(&b, "\n%s from %s to %s, left to right", across.Parameter, short(across.Low), short(across.High))
		if len(axes) == 2 {
			fmt.Fprintf(&b, "; %s at the left", axes[0].Parameter)
		}
		b.WriteString("\n" + tally(f.Map) + "\n")
		if len(axes) == 1 && !f.refined {
			writeChanges(&b, f.Map)
		}
		writeUndecided(&b, f.Map)
	}
	for _, bracket := range f.brackets {
		writeBracket(&b, f.Grid, bracket)
	}
	if open := f.open(); f.refined && open > 0 {
		fmt.Fprintf(&b, "Rows with undecided points and no change between decided ones: %d\n", open)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// subject is what a grid is about, in words.
func subject(g frontier.Grid) string {
	switch {
	case g.Asked != nil:
		return "the claim " + g.Asked.ID
	case g.Temperature != nil:
		return "a local minimum in S_F for cosines"
	}
	return "equality Col(A*) = " + g.Loss.Subspace() + of(g.Loss)
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

// writeUndecided says why, where no point of a claim is decided.
func writeUndecided(b *strings.Builder, f frontier.Map) {
	if f.Grid.Asked == nil || slices.ContainsFunc(f.Points, func(p frontier.Point) bool { return !p.Reached || p.Verdict != oracle.Undecided }) {
		return
	}
	fmt.Fprintf(b, "Nothing is decided, at the first point as follows: %s.\n", strings.TrimPrefix(f.Points[0].Evidence.Rule, "none: "))
}

// writeBracket says between which values the verdict changes, and how that is known.
func writeBracket(b *strings.Builder, g frontier.Grid, bracket frontier.Bracket) {
	var row []string
	for i, x := range bracket.Row {
		row = append(row, fmt.Sprintf("%s %s", g.Axes[i].Parameter, gmm.FormatNumber(x)))
	}
	if row == nil {
		b.WriteString("Critical ")
	} else {
		fmt.Fprintf(b, "At %s: critical ", strings.Join(row, ", "))
	}
	r := newFrontierBracket(g, bracket)
	known := "both proved"
	if !r.Proved {
		known = fmt.Sprintf("both %s or better, not proved", min(bracket.Low.Evidence.Grade, bracket.High.Evidence.Grade))
	}
	fmt.Fprintf(b, "%s in [%s, %s], relative width %.1g: %s at %s, %s at %s, %s", r.Axis, r.Low, r.High, float64(r.Width),
		r.LowVerdict, r.Low+bound(bracket.Low), r.HighVerdict, r.High+bound(bracket.High), known)
	if r.Reason != "" {
		fmt.Fprintf(b, " (%s)", r.Reason)
	}
	b.WriteString("\n")
}

// bound writes what is proved of the margin at an end.
func bound(e frontier.End) string {
	switch {
	case e.Bound == "":
		return ""
	case e.Verdict == oracle.Refuted:
		return " (λ_min ≤ " + twoDigits(e.Bound) + ")"
	}
	return " (λ_min ≥ " + twoDigits(e.Bound) + ")"
}

// twoDigits is a number of six digits with the last four cut off: rounded towards 0, as it was.
func twoDigits(number string) string {
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 5, 64), "e")
	return mantissa[:len(mantissa)-4] + "e" + exponent
}

// open counts the rows that have undecided points, but no decided ones with opposite verdicts.
func (f traced) open() (rows int) {
	width := f.Grid.Axes[len(f.Grid.Axes)-1].Count
	for row := range slices.Chunk(f.Points, width) {
		found := map[oracle.Verdict]bool{}
		for _, p := range row {
			found[p.Verdict] = found[p.Verdict] || p.Reached
		}
		if found[oracle.Undecided] && !(found[oracle.Holds] && found[oracle.Refuted]) {
			rows++
		}
	}
	return rows
}
