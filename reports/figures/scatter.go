package figures

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"contrastcheck/comparison"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scatter is a projection of labelled samples on a plane.
type Scatter struct {
	Title string
	comparison.Scatter
}

// Scatters draws two panels, or two rows of two; their classes share a key. A projection on
// a line is drawn in a lane a class, across which the points are spread evenly.
func Scatters(id, title, caption string, classes []string, panels []Scatter) Figure {
	f := Figure{ID: id, Title: title, Caption: caption}
	var names []string
	for _, s := range panels {
		names = append(names, s.Title)
	}
	f.Alt = fmt.Sprintf("Scatter plots of %d samples of %d classes (%s) in %d panels: %s. %s",
		len(panels[0].Points), len(classes), strings.Join(classes, ", "), len(panels), strings.Join(names, "; "), caption)
	var key []entry
	for k, class := range classes {
		key = append(key, entry{class, swatch{glyph: glyph(k, 3.5)}})
	}
	var plots []*plot.Plot
	for _, s := range panels {
		p := newPlot(s.Title, "", "")
		for k := range classes {
			var points plotter.XYs
			for n, at := range s.Points {
				if s.Labels[n] == k {
					if s.Dimension == 1 {
						at[1] = lane(k, len(points))
					}
					points = append(points, plotter.XY{X: at[0], Y: at[1]})
				}
			}
			if points == nil {
				continue
			}
			drawn, err := plotter.NewScatter(points)
			must(err)
			drawn.GlyphStyle = glyph(k, 2)
			drawn.Color = pale(drawn.Color, 0.85)
			p.Add(drawn)
		}
		if s.Dimension == 1 {
			p.HideY()
		}
		plots = append(plots, p)
	}
	height := vg.Length(keyHeight + 8 + 250*((len(plots)+1)/2))
	f.drawn(width, height, func(c draw.Canvas) {
		inTwoColumns(drawKey(c, key), draw.Tiles{PadX: 18, PadY: 14, PadTop: 8, PadLeft: 4, PadRight: 10, PadBottom: 4}, plots)
	})
	return f
}

// lane is where the n-th point of a class lies across its lane; the first class is on top.
// Multiples of the golden ratio, modulo 1, fill an interval evenly.
func lane(class, n int) float64 {
	const breadth = 0.8
	_, spread := math.Modf(float64(n) * math.Phi)
	return breadth*(spread-0.5) - float64(class)
}

func glyph(k int, radius vg.Length) draw.GlyphStyle {
	colour := color.Color(color.Gray{128})
	if k < len(palette) {
		colour = palette[k]
	}
	return draw.GlyphStyle{Color: colour, Radius: radius, Shape: glyphs[k%len(glyphs)]}
}
