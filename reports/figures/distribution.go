package figures

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Distribution draws a histogram of the values of a measure, on a logarithmic axis where
// none is negative and the positive ones span more than two decades; zeros are then
// counted in the caption. There must be at least one value.
func Distribution(id, measure string, values []float64) Figure {
	least, largest := slices.Min(values), slices.Max(values)
	f := Figure{ID: id, Title: "Distribution of the " + measure,
		Caption: fmt.Sprintf("Random cases that were decided, with a value: %d.", len(values)),
		Alt:     fmt.Sprintf("Histogram of the %s of %d random cases, from %.2g to %.2g.", measure, len(values), least, largest)}
	p := newPlot("", measure, "cases")
	if positive := logarithms(values); least >= 0 && positive != nil {
		p.X.Tick.Marker = decades{}
		if zeros := len(values) - len(positive); zeros > 0 {
			f.Caption += fmt.Sprintf(" %d of them, exactly 0, are not drawn.", zeros)
		}
		values, least, largest = positive, slices.Min(positive), slices.Max(positive)
	}
	p.Add(newBars(values, least, largest))
	f.drawn(width, 150, func(c draw.Canvas) { p.Draw(draw.Crop(c, 4, -14, 4, -6)) })
	return f
}

// logarithms are those of the positive values; nil unless they span two decades.
func logarithms(values []float64) []float64 {
	var out []float64
	for _, v := range values {
		if v > 0 {
			out = append(out, math.Log10(v))
		}
	}
	if out == nil || slices.Max(out)-slices.Min(out) < 2 {
		return nil
	}
	return out
}

// bars is a plotter of a histogram.
type bars struct {
	low, step float64
	counts    []int
}

func newBars(values []float64, least, largest float64) bars {
	const bins = 40
	b := bars{low: least, step: (largest - least) / bins, counts: make([]int, bins)}
	if !(b.step > 0) { // one value only
		b.step = math.Max(math.Abs(least), 1) / bins
		b.low -= b.step * bins / 2
	}
	for _, v := range values {
		b.counts[min(bins-1, int((v-b.low)/b.step))]++
	}
	return b
}

// DataRange implements plot.DataRanger.
func (b bars) DataRange() (xmin, xmax, ymin, ymax float64) {
	return b.low, b.low + b.step*float64(len(b.counts)), 0, float64(slices.Max(b.counts))
}

// Plot implements plot.Plotter.
func (b bars) Plot(c draw.Canvas, plt *plot.Plot) {
	x, y := plt.Transforms(&c)
	for i, n := range b.counts {
		if n == 0 {
			continue
		}
		left, right := x(b.low+b.step*float64(i)), x(b.low+b.step*float64(i+1))
		c.FillPolygon(palette[0], []vg.Point{{X: left, Y: y(0)}, {X: right, Y: y(0)}, {X: right, Y: y(float64(n))}, {X: left, Y: y(float64(n))}})
	}
}
