package noncontrastive

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// ErrLine says that the differences of whitened means do not span a line beside noise.
var ErrLine = errors.New("noncontrastive: expected means on a line, not all equal, and at least 2 dimensions")

// Margin searches for the minimum of Hadsell's loss E D(x, x̂) + κ E(1 − √D(x, y))₊², D(a, b) = ‖Aᵀ(a − b)‖², with independent negatives, over M = m e₁e₁ᵀ + q nnᵀ in whitened coordinates, e₁ along the differences of the
// means and n across: as the loss is convex in M and the same for mirrored and turned noise, the least over all M of rank 2 has this form. A reach α multiplies M by α². Means are over a grid of differences of x and y in units of their deviation, so that m and q come to a few digits.
// Errors are ErrWeights, ErrLine, gmm.ErrOtherModel, and those of gmm.Mixture.WhitenFull.
func Margin(p gmm.Pairs, weight float64) (along, across, value float64, err error) {
	if !(weight > 0) || math.IsInf(weight, 1) {
		return 0, 0, 0, fmt.Errorf("%w, found κ = %v", ErrWeights, weight)
	}
	if err := p.WantSingle(); err != nil {
		return 0, 0, 0, err
	}
	if d := p.Left.DifferenceDimension(); d != 1 || p.Left.Dimension() < 2 {
		return 0, 0, 0, fmt.Errorf("%w; found differences of %d dimensions in %d", ErrLine, d, p.Left.Dimension())
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return 0, 0, 0, err
	}
	f := gridOf(p, w.Means, weight)
	start := []float64{math.Log(0.05), math.Log(0.05)}
	found := descent.Stationary(f.at, [][]float64{start}, descent.Search{Steps: 60, Newton: 2})
	return math.Exp(found.At[0]), math.Exp(found.At[1]), found.Value, nil
}

// grid is the loss as a mean over z = x − y along the line and ξ across.
type grid struct {
	weight, positive   float64
	shares, along, out []float64 // probabilities, z² and ξ²
}

// gridOf is that of whitened means, d×K.
func gridOf(p gmm.Pairs, means *mat.Dense, weight float64) *grid {
	l := law(p, means)
	f := &grid{weight: weight, positive: 2}
	for i, share := range l.shares {
		step := mat.Norm(l.steps[i], 2)
		f.positive += (1 - p.Delta()) * share * step * step
		f.add(share, step)
	}
	return f
}

// add adds z ∼ N(step, 2), ξ ∼ N(0, 2), of which D sees z² and ξ² alone.
func (f *grid) add(share, step float64) {
	const reach, cells = 6.0, 24 // deviations to either side, and cells a side
	width := reach / cells
	for i := -cells; i < cells; i++ {
		for j := range cells {
			u, v := (float64(i)+0.5)*width, (float64(j)+0.5)*width
			z, ξ := step+math.Sqrt2*u, math.Sqrt2*v
			f.shares = append(f.shares, 2*share*width*width*math.Exp(-(u*u+v*v)/2)/(2*math.Pi))
			f.along, f.out = append(f.along, z*z), append(f.out, ξ*ξ)
		}
	}
}

// at is the loss at (log m, log q).
func (f *grid) at(θ, gradient []float64) float64 {
	m, q := math.Exp(θ[0]), math.Exp(θ[1])
	value, byM, byQ := m*f.positive+2*q, f.positive, 2.0
	for i, share := range f.shares {
		root := math.Sqrt(m*f.along[i] + q*f.out[i])
		if short := 1 - root; short > 0 {
			value += f.weight * share * short * short
			slope := -f.weight * share * short / root
			byM += slope * f.along[i]
			byQ += slope * f.out[i]
		}
	}
	gradient[0], gradient[1] = m*byM, q*byQ
	return value
}
