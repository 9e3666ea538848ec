package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"contrastcheck/comparison"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plane draws the components of a mixture, named in the ID and the title, with the ellipses of
// one and two standard deviations, and the subspaces.
func Plane(name string, p comparison.Plane) Figure {
	f := Figure{ID: "plane-" + slug(name), Title: name, Caption: "Components with their ellipses of one and two standard deviations; labels are weights. " + p.Caption}
	var seen []string
	var key []entry
	lines := p.Lines
	if p.Fisher.Direction == [2]float64{} {
		seen = append(seen, p.Fisher.Name+" fills the plane")
		key = append(key, entry{p.Fisher.Name + " (fills the plane)", swatch{fill: pale(palette[5], 0.35)}})
	} else {
		lines = append([]comparison.PlaneLine{p.Fisher}, p.Lines...)
		key = append(key, entry{p.Fisher.Name, swatch{line: fisherLine}})
	}
	for _, l := range lines {
		seen = append(seen, fmt.Sprintf("%s is a line at %.3g° to the horizontal", l.Name, angle(l.Direction)))
	}
	var means []string
	for _, c := range p.Components {
		means = append(means, fmt.Sprintf("(%.3g, %.3g) with weight %.3g", c.Mean[0], c.Mean[1], c.Weight))
	}
	f.Alt = fmt.Sprintf("The %d components of %s in a plane, means at %s. %s.", len(p.Components), name, strings.Join(means, ", "), strings.Join(seen, "; "))
	for i, l := range p.Lines {
		key = append(key, entry{l.Name, swatch{line: lineStyle(i)}})
	}
	key = append(key, entry{"means", swatch{glyph: draw.GlyphStyle{Color: palette[0], Radius: 3, Shape: draw.CircleGlyph{}}}})
	drawing := newPlot("", p.X, p.Y)
	if (planePlot{p}).stretched() {
		f.Caption += " The axes have different scales."
	}
	drawing.Add(planePlot{p})
	f.drawn(width, 400, func(c draw.Canvas) { drawing.Draw(drawKey(draw.Crop(c, 4, -12, 4, 0), key)) })
	return f
}

func angle(d [2]float64) float64 {
	a := math.Atan2(d[1], d[0]) * 180 / math.Pi
	switch {
	case a <= -90:
		a += 180
	case a > 90:
		a -= 180
	}
	return math.Round(a*1e6)/1e6 + 0 // no negative zero
}

// fisherLine is broad, so that what lies in it shows.
var fisherLine = draw.LineStyle{Color: palette[5], Width: 7}

// lineStyle is that of the i-th other subspace.
func lineStyle(i int) draw.LineStyle {
	return draw.LineStyle{Color: palette[1+i], Width: 2.5, Dashes: dashes[i]}
}

// planePlot draws a plane.
type planePlot struct{ comparison.Plane }

// Plot implements plot.Plotter.
func (p planePlot) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	at := func(v [2]float64) vg.Point { return vg.Point{X: x(v[0]), Y: y(v[1])} }
	if p.Fisher.Direction == [2]float64{} {
		c.FillPolygon(pale(palette[5], 0.15), []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	}
	for _, zero := range [][]vg.Point{{{X: x(0), Y: c.Min.Y}, {X: x(0), Y: c.Max.Y}}, {{X: c.Min.X, Y: y(0)}, {X: c.Max.X, Y: y(0)}}} {
		c.StrokeLines(hair, c.ClipLinesXY(zero)...)
	}
	reach := 2 * math.Max(plt.X.Max-plt.X.Min, plt.Y.Max-plt.Y.Min)
	through := func(l comparison.PlaneLine, style draw.LineStyle) {
		n := math.Hypot(l.Direction[0], l.Direction[1])
		end := [2]float64{reach * l.Direction[0] / n, reach * l.Direction[1] / n}
		c.StrokeLines(style, c.ClipLinesXY([]vg.Point{at([2]float64{-end[0], -end[1]}), at(end)})...)
	}
	if p.Fisher.Direction != [2]float64{} {
		through(p.Fisher, fisherLine)
	}
	for i, l := range p.Lines {
		through(l, lineStyle(i))
	}
	for _, g := range p.Components {
		for _, deviations := range []float64{1, 2} {
			var outline []vg.Point
			for _, point := range ellipse(g, deviations) {
				outline = append(outline, at(point))
			}
			c.FillPolygon(pale(palette[0], 0.12), c.ClipPolygonXY(outline))
			c.StrokeLines(draw.LineStyle{Color: palette[0], Width: 1}, c.ClipLinesXY(outline)...)
		}
		c.DrawGlyph(draw.GlyphStyle{Color: palette[0], Radius: 3, Shape: draw.CircleGlyph{}}, at(g.Mean))
	}
	p.label(c, at)
}

