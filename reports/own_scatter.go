package reports

import (
	"context"
	"fmt"
	"slices"

	"contrastcheck/comparison"
	"contrastcheck/internal/workers"
	"contrastcheck/oracle/subspace"
	"contrastcheck/reports/figures"

	"gonum.org/v1/gonum/mat"
)

// shownPoints are those that are drawn at most, rows of a table or samples of a mixture.
type shownPoints struct {
	rows, samples int
	seed          uint64
}

// plenty are the points of a report.
func (o OwnOptions) plenty() shownPoints { return shownPoints{2000, 1000, o.Seed} }

// glanced are the points of a fragment, which a notebook keeps in its file.
var glanced = shownPoints{400, 400, 1}

// points are those that are shown of each modality, and their classes.
type points struct {
	sides  []*mat.Dense
	labels []int
}

// scatter shows points in the subspace in which the classes differ, and in that of A*, of each modality; the context's error is the only one.
func (s Subject) scatter(ctx context.Context, d decided, most shownPoints) (*Scatter, error) {
	out := &Scatter{}
	figure, err := workers.Await(ctx, func() (*figures.Figure, error) {
		shown, err := s.points(most)
		if err != nil {
			return nil, err
		}
		out.Shown = len(shown.labels)
		return s.drawn(shown, d)
	})
	switch {
	case ctx.Err() != nil:
		return &Scatter{LeftOut: endedEarly}, ctx.Err()
	case err != nil:
		return &Scatter{LeftOut: "There is no picture of the points: " + plainly(err) + "."}, nil
	case figure == nil:
		return &Scatter{LeftOut: "There is no picture of the points, as there is no direction in which the classes differ."}, nil
	}
	out.Figure = figure
	return out, nil
}

// points are rows of the table, or drawn from the mixture.
func (s Subject) points(most shownPoints) (points, error) {
	if s.Table == nil {
		left, right, labels, err := comparison.Drawn(s.Pairs, most.samples, most.seed)
		return points{[]*mat.Dense{left, right}[:s.Pairs.Modalities()], labels}, err
	}
	rows := comparison.Chosen(s.Table.Class, len(s.Table.Classes), most.rows, most.seed)
	out := points{sides: []*mat.Dense{s.Table.Rows(rows)}}
	if s.Text != nil {
		out.sides = append(out.sides, s.Text.Rows(rows))
	}
	for _, i := range rows {
		out.labels = append(out.labels, s.Table.Class[i])
	}
	return out, nil
}

// drawn is the figure; nil if there is no direction to show.
func (s Subject) drawn(shown points, d decided) (*figures.Figure, error) {
	names, labels := s.named(shown.labels, d)
	var panels []figures.Scatter
	minimum := d.Lifted().Constrained
	for i, x := range shown.sides {
		m, a, modality := d.Given.Left, minimum.Left.Columns, ""
		if i == 1 {
			m, a = d.Given.Right, minimum.Right.Columns
		}
		if len(shown.sides) == 2 {
			modality = []string{"visual, ", "text, "}[i]
		}
		most, err := subspace.LDA(m.Pooled(), m.Components())
		if err != nil {
			return nil, err
		}
		if most != nil {
			panels = append(panels, figures.Scatter{Title: modality + "all that separates the classes (LDA)", Scatter: comparison.Show(comparison.LDA, most, x, labels)})
		}
		if a != nil {
			panels = append(panels, figures.Scatter{Title: modality + "what A* keeps" + s.ofRaw(), Scatter: comparison.Show(comparison.Projection(s.Loss.Label()), a, x, labels)})
		}
	}
	if panels == nil {
		return nil, nil
	}
	figure := figures.Scatters("scatter", "The classes, seen in what separates them and in what is kept", s.caption(shown, panels, minimum.Left.Columns == nil), names, panels)
	return &figure, nil
}

// caption tells what the points are and how to read the panels.
func (s Subject) caption(shown points, panels []figures.Scatter, nothing bool) string {
	text := fmt.Sprintf("All %d rows", len(shown.labels))
	switch {
	case s.Table == nil:
		text = fmt.Sprintf("%d samples of the mixture", len(shown.labels))
	case len(shown.labels) < len(s.Table.Class):
		text = fmt.Sprintf("%d of the %d rows, at random but some of every class", len(shown.labels), len(s.Table.Class))
	}
	text += ", projected orthogonally."
	if slices.ContainsFunc(panels, func(p figures.Scatter) bool { return p.Dimension > 2 }) {
		text += " Of more than two directions those two are shown in which the points vary most."
	}
	if slices.ContainsFunc(panels, func(p figures.Scatter) bool { return p.Dimension == 1 }) {
		text += " A single direction has a lane for each class, across which positions mean nothing."
	}
	if nothing {
		text += " A* keeps nothing to be shown."
	}
	return text
}

// mostNamed is the number of classes that a figure can tell apart.
const mostNamed = 6

// named are the classes that the key names, and the labels of points among them. Of many classes these are the ones that keep least of their distances; the last entry is the others.
func (s Subject) named(labels []int, d decided) (names []string, among []int) {
	k := s.Pairs.Components()
	if k <= mostNamed {
		for i := range k {
			names = append(names, s.class(i))
		}
		return names, labels
	}
	var shown []int
	for _, pair := range d.effects[0].Pairs {
		for _, class := range []int{pair.First, pair.Second} {
			if len(shown) < mostNamed && !slices.Contains(shown, class) {
				shown = append(shown, class)
			}
		}
	}
	for _, class := range shown {
		names = append(names, s.class(class))
	}
	for _, class := range labels {
		place := slices.Index(shown, class)
		if place < 0 {
			place = len(shown)
		}
		among = append(among, place)
	}
	return append(names, fmt.Sprintf("%d other classes", k-len(shown))), among
}

// ofRaw says of which reading A* is that the figure shows, where there are two.
func (s Subject) ofRaw() string {
	if len(s.readings()) == 1 {
		return ""
	}
	return ", " + titles["raw"]
}
