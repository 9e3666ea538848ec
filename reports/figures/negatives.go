package figures

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Series is a measure along a number, judged at each point; a point without a measure is left out.
type Series struct {
	Name   string
	Points []Judged
}

// EigenvalueAlongNegatives draws λ_min against the number of negatives, of which each X is the decimal logarithm, on an axis of y that is
// linear near 0 and logarithmic beyond: what is small decides, too.
func EigenvalueAlongNegatives(all []Series) Figure {
	f := Figure{ID: "eigenvalue-negatives", Title: "λ_min(M_u) on S_F against the number of negatives",
		Caption: "InfoNCE with N negatives at δ = 1, of centred mixtures. Above 0 every direction is kept, below 0 one is lost: filled marks are certified verdicts, crosses are undecided. " +
			"The axis is linear up to ±10⁻⁴ and logarithmic beyond. Neither more negatives nor fewer are safe."}
	p := newPlot("", "negatives N", "λ_min(M_u on S_F), whitened (no unit)")
	p.X.Tick.Marker, p.Y.Tick.Marker = numbered{}, signedDecades{}
	var key []entry
	var words []string
	first, last, low, high := math.Inf(1), math.Inf(-1), -1., 1.
	for i, s := range all {
		style := draw.LineStyle{Color: palette[i%len(palette)], Width: 1.8, Dashes: dashes[i%len(dashes)]}
		shape := glyphs[i%3]
		var line, doubtful plotter.XYs
		for _, j := range s.Points {
			if math.IsNaN(j.Y) || math.IsInf(j.Y, 0) {
				continue
			}
			at := plotter.XY{X: j.X, Y: signedLogarithm(j.Y)}
			line = append(line, at)
			if j.Verdict == "undecided" {
				doubtful = append(doubtful, at)
			}
			first, last, low, high = min(first, at.X), max(last, at.X), min(low, at.Y), max(high, at.Y)
		}
		words = append(words, s.words())
		key = append(key, entry{s.Name, swatch{line: style, glyph: draw.GlyphStyle{Color: palette[i%len(palette)], Radius: 3.2, Shape: shape}}})
		if len(line) == 0 {
			continue
		}
		addLine(p, style, line)
		addGlyphs(p, draw.GlyphStyle{Color: palette[i%len(palette)], Radius: 3.2, Shape: shape}, line)
		if doubtful != nil {
			addGlyphs(p, draw.GlyphStyle{Color: color.Black, Radius: 5, Shape: draw.CrossGlyph{}}, doubtful)
		}
	}
	if first > last {
		first, last = 0, 1
	}
	addLine(p, draw.LineStyle{Color: color.Gray{128}, Width: 1.2}, plotter.XYs{{X: first, Y: 0}, {X: last, Y: 0}})
	room := 0.05 * (high - low)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = first, last, low-room, high+room
	f.Alt = "Line plot on a logarithmic axis of the number of negatives. " + strings.Join(words, " ")
	f.drawn(width, 380, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// words tell at which numbers of negatives a direction is lost, and at which none is.
func (s Series) words() string {
	at := map[string][]string{}
	for _, j := range s.Points {
		at[j.Verdict] = append(at[j.Verdict], fmt.Sprintf("%.0f", math.Pow(10, j.X)))
	}
	var said []string
	for _, v := range []struct{ verdict, words string }{{"holds", "all is kept at N = %s"}, {"refuted", "a direction is lost at N = %s"}, {"undecided", "undecided at N = %s"}} {
		if n := at[v.verdict]; n != nil {
			said = append(said, fmt.Sprintf(v.words, strings.Join(n, ", ")))
		}
	}
	return s.Name + ": " + strings.Join(said, "; ") + "."
}

// linear is up to where a signed logarithmic axis is linear.
const linear = 1e-4

// signedLogarithm is y/linear near 0, and ±(1 + log₁₀(|y|/linear)) beyond ±linear.
func signedLogarithm(y float64) float64 {
	if r := math.Abs(y) / linear; r > 1 {
		return math.Copysign(1+math.Log10(r), y)
	}
	return y / linear
}
