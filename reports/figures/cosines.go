package figures

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Departure is the loss of embeddings of length 1 along a little noise.
type Departure struct {
	Name string
	// Gain is the largest, by which losses are divided.
	Gain   float64
	Points plotter.XYs // the noise ε, and the loss less that inside S_F
}

// LossAlongNoise draws losses at diag(1, ε), whitened, along ε.
func LossAlongNoise(departures []Departure) Figure {
	f := Figure{ID: "cosines-loss", Title: "A little noise lowers the loss of embeddings of length 1",
		Caption: "InfoNCE with cosines, τ = ½, two equally likely classes ±m e₁, at diag(1, ε) whitened, whose second column reads a coordinate of noise: what the loss is beside that of every representation " +
			"inside S_F (ε → 0, the line at 0), in units of the largest gain: "}
	p := newPlot("", "ε, noise beside a signal of 1, whitened (no unit)", "(L − L inside S_F)/largest gain")
	p.X.Tick.Marker = numbered{}
	var key []entry
	var gains, words []string
	first, last := math.Inf(1), math.Inf(-1)
	for i, d := range departures {
		style := draw.LineStyle{Color: palette[i], Width: 2.2, Dashes: dashes[i%len(dashes)]}
		line, best := make(plotter.XYs, len(d.Points)), d.Points[0]
		for j, at := range d.Points {
			line[j] = plotter.XY{X: math.Log10(at.X), Y: at.Y / d.Gain}
			if at.Y < best.Y {
				best = at
			}
			first, last = min(first, line[j].X), max(last, line[j].X)
		}
		addLine(p, style, within(line, -1.05, 1.05))
		key = append(key, entry{d.Name, swatch{line: style}})
		gains = append(gains, fmt.Sprintf("%.3g for %s", d.Gain, d.Name))
		words = append(words, fmt.Sprintf("%s: least at ε = %.2g.", d.Name, best.X))
	}
	f.Caption += strings.Join(gains, ", ") + ". Where a curve is below the line, containment is refuted."
	f.Alt = "Line plot of losses along noise, each at the inside's for none, falling to −1 and rising beyond. " + strings.Join(words, " ")
	addLine(p, hair, plotter.XYs{{X: first, Y: 0}, {X: last, Y: 0}})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = first, last, -1.05, 1.05
	f.drawn(width, 360, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// within is a line up to where it first leaves a range, after being in it.
func within(line plotter.XYs, low, high float64) plotter.XYs {
	for i, at := range line {
		if at.Y < low || at.Y > high {
			return line[:i]
		}
	}
	return line
}

// Angles are where a class is on the circle.
type Angles struct {
	Name string
	// Density is that of embeddings with noise, over angles from −π to π in ascending order; Masses are those inside S_F, at 0 and at ±π.
	Density plotter.XYs
	Masses  [2]float64
}

// AngleDensities draws where classes are on the circle, with noise, and inside S_F as bars.
func AngleDensities(classes []Angles) Figure {
	f := Figure{ID: "cosines-angles", Title: "Where classes are on the circle, inside the Fisher subspace and with noise",
		Caption: "Two equally likely classes ±e₁, τ = ½. Inside S_F an embedding of length 1 is a sign, at the angle 0 or ±π: the bars are the probabilities. With the best noise beside the signal the angle has the " +
			"density drawn, smooth across the boundary of the classes at ±π/2."}
	p := newPlot("", "angle of the embedding, in units of π", "density, per radian; bars: probability")
	var key []entry
	var words []string
	top := 0.0
	for _, class := range classes {
		for _, at := range class.Density {
			top = math.Max(top, at.Y)
		}
	}
	top = math.Max(1, 1.05*top)
	for i, class := range classes {
		style := draw.LineStyle{Color: palette[i], Width: 2.2, Dashes: dashes[i%len(dashes)]}
		line := make(plotter.XYs, len(class.Density))
		for j, at := range class.Density {
			line[j] = plotter.XY{X: at.X / math.Pi, Y: at.Y}
		}
		addLine(p, style, line)
		bar := draw.LineStyle{Color: pale(palette[i], 0.6), Width: 7}
		beside := 0.012 * (2*float64(i) - 1) // so that bars of two classes stand side by side
		addLine(p, bar, plotter.XYs{{X: beside, Y: 0}, {X: beside, Y: class.Masses[0]}})
		for _, end := range []float64{-1, 1} { // which are one angle
			addLine(p, bar, plotter.XYs{{X: end + beside, Y: 0}, {X: end + beside, Y: class.Masses[1]}})
		}
		key = append(key, entry{class.Name + ", with noise", swatch{line: style}}, entry{class.Name + ", inside S_F", swatch{line: bar}})
		words = append(words, fmt.Sprintf("%s: inside S_F at 0 with probability %.3g, at π with %.3g.", class.Name, class.Masses[0], class.Masses[1]))
	}
	f.Alt = "Densities of angles on the circle, one peak a class, and bars at 0 and π. " + strings.Join(words, " ")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -1.04, 1.04, 0, top
	f.drawn(width, 360, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// NoiseAlongTemperature draws shares of energy from outside S_F along temperatures.
func NoiseAlongTemperature(curves []Curve) Figure {
	f := Figure{ID: "cosines-energy", Title: "How much noise embeddings of length 1 read, by temperature",
		Caption: "Two equally likely classes ±m e₁ in the plane, InfoNCE with cosines: the share of the embedding's energy E‖Aᵀx‖² that is from outside S_F, of the best diag(1, ε), whitened. Classes that overlap let in most; in the temperature there is most in the middle."}
	p := newPlot("", "temperature τ (no unit)", "energy outside S_F, share of all")
	p.X.Tick.Marker, p.Y.Tick.Marker = numbered{}, decades{}
	var key []entry
	var words []string
	first, last, low := math.Inf(1), math.Inf(-1), 0.0
	for i, curve := range curves {
		style := draw.LineStyle{Color: palette[i], Width: 2.2, Dashes: dashes[i%len(dashes)]}
		line, most := make(plotter.XYs, len(curve.Points)), curve.Points[0]
		for j, at := range curve.Points {
			line[j] = plotter.XY{X: math.Log10(at.X), Y: math.Log10(at.Y)}
			if at.Y > most.Y {
				most = at
			}
			first, last, low = min(first, line[j].X), max(last, line[j].X), min(low, line[j].Y)
		}
		addLine(p, style, line)
		key = append(key, entry{curve.Name, swatch{line: style}})
		words = append(words, fmt.Sprintf("%s: at most %.2g, at τ = %.2g.", curve.Name, most.Y, most.X))
	}
	f.Alt = "Line plot of shares of energy along temperatures, on logarithmic axes. " + strings.Join(words, " ")
	const rounding = 1e-9 // of ticks at the ends
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = first-rounding, last+rounding, math.Floor(low), 0
	f.drawn(width, 360, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}
