// Package cosines draws what embeddings of length 1 make of two classes, from enclosures of their loss.
package cosines

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/line"
	"contrastcheck/reports/figures"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot/plotter"
)

// warm is the temperature of pictures at one.
const warm = 0.5

// apart are the m of their classes ±m e₁.
var apart = []float64{1, 2, 3}

// twoClasses are equally likely, with means ±m e₁ in the plane.
func twoClasses(m float64) (line.Mixture, error) {
	mixture, err := gmm.New([]float64{0.5, 0.5}, mat.NewDense(2, 2, []float64{m, 0, -m, 0}), mat.NewDiagDense(2, []float64{1, 1}))
	if err != nil {
		return line.Mixture{}, err
	}
	pairs, err := gmm.NewPairs(mixture, big.NewRat(1, 1))
	if err != nil {
		return line.Mixture{}, err
	}
	return line.Of(pairs)
}

// named names classes by their means.
func named(m float64) string { return fmt.Sprintf("m = %g", m) }

// logarithmic are numbers from low to high of even ratios.
func logarithmic(low, high float64, count int) []float64 {
	out := make([]float64, count)
	for i := range out {
		out[i] = low * math.Pow(high/low, float64(i)/float64(count-1))
	}
	return out
}

// LossAlongNoise is the loss at so many noises, for three separations.
func LossAlongNoise(count int) (figures.Figure, error) {
	var all []figures.Departure
	for _, m := range apart {
		l, err := twoClasses(m)
		if err != nil {
			return figures.Figure{}, err
		}
		best, err := cosine.Best(l, cosine.InfoNCE, warm)
		if err != nil {
			return figures.Figure{}, err
		}
		d := figures.Departure{Name: named(m)}
		for _, noise := range append(logarithmic(1e-2, 4, count), best) {
			found, err := cosine.JudgeNoise(l, cosine.InfoNCE, warm, noise)
			if err != nil {
				return figures.Figure{}, err
			}
			fall := found.Outside.Value - found.Inside.Value
			if d.Gain = math.Max(d.Gain, -fall); noise != best {
				d.Points = append(d.Points, plotter.XY{X: noise, Y: fall})
			}
		}
		all = append(all, d)
	}
	return figures.LossAlongNoise(all), nil
}

// Angles are where the classes are on the circle, inside the Fisher subspace and at the best noise.
func Angles() (figures.Figure, error) {
	const steps = 240
	m := apart[0]
	l, err := twoClasses(m)
	if err != nil {
		return figures.Figure{}, err
	}
	noise, err := cosine.Best(l, cosine.InfoNCE, warm)
	if err != nil {
		return figures.Figure{}, err
	}
	var all []figures.Angles
	_, means, _ := l.Floats()
	for i, a := range means {
		right := math.Erfc(-a/math.Sqrt2) / 2
		class := figures.Angles{Name: []string{"class e₁", "class −e₁"}[i], Masses: [2]float64{right, 1 - right}}
		for j := range steps + 1 {
			θ := math.Pi * (2*float64(j)/steps - 1)
			class.Density = append(class.Density, plotter.XY{X: θ, Y: cosine.Angle(a, noise, θ)})
		}
		all = append(all, class)
	}
	return figures.AngleDensities(all), nil
}

// temperatures are those of a curve.
const coldest, hottest = 0.1, 5

// Curves are those of NoiseAlongTemperature.
var Curves = 1 + len(apart)

// NoiseAlongTemperature is the share of energy that is noise at so many temperatures of each curve; progress is called after each.
func NoiseAlongTemperature(count int, progress func()) (figures.Figure, error) {
	var all []figures.Curve
	for _, m := range append([]float64{0.5}, apart...) {
		l, err := twoClasses(m)
		if err != nil {
			return figures.Figure{}, err
		}
		curve := figures.Curve{Name: named(m)}
		for _, τ := range logarithmic(coldest, hottest, count) {
			noise, err := cosine.Best(l, cosine.InfoNCE, τ)
			if err != nil {
				return figures.Figure{}, err
			}
			curve.Points = append(curve.Points, plotter.XY{X: τ, Y: noise * noise / (1 + m*m + noise*noise)})
			progress()
		}
		all = append(all, curve)
	}
	return figures.NoiseAlongTemperature(all), nil
}
