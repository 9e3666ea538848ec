package figures

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Curve is the smallest eigenvalue of the whitened M_u on S_F along δ.
type Curve struct {
	Name   string
	Points plotter.XYs // δ and the eigenvalue
}

// EigenvalueAlongDelta draws curves; where one is negative, equality fails.
func EigenvalueAlongDelta(curves []Curve) Figure {
	f := Figure{ID: "eigenvalue-delta", Title: "λ_min(M_u) on S_F along δ, for counterexamples of three components",
		Caption: "M_u minimises the loss over all symmetric matrices, whitened. Where its smallest eigenvalue on the Fisher subspace is negative, " +
			"the optimal representation loses a direction: equality fails. At δ = 0 there is nothing to learn, and M_u = 0."}
	p := newPlot("", "δ, probability that a pair shares its component (no unit)", "λ_min(M_u on S_F), whitened (no unit)")
	var words []string
	var key []entry
	low, high := 0., 0.
	for i, curve := range curves {
		style := draw.LineStyle{Color: palette[i], Width: 2.2, Dashes: dashes[i%len(dashes)]}
		addLine(p, style, curve.Points)
		key = append(key, entry{curve.Name, swatch{line: style}})
		words = append(words, curve.words())
		for _, at := range curve.Points {
			low, high = math.Min(low, at.Y), math.Max(high, at.Y)
		}
	}
	f.Alt = "Line plot. " + strings.Join(words, " ")
	addLine(p, hair, plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 0}})
	p.X.Min, p.X.Max = 0, 1
	p.Y.Min, p.Y.Max = low-0.05*(high-low), high+0.05*(high-low)
	f.drawn(width, 360, func(c draw.Canvas) { p.Draw(drawKey(draw.Crop(c, 4, -14, 4, 0), key)) })
	return f
}

// words says between which δ a curve is negative.
func (c Curve) words() string {
	first, last, count, least := math.Inf(1), math.Inf(-1), 0, math.Inf(1)
	for _, at := range c.Points {
		least = math.Min(least, at.Y)
		if at.Y < 0 {
			first, last = math.Min(first, at.X), math.Max(last, at.X)
			count++
		}
	}
	if count == 0 {
		return fmt.Sprintf("%s: never negative.", c.Name)
	}
	return fmt.Sprintf("%s: negative at %d of %d values of δ, between %.3g and %.3g, at least %.3g.", c.Name, count, len(c.Points), first, last, least)
}
