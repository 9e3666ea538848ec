package figures

import (
	"fmt"
	"math"
	"strings"

	"contrastcheck/comparison"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const rightAngled = "largest angle to S_F (°)"

// measures are the panels of ScoresPerProjection.
var measures = []struct {
	name  string
	fixed bool // an axis from 0 to 1
	of    func(comparison.Row) comparison.Estimate
}{
	{"Fisher discriminant J", false, func(r comparison.Row) comparison.Estimate { return r.Discriminant }},
	{rightAngled, false, func(r comparison.Row) comparison.Estimate { return r.LargestAngle }},
	{"adjusted Rand index", true, func(r comparison.Row) comparison.Estimate { return r.AdjustedRand }},
	{"adjusted mutual information", true, func(r comparison.Row) comparison.Estimate { return r.AdjustedMutualInformation }},
	{"1-nearest-neighbour accuracy", true, func(r comparison.Row) comparison.Estimate { return r.NearestNeighbour }},
	{"nearest-centroid accuracy", true, func(r comparison.Row) comparison.Estimate { return r.NearestCentroid }},
}

// ScoresPerProjection draws, for each measure, a dot a projection with an interval of two
// standard errors.
func ScoresPerProjection(id, title string, scores []comparison.Row) Figure {
	f := Figure{ID: id, Title: title,
		Caption: "Means over seeds, with intervals of two standard errors where they are wider than the dot. J and the indices have no unit; accuracies are shares."}
	var words []string
	for _, s := range scores {
		words = append(words, fmt.Sprintf("%s has J %s, angle %s°, adjusted Rand index %s and nearest-centroid accuracy %s",
			s.Projection.Name(), spoken(s.Discriminant), spoken(s.LargestAngle), spoken(s.AdjustedRand), spoken(s.NearestCentroid)))
	}
	f.Alt = "Dot plots of six measures for each projection: " + strings.Join(words, "; ") + "."
	var plots []*plot.Plot
	for _, m := range measures {
		p := newPlot(m.name, "", "")
		var names []string
		for n := range scores {
			names = append(names, scores[len(scores)-1-n].Projection.Name())
		}
		p.NominalY(names...)
		p.Add(dots{scores, m.of})
		p.X.Min = math.Min(p.X.Min, 0)
		if m.name == rightAngled {
			p.X.Max, p.X.Tick.Marker = 90, plot.ConstantTicks{{Value: 0, Label: "0"}, {Value: 30, Label: "30"}, {Value: 60, Label: "60"}, {Value: 90, Label: "90"}}
		}
		if m.fixed {
			p.X.Max = 1
		}
		p.Y.Min, p.Y.Max = -0.6, float64(len(scores))-0.4
		plots = append(plots, p)
	}
	f.drawn(width, vg.Length(150*((len(plots)+1)/2)), func(c draw.Canvas) {
		inTwoColumns(c, draw.Tiles{PadX: 22, PadY: 16, PadLeft: 8, PadRight: 12, PadTop: 4, PadBottom: 4}, plots)
	})
	return f
}

// spoken is a mean in a text alternative, to a hundredth.
func spoken(e comparison.Estimate) string {
	if math.IsNaN(e.Mean) {
		return "undefined"
	}
	return number(math.Round(100*e.Mean)/100 + 0) // no negative zero
}

// dots is a plotter of one measure, the first score on top.
type dots struct {
	scores []comparison.Row
	of     func(comparison.Row) comparison.Estimate
}

// DataRange implements plot.DataRanger.
func (d dots) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmax = math.Inf(-1)
	for _, s := range d.scores {
		if v := d.of(s); !math.IsNaN(v.Mean) {
			xmin, xmax = math.Min(xmin, v.Mean), max(xmax, 1.05*v.Mean)
			if end := v.Mean + 2*v.StandardError; !math.IsNaN(end) {
				xmax = max(xmax, end)
			}
		}
	}
	if !(xmax > xmin) {
		xmax = xmin + 1
	}
	return xmin, xmax, 0, float64(len(d.scores) - 1)
}

// Plot implements plot.Plotter.
func (d dots) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	for n, s := range d.scores {
		v, row := d.of(s), y(float64(len(d.scores)-1-n))
		c.StrokeLine2(hair, c.Min.X, row, c.Max.X, row)
		if math.IsNaN(v.Mean) {
			style := sans(smallText)
			style.YAlign = draw.YCenter
			c.FillText(style, vg.Point{X: c.Min.X + 6, Y: row + 6}, "undefined")
			continue
		}
		if !math.IsNaN(v.StandardError) {
			interval := []vg.Point{{X: x(v.Mean - 2*v.StandardError), Y: row}, {X: x(v.Mean + 2*v.StandardError), Y: row}}
			c.StrokeLines(draw.LineStyle{Color: palette[n%len(palette)], Width: 2}, c.ClipLinesX(interval)...)
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: palette[n%len(palette)], Radius: 4, Shape: glyphs[n%3]}, vg.Point{X: x(v.Mean), Y: row})
	}
}