// label writes the weights beside the means, above where there is room, no two in one place.
func (p planePlot) label(c draw.Canvas, at func([2]float64) vg.Point) {
	style := sans(smallText)
	var taken []vg.Rectangle
	for _, g := range p.Components {
		text := number(roundTo(g.Weight, 3))
		w, h := style.Width(text), style.Height(text)
		for _, place := range []vg.Point{{X: 6, Y: 5}, {X: 6, Y: -5 - h}, {X: -6 - w, Y: 5}, {X: -6 - w, Y: -5 - h}, {X: 6, Y: 20}, {X: 6, Y: -20 - h}} {
			corner := at(g.Mean).Add(place)
			box := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			if !slices.ContainsFunc(taken, func(t vg.Rectangle) bool {
				return box.Min.X < t.Max.X && t.Min.X < box.Max.X && box.Min.Y < t.Max.Y && t.Min.Y < box.Max.Y
			}) {
				taken = append(taken, box)
				c.FillText(style, corner, text)
				break
			}
		}
	}
}

func roundTo(x float64, digits int) float64 {
	scale := math.Pow(10, float64(digits)-1-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// ellipse returns points where the component lies the given number of standard deviations
// from its mean: μ + kL(cos φ, sin φ), LLᵀ = Σ.
func ellipse(g comparison.PlaneComponent, deviations float64) [][2]float64 {
	l11 := math.Sqrt(g.Covariance[0])
	l21 := g.Covariance[1] / l11
	l22 := math.Sqrt(math.Max(0, g.Covariance[2]-l21*l21))
	const corners = 72
	var out [][2]float64
	for i := range corners + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		out = append(out, [2]float64{g.Mean[0] + deviations*l11*cos, g.Mean[1] + deviations*(l21*cos+l22*sin)})
	}
	return out
}

// aspect is about the width of the rectangle that remains of the canvas for data, for its
// height.
const aspect = 570. / 315

// room is the least rectangle with 0 and all ellipses, and some space for labels.
func (p planePlot) room() (xmin, xmax, ymin, ymax float64) {
	for _, g := range p.Components {
		for _, point := range ellipse(g, 2.2) {
			xmin, xmax = math.Min(xmin, point[0]), math.Max(xmax, point[0])
			ymin, ymax = math.Min(ymin, point[1]), math.Max(ymax, point[1])
		}
	}
	return xmin, xmax + 0.06*(xmax-xmin), ymin, ymax
}

// stretched tells that equal scales would leave most of the canvas empty.
func (p planePlot) stretched() bool {
	xmin, xmax, ymin, ymax := p.room()
	const most = 5
	shape := (xmax - xmin) / (ymax - ymin) / aspect
	return shape > most || shape < 1./most
}

// DataRange implements plot.DataRanger: scales are equal unless that wastes the canvas.
func (p planePlot) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = p.room()
	if p.stretched() {
		return xmin, xmax, ymin, ymax
	}
	if missing := (ymax-ymin)*aspect - (xmax - xmin); missing > 0 {
		xmin, xmax = xmin-missing/2, xmax+missing/2
	} else {
		ymin, ymax = ymin+missing/aspect/2, ymax-missing/aspect/2
	}
	return xmin, xmax, ymin, ymax
}
