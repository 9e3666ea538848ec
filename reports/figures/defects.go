package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Measured is how far a minimiser that was found leaves S_F, relative to its size, and the
// certified bound of its own distance to the true one, on the same scale.
type Measured struct {
	Outside, Bound float64
	Group          string // the certificate's grade
}

// floor is where zeros are drawn on logarithmic axes: below what float64 resolves.
const floor = 1e-18

// DefectAgainstBound draws the distances outside S_F against their bounds. Containment is
// refuted where the first exceeds the second.
func DefectAgainstBound(all []Measured) Figure {
	f := Figure{ID: "containment-defect", Title: "Containment: what was found outside S_F, against the certified bound",
		Caption: "Each point is a random mixture, solved blindly in all dimensions: ‖QM̂‖ is the part of the solution outside the Fisher subspace, " +
			"b the oracle's bound of the solution's distance to the true minimiser. Above the diagonal, a point of more than 10⁻⁸ would refute containment. Values below 10⁻¹⁸ are drawn there."}
	above, largest := 0, 0.0
	groups := map[string]plotter.XYs{}
	var names []string
	for _, m := range all {
		if m.Outside > m.Bound {
			above++
		}
		largest = math.Max(largest, m.Outside)
		if groups[m.Group] == nil {
			names = append(names, m.Group)
		}
		groups[m.Group] = append(groups[m.Group], plotter.XY{X: math.Log10(math.Max(m.Bound, floor)), Y: math.Log10(math.Max(m.Outside, floor))})
	}
	f.Alt = fmt.Sprintf("Scatter plot of %d mixtures on logarithmic axes: %d lie above the diagonal where the part outside S_F equals its bound; the largest part outside is %s of the solution's size.",
		len(all), above, inWords(largest))
	p := newPlot("", "certified bound  b / ‖M̂‖  (relative, no unit)", "outside S_F  ‖QM̂‖ / ‖M̂‖  (relative)")
	p.X.Tick.Marker, p.Y.Tick.Marker = decades{}, decades{}
	low, high := math.Log10(floor), -6.
	for _, points := range groups {
		for _, at := range points {
			high = math.Max(high, math.Max(at.X, at.Y))
		}
	}
	high = math.Ceil(high)
	addLine(p, hair, plotter.XYs{{X: low, Y: low}, {X: high, Y: high}})
	key := []entry{{"part outside = bound", swatch{line: hair}}}
	for i, name := range names {
		points, err := plotter.NewScatter(groups[name])
		must(err)
		points.GlyphStyle = draw.GlyphStyle{Color: pale(palette[i], 0.6), Radius: 2.2, Shape: glyphs[i]}
		p.Add(points)
		key = append(key, entry{fmt.Sprintf("%s (%d)", name, len(groups[name])), swatch{glyph: draw.GlyphStyle{Color: palette[i], Radius: 3.5, Shape: glyphs[i]}}})
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low, high, low, high
	f.drawn(width, 400, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// inWords is a small number for a text alternative.
func inWords(x float64) string {
	if x == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", x)
}

// must panics on an error that only a programmer's mistake makes: points that are not finite.
func must(err error) {
	if err != nil {
		panic("figures: " + err.Error())
	}
}
