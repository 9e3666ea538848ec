package figures

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Map shows verdicts on a grid.
type Map struct {
	Figure         // its ID, Title and Caption
	XLabel, YLabel string
	Cells          []Cell
	Mark           *Mark // nil for none
	// Critical are places at which the verdict is known to change.
	Critical []Mark
	Axes     Scales
	// Other says that verdicts are about another claim than equality.
	Other bool
}

// Scales say which axes are of decimal logarithms.
type Scales struct{ X, Y bool }

// Mark is a place of its own on a map, which a dot shows.
type Mark struct {
	X, Y float64
	Name string
}

// Cell is a point of a grid with its verdict: "holds", "refuted" or "undecided".
type Cell struct {
	X, Y    float64
	Verdict string
}

type verdictColour struct {
	verdict, name string
	colour        color.Color
}

// verdictColours: dark is refuted, light holds, in print too.
var verdictColours = []verdictColour{
	{"holds", "equality holds", color.RGBA{0xA9, 0xD8, 0xF2, 255}},
	{"refuted", "refuted: a direction is lost", palette[1]},
	{"undecided", "undecided", color.Gray{160}},
}

// FrontierMap draws the cells of a grid, the second coordinate running fastest, each filled by its verdict; those undecided are
// crossed out too.
func FrontierMap(m Map) Figure {
	f := m.Figure
	counts := map[string]int{}
	for _, c := range m.Cells {
		counts[c.Verdict]++
	}
	subject := "equality"
	if m.Other {
		subject = "the claim"
	}
	f.Alt = fmt.Sprintf("Map of %d grid points over %s and %s: %s holds at %d, is refuted at %d, undecided at %d.",
		len(m.Cells), m.XLabel, m.YLabel, subject, counts["holds"], counts["refuted"], counts["undecided"])
	var key []entry
	for _, v := range verdictColours {
		name := v.name
		if m.Other {
			name = v.verdict
		}
		key = append(key, entry{fmt.Sprintf("%s (%d)", name, counts[v.verdict]), swatch{fill: v.colour}})
	}
	p := newPlot("", m.XLabel, m.YLabel)
	m.Axes.mark(p)
	p.X.Padding, p.Y.Padding = 0, 0
	p.Add(cells(m.Cells))
	if m.Mark != nil {
		spot := draw.GlyphStyle{Radius: 5.5, Shape: target{}}
		key = append(key, entry{m.Mark.Name, swatch{glyph: spot}})
		mark, err := plotter.NewScatter(plotter.XYs{{X: m.Mark.X, Y: m.Mark.Y}})
		must(err)
		mark.GlyphStyle = spot
		p.Add(mark)
		f.Alt += fmt.Sprintf(" A dot marks %s, at %.4g and %.4g.", m.Mark.Name, m.Mark.X, m.Mark.Y)
	}
	if len(m.Critical) > 0 {
		var places plotter.XYs
		for _, c := range m.Critical {
			places = append(places, plotter.XY{X: c.X, Y: c.Y})
		}
		dots, err := plotter.NewScatter(places)
		must(err)
		dots.GlyphStyle = criticalGlyph
		p.Add(dots)
		key = append(key, entry{fmt.Sprintf("critical (%d)", len(m.Critical)), swatch{glyph: criticalGlyph}})
		f.Alt += fmt.Sprintf(" Dots mark %d critical values.", len(m.Critical))
	}
	f.drawn(width, 400, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// target is a white dot in a dark ring, to be seen on every colour and page.
type target struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (target) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	const ring = 2
	c.SetColor(color.Gray{1}) // black is the colour of letters, which are white in the dark
	draw.CircleGlyph{}.DrawGlyph(c, style, at)
	c.SetColor(color.White)
	style.Radius -= ring
	draw.CircleGlyph{}.DrawGlyph(c, style, at)
}

// criticalGlyph marks where the verdict changes.
var criticalGlyph = draw.GlyphStyle{Color: color.Black, Radius: 2, Shape: draw.CircleGlyph{}}

// mark labels the ticks of logarithms as what they are of.
func (s Scales) mark(p *plot.Plot) {
	if s.X {
		p.X.Tick.Marker = numbered{}
	}
	if s.Y {
		p.Y.Tick.Marker = numbered{}
	}
}

// cells is a plotter of a rectangular grid, both coordinates rising. Cells meet half way between their points.
type cells []Cell

// Edges are the limits of cells at places that rise, one more than there are: half way between neighbours.
func Edges(places []float64) []float64 {
	if len(places) == 1 {
		return []float64{places[0] - 0.5, places[0] + 0.5}
	}
	last := len(places) - 1
	out := []float64{places[0] - (places[1]-places[0])/2}
	for i := range last {
		out = append(out, places[i]+(places[i+1]-places[i])/2)
	}
	return append(out, places[last]+(places[last]-places[last-1])/2)
}

// grid are the edges of columns and rows.
func (g cells) grid() (x, y []float64) {
	rows := 0
	for rows < len(g) && g[rows].X == g[0].X {
		rows++
	}
	var across, up []float64
	for i := 0; i < len(g); i += rows {
		across = append(across, g[i].X)
	}
	for _, c := range g[:rows] {
		up = append(up, c.Y)
	}
	return Edges(across), Edges(up)
}

// DataRange implements plot.DataRanger.
func (g cells) DataRange() (xmin, xmax, ymin, ymax float64) {
	x, y := g.grid()
	return x[0], x[len(x)-1], y[0], y[len(y)-1]
}

// Plot implements plot.Plotter.
func (g cells) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	across, up := g.grid()
	rows := len(up) - 1
	const seam = 0.4            // points that cells overlap
	all := map[string]vg.Path{} // one for each verdict: between areas of their own a page shows seams
	for i := 0; i < len(g); i++ {
		cell, column := g[i], i/rows
		low := vg.Point{X: x(across[column]), Y: y(up[i%rows])}
		for i+1 < len(g) && g[i+1].X == cell.X && g[i+1].Verdict == cell.Verdict && cell.Verdict != "undecided" {
			i++ // one rectangle for a run of neighbours
		}
		high := vg.Point{X: x(across[column+1]) + seam, Y: y(up[i%rows+1]) + seam}
		path := all[cell.Verdict]
		path.Move(low)
		path.Line(vg.Point{X: high.X, Y: low.Y})
		path.Line(high)
		path.Line(vg.Point{X: low.X, Y: high.Y})
		path.Close()
		all[cell.Verdict] = path
	}
	for _, v := range verdictColours {
		if path := all[v.verdict]; path != nil {
			c.SetColor(v.colour)
			c.Fill(path)
		}
	}
	for i, cell := range g {
		if cell.Verdict == "undecided" {
			c.StrokeLine2(draw.LineStyle{Color: color.Black, Width: 0.7}, x(across[i/rows]), y(up[i%rows]), x(across[i/rows+1]), y(up[i%rows+1]))
		}
	}
}
