package figures

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Line shows verdicts along one number, with the measures that they rest on.
type Line struct {
	Figure         // its ID, Title and Caption
	XLabel, YLabel string
	Points         []Judged
	// Critical are values at which the verdict is known to change.
	Critical []float64
	// Logarithmic says that X are decimal logarithms.
	Logarithmic bool
}

// Judged is a point of a line: its Y is what the verdict rests on, NaN for nothing.
type Judged struct {
	X, Y    float64
	Verdict string
}

// verdictGlyphs tell verdicts apart without colour.
var verdictGlyphs = map[string]draw.GlyphStyle{
	"holds":     {Color: palette[0], Radius: 3, Shape: draw.CircleGlyph{}},
	"refuted":   {Color: palette[1], Radius: 3, Shape: draw.PyramidGlyph{}},
	"undecided": {Color: color.Gray{128}, Radius: 3, Shape: draw.CrossGlyph{}},
}

// criticalLine is where a verdict changes.
var criticalLine = draw.LineStyle{Color: palette[3], Width: 1.2, Dashes: dashes[1]}

// VerdictsAlong draws a measure along a number, each point by its verdict; one without a measure lies on 0.
func VerdictsAlong(l Line) Figure {
	f := l.Figure
	p := newPlot("", l.XLabel, l.YLabel)
	if l.Logarithmic {
		p.X.Tick.Marker = numbered{}
	}
	low, high := 0., 0.
	var line plotter.XYs
	at := map[string]plotter.XYs{}
	for _, j := range l.Points {
		place := plotter.XY{X: j.X}
		if !math.IsNaN(j.Y) && !math.IsInf(j.Y, 0) {
			place.Y = j.Y
			line = append(line, place)
		}
		at[j.Verdict] = append(at[j.Verdict], place)
		low, high = min(low, place.Y), max(high, place.Y)
	}
	if low == high {
		low, high = -1, 1
	}
	room := 0.05 * (high - low)
	low, high = low-room, high+room
	first, last := l.Points[0].X, l.Points[len(l.Points)-1].X
	if first == last {
		first, last = first-0.5, last+0.5
	}
	addLine(p, hair, plotter.XYs{{X: first, Y: 0}, {X: last, Y: 0}})
	if len(line) > 1 {
		addLine(p, draw.LineStyle{Color: color.Gray{128}, Width: 1}, line)
	}
	for _, x := range l.Critical {
		addLine(p, criticalLine, plotter.XYs{{X: x, Y: low}, {X: x, Y: high}})
	}
	var key []entry
	for _, v := range verdictColours {
		key = append(key, entry{fmt.Sprintf("%s (%d)", v.verdict, len(at[v.verdict])), swatch{glyph: verdictGlyphs[v.verdict]}})
		if at[v.verdict] == nil {
			continue
		}
		points, err := plotter.NewScatter(at[v.verdict])
		must(err)
		points.GlyphStyle = verdictGlyphs[v.verdict]
		p.Add(points)
	}
	f.Alt = fmt.Sprintf("Line plot of %d points along %s: the claim holds at %d, is refuted at %d, undecided at %d.",
		len(l.Points), l.XLabel, len(at["holds"]), len(at["refuted"]), len(at["undecided"]))
	if len(l.Critical) > 0 {
		key = append(key, entry{fmt.Sprintf("critical (%d)", len(l.Critical)), swatch{line: criticalLine}})
		f.Alt += fmt.Sprintf(" Dashed lines mark %d critical values.", len(l.Critical))
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = first, last, low, high
	f.drawn(width, 360, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// numbered ticks an axis of decimal logarithms at 1, 2 and 5 times powers of ten, or at the powers alone where they are many, and labels the numbers.
type numbered struct{}

// Ticks implements plot.Ticker.
func (numbered) Ticks(low, high float64) (ticks []plot.Tick) {
	const few = 3 // decades
	steps := []float64{1, 2, 5}
	if high-low > few {
		steps = steps[:1]
	}
	for e := math.Floor(low); e <= math.Ceil(high); e++ {
		for _, s := range steps {
			if at := e + math.Log10(s); low <= at && at <= high {
				ticks = append(ticks, plot.Tick{Value: at, Label: strconv.FormatFloat(s*math.Pow(10, e), 'g', 4, 64)})
			}
		}
	}
	return ticks
}
