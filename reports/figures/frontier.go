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
}

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

// verdictColours: dark is refuted, light holds, in print too.
var verdictColours = []struct {
	verdict, name string
	colour        color.Color
}{
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
	f.Alt = fmt.Sprintf("Map of %d grid points over %s and %s: equality holds at %d, is refuted at %d, undecided at %d.",
		len(m.Cells), m.XLabel, m.YLabel, counts["holds"], counts["refuted"], counts["undecided"])
	var key []entry
	for _, v := range verdictColours {
		key = append(key, entry{fmt.Sprintf("%s (%d)", v.name, counts[v.verdict]), swatch{fill: v.colour}})
	}
	p := newPlot("", m.XLabel, m.YLabel)
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
	f.SVG = render(width, 400, f.Alt, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
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

// cells is a plotter of a rectangular grid, evenly spaced, both coordinates rising.
type cells []Cell

// steps are the distances between neighbours.
func (g cells) steps() (x, y float64) {
	last := g[len(g)-1]
	rows := 0
	for rows < len(g) && g[rows].X == g[0].X {
		rows++
	}
	step := func(low, high float64, n int) float64 {
		if n < 2 {
			return 1
		}
		return (high - low) / float64(n-1)
	}
	return step(g[0].X, last.X, len(g)/rows), step(g[0].Y, last.Y, rows)
}

// DataRange implements plot.DataRanger.
func (g cells) DataRange() (xmin, xmax, ymin, ymax float64) {
	first, last := g[0], g[len(g)-1]
	dx, dy := g.steps()
	return first.X - dx/2, last.X + dx/2, first.Y - dy/2, last.Y + dy/2
}

// Plot implements plot.Plotter.
func (g cells) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	dx, dy := g.steps()
	const seam = 0.4 // points that cells overlap, or the page shows between them
	for i := 0; i < len(g); i++ {
		cell := g[i]
		low := vg.Point{X: x(cell.X - dx/2), Y: y(cell.Y - dy/2)}
		for i+1 < len(g) && g[i+1].X == cell.X && g[i+1].Verdict == cell.Verdict && cell.Verdict != "undecided" {
			i++ // one rectangle for a run of neighbours
		}
		high := vg.Point{X: x(cell.X+dx/2) + seam, Y: y(g[i].Y+dy/2) + seam}
		for _, v := range verdictColours {
			if v.verdict == cell.Verdict {
				c.FillPolygon(v.colour, []vg.Point{low, {X: high.X, Y: low.Y}, high, {X: low.X, Y: high.Y}})
			}
		}
		if cell.Verdict == "undecided" {
			c.StrokeLine2(draw.LineStyle{Color: color.Black, Width: 0.7}, low.X, low.Y, high.X, high.Y)
		}
	}
}
