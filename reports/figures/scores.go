package figures

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Score is what a projection achieves: a mean and its standard error each, NaN where
// undefined.
type Score struct {
	Projection                        string
	J, Angle                          [2]float64
	ARI, AMI                          [2]float64
	NearestNeighbour, NearestCentroid [2]float64
}

// measures are the panels of ScoresPerProjection.
var measures = []struct {
	name  string
	fixed bool // an axis from 0 to 1
	of    func(Score) [2]float64
}{
	{"Fisher discriminant J", false, func(s Score) [2]float64 { return s.J }},
	{"largest angle to S_F (°)", false, func(s Score) [2]float64 { return s.Angle }},
	{"adjusted Rand index", true, func(s Score) [2]float64 { return s.ARI }},
	{"adjusted mutual information", true, func(s Score) [2]float64 { return s.AMI }},
	{"1-nearest-neighbour accuracy", true, func(s Score) [2]float64 { return s.NearestNeighbour }},
	{"nearest-centroid accuracy", true, func(s Score) [2]float64 { return s.NearestCentroid }},
}

// ScoresPerProjection draws, for each measure, a dot a projection with an interval of two
// standard errors.
func ScoresPerProjection(id, title string, scores []Score) Figure {
	f := Figure{ID: id, Title: title,
		Caption: "Means over seeds, with intervals of two standard errors where they are wider than the dot. J and the indices have no unit; accuracies are shares."}
	var words []string
	for _, s := range scores {
		words = append(words, fmt.Sprintf("%s has J %.3g, angle %.3g°, adjusted Rand index %.2f and nearest-centroid accuracy %.2f",
			s.Projection, s.J[0], s.Angle[0], s.ARI[0], s.NearestCentroid[0]))
	}
	f.Alt = "Dot plots of six measures for each projection: " + strings.Join(words, "; ") + "."
	const columns = 2
	var rows [][]*plot.Plot
	for i, m := range measures {
		p := newPlot(m.name, "", "")
		var names []string
		for n := range scores {
			names = append(names, scores[len(scores)-1-n].Projection)
		}
		p.NominalY(names...)
		p.Y.Tick.Label = sans(smallText)
		p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
		p.Add(dots{scores, m.of})
		p.X.Min = math.Min(p.X.Min, 0)
		if m.fixed {
			p.X.Max = 1
		}
		p.Y.Min, p.Y.Max = -0.6, float64(len(scores))-0.4
		if i%columns == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], p)
	}
	f.SVG = render(width, vg.Length(150*len(rows)), f.Alt, func(c draw.Canvas) {
		tiles := draw.Tiles{Cols: columns, Rows: len(rows), PadX: 22, PadY: 16, PadRight: 12, PadTop: 4, PadBottom: 4}
		for i, line := range plot.Align(rows, tiles, c) {
			for j, at := range line {
				rows[i][j].Draw(at)
			}
		}
	})
	return f
}

// dots is a plotter of one measure, the first score on top.
type dots struct {
	scores []Score
	of     func(Score) [2]float64
}

// DataRange implements plot.DataRanger.
func (d dots) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmax = math.Inf(-1)
	for _, s := range d.scores {
		if v := d.of(s); !math.IsNaN(v[0]) {
			xmin, xmax = math.Min(xmin, v[0]), math.Max(xmax, 1.05*v[0])
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
		if math.IsNaN(v[0]) {
			style := sans(smallText)
			style.YAlign = draw.YCenter
			c.FillText(style, vg.Point{X: c.Min.X + 6, Y: row + 6}, "undefined")
			continue
		}
		if !math.IsNaN(v[1]) {
			interval := []vg.Point{{X: x(v[0] - 2*v[1]), Y: row}, {X: x(v[0] + 2*v[1]), Y: row}}
			c.StrokeLines(draw.LineStyle{Color: palette[n%len(palette)], Width: 2}, c.ClipLinesX(interval)...)
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: palette[n%len(palette)], Radius: 4, Shape: glyphs[n%3]}, vg.Point{X: x(v[0]), Y: row})
	}
}
