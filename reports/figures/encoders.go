package figures

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"contrastcheck/price"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// encoderNames are those of the encoders of a picture.
var encoderNames = map[string]string{price.Linear: "linear", price.Network: "2 erf neurons", price.Shared: "best shared encoder"}

// Encoders draws encoders over the centred Fisher subspace: on a line as curves; in the plane contour lines of the linear map and of the best shared encoder, in two
// panels.
func Encoders(id, title string, classes []string, p price.Picture) Figure {
	f := Figure{ID: id, Title: title}
	if p.Dimension == 1 {
		f.curves(classes, p)
	} else {
		f.contours(classes, p)
	}
	return f
}

// curves draws the output of each encoder that varies most.
func (f *Figure) curves(classes []string, p price.Picture) {
	f.Caption = "The output of each encoder f that varies most, less its mean, along the direction in which the classes differ; dotted lines are the means of the classes. " +
		"A steep part tells points apart, a flat one takes them for the same."
	drawing := newPlot("", "whitened coordinate in S_c (standard deviations)", "f, less its mean (no unit)")
	var key []entry
	var words []string
	var low, high float64
	for i, e := range p.Encoders {
		if len(e.Outputs) == 0 {
			continue
		}
		var line plotter.XYs
		for j, x := range p.Axes[0] {
			y := e.Outputs[0][j]
			line = append(line, plotter.XY{X: x, Y: y})
			low, high = min(low, y), max(high, y)
		}
		style := draw.LineStyle{Color: palette[i], Width: 2.2, Dashes: dashes[(i+1)%len(p.Encoders)]}
		addLine(drawing, style, line)
		name := encoderNames[e.Map]
		key = append(key, entry{name, swatch{line: style}})
		words = append(words, fmt.Sprintf("%s: from %.3g to %.3g", name, line[0].Y, line[len(line)-1].Y))
	}
	room := 0.05 * (high - low)
	for _, m := range p.Means {
		addLine(drawing, meanLine, plotter.XYs{{X: m[0], Y: low - room}, {X: m[0], Y: high + room}})
	}
	names, places := labels(classes, p.Means, func(m []float64) plotter.XY { return plotter.XY{X: m[0], Y: low - room} })
	drawing.Add(named(names, places, vg.Point{X: 3, Y: 3}))
	drawing.X.Min, drawing.X.Max = p.Axes[0][0], p.Axes[0][len(p.Axes[0])-1]
	drawing.Y.Min, drawing.Y.Max = low-room, high+room
	f.Alt = fmt.Sprintf("Line plot of encoders between %.3g and %.3g standard deviations. %s.", drawing.X.Min, drawing.X.Max, strings.Join(words, "; "))
	f.drawn(width, 360, func(c draw.Canvas) { drawing.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
}

// meanLine is where a class has its mean.
var meanLine = draw.LineStyle{Color: pale(color.Gray{128}, 0.8), Width: 1, Dashes: dashes[2]}

// contours draws the linear map and the best shared encoder.
func (f *Figure) contours(classes []string, p price.Picture) {
	f.Caption = "Contour lines of the outputs, less their means, over the plane in which the classes differ, in standard deviations, at the same levels in both panels; dots are the means of the classes. " +
		"Lines of a linear map are straight and evenly spaced; the best encoder turns where classes meet, and is flat where one is certain."
	panels := []price.Drawn{p.Encoders[0], p.Encoders[len(p.Encoders)-1]}
	most := 0
	largest := 0.0
	for _, e := range panels {
		for i, out := range e.Outputs[:min(len(e.Outputs), len(contourStyles))] {
			most = max(most, i+1)
			for _, z := range out {
				largest = max(largest, math.Abs(z))
			}
		}
	}
	step := niceStep(largest / 7)
	var key []entry
	for i := range most {
		key = append(key, entry{[]string{"first output", "second output"}[i], swatch{line: contourStyles[i]}})
	}
	key = append(key, entry{"means of the classes", swatch{glyph: draw.GlyphStyle{Color: color.Black, Radius: 3, Shape: draw.CircleGlyph{}}}})
	var plots []*plot.Plot
	var words []string
	for _, e := range panels {
		title := encoderNames[e.Map]
		drawing := newPlot(title, "first axis of the means", "second axis")
		said := "nothing"
		if len(e.Outputs) > 0 {
			var ranges []string
			for i, out := range e.Outputs[:min(len(e.Outputs), len(contourStyles))] {
				drawing.Add(contour(p, out, step, contourStyles[i]))
				ranges = append(ranges, fmt.Sprintf("from %.3g to %.3g", slices.Min(out), slices.Max(out)))
			}
			said = strings.Join(ranges, " and ")
		}
		words = append(words, title+", outputs "+said)
		var means plotter.XYs
		for _, m := range p.Means {
			means = append(means, plotter.XY{X: m[0], Y: m[1]})
		}
		dots, err := plotter.NewScatter(means)
		must(err)
		dots.GlyphStyle = draw.GlyphStyle{Color: color.Black, Radius: 3, Shape: draw.CircleGlyph{}}
		names, places := labels(classes, p.Means, func(m []float64) plotter.XY { return plotter.XY{X: m[0], Y: m[1]} })
		drawing.Add(dots, named(names, places, vg.Point{X: 5, Y: 4}))
		drawing.X.Min, drawing.X.Max = p.Axes[0][0], p.Axes[0][len(p.Axes[0])-1]
		drawing.Y.Min, drawing.Y.Max = p.Axes[1][0], p.Axes[1][len(p.Axes[1])-1]
		plots = append(plots, drawing)
	}
	f.Caption += fmt.Sprintf(" Lines are %s apart.", number(step))
	f.Alt = fmt.Sprintf("Contour plots in two panels, lines %.3g apart. %s.", step, strings.Join(words, "; "))
	f.drawn(width, 360, func(c draw.Canvas) {
		inTwoColumns(drawKey(draw.Crop(c, 4, -4, 4, 0), key), draw.Tiles{PadX: 18, PadTop: 8, PadRight: 10, PadBottom: 4}, plots)
	})
}

// contourStyles are those of the outputs.
var contourStyles = []draw.LineStyle{{Color: palette[0], Width: 1.6}, {Color: palette[1], Width: 1.4, Dashes: dashes[1]}}

// niceStep is 1, 2 or 5 times a power of ten, at least x.
func niceStep(x float64) float64 {
	if !(x > 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, s := range []float64{1, 2, 5} {
		if s*power >= x {
			return s * power
		}
	}
	return 10 * power
}

// contour is of values at multiples of a step.
func contour(p price.Picture, values []float64, step float64, style draw.LineStyle) plot.Plotter {
	var levels []float64
	for n := math.Ceil(slices.Min(values) / step); n*step <= slices.Max(values); n++ {
		levels = append(levels, n*step)
	}
	if levels == nil {
		levels = []float64{0}
	}
	c := plotter.NewContour(field{p.Axes, values}, levels, nil)
	c.LineStyles = []draw.LineStyle{style}
	return c
}

// field is values over a plane.
type field struct {
	axes   [][]float64
	values []float64
}

// Dims implements plotter.GridXYZ, as the others do.
func (f field) Dims() (columns, rows int) { return len(f.axes[0]), len(f.axes[1]) }
func (f field) Z(column, row int) float64 { return f.values[column*len(f.axes[1])+row] }
func (f field) X(column int) float64      { return f.axes[0][column] }
func (f field) Y(row int) float64         { return f.axes[1][row] }

// mostLabels is how many classes are named in a picture.
const mostLabels = 8

// labels are the names of classes, where there are few.
func labels(classes []string, means [][]float64, at func(mean []float64) plotter.XY) (names []string, places plotter.XYs) {
	if len(classes) > mostLabels {
		return nil, nil
	}
	for k, m := range means {
		names, places = append(names, classes[k]), append(places, at(m))
	}
	return names, places
}

// named writes names beside places.
func named(names []string, places plotter.XYs, offset vg.Point) plot.Plotter {
	l, err := plotter.NewLabels(plotter.XYLabels{XYs: places, Labels: names})
	must(err)
	l.Offset = offset
	for i := range l.TextStyle {
		l.TextStyle[i] = sans(smallText)
	}
	return l
}
