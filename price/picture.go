package price

import (
	"math"

	"contrastcheck/losses"
	"contrastcheck/solver/kernel"

	"gonum.org/v1/gonum/mat"
)

// Picture shows encoders in the coordinates of S_c: whitened, along the principal axes of the means, whose mean is at 0.
type Picture struct {
	// Dimension is s, 1 or 2. Means are K×s, Weights K.
	Dimension int
	Means     [][]float64
	Weights   []float64
	// Axes are the values of each coordinate at which outputs are given, ascending.
	Axes [][]float64
	// Encoders are the linear map, the net of two neurons and, last, the best shared encoder.
	Encoders []Drawn
}

// Drawn is an encoder. Its outputs are less their mean, along their principal axes under the law of x, the one that varies most first.
type Drawn struct {
	Map string
	// Outputs are, for each output, its values at the points of the axes: one after another, the last coordinate running fastest.
	Outputs [][]float64
}

const (
	// beyond is how many standard deviations a picture goes beyond the means.
	beyond = 3
	// points along each coordinate, by s.
	onLine, inPlane = 161, 49
	// faint is the part of the variance of outputs below which one is not shown.
	faint = 1e-8
)

func pictured(g *kernel.Grid, linear losses.Decision, net kernel.Neurons, best kernel.Encoder) *Picture {
	s := len(g.Means[0])
	p := &Picture{Dimension: s, Means: g.Means, Weights: linear.Given.Weights()}
	for j := range s {
		low, high := math.Inf(1), math.Inf(-1)
		for _, m := range g.Means {
			low, high = min(low, m[j]), max(high, m[j])
		}
		n := onLine
		if s > 1 {
			n = inPlane
		}
		axis := make([]float64, n)
		for i := range axis {
			axis[i] = low - beyond + (high-low+2*beyond)*float64(i)/float64(n-1)
		}
		p.Axes = append(p.Axes, axis)
	}
	p.Encoders = []Drawn{
		p.draw(Linear, g, linearOutputs(g, columns(linear))),
		p.draw(Network, g, net.At),
		p.draw(Shared, g, best.At),
	}
	return p
}

// linearOutputs is x ↦ Aᵀx on points without noise.
func linearOutputs(g *kernel.Grid, a *mat.Dense) func(x []float64) []float64 {
	return func(x []float64) []float64 {
		if a == nil {
			return nil
		}
		at := g.Place(x)
		_, r := a.Dims()
		out := make([]float64, r)
		for i := range at {
			for j := range out {
				out[j] += a.At(i, j) * at[i]
			}
		}
		return out
	}
}

// draw turns outputs to their principal axes.
func (p *Picture) draw(name string, g *kernel.Grid, f func(x []float64) []float64) Drawn {
	d := Drawn{Map: name}
	var values [][]float64
	for _, x := range g.Nodes {
		values = append(values, f(x))
	}
	r := len(values[0])
	if r == 0 {
		return d
	}
	mean, scatter := make([]float64, r), mat.NewSymDense(r, nil)
	for i, w := range g.Weights {
		for a, v := range values[i] {
			mean[a] += w * v
		}
	}
	for i, w := range g.Weights {
		off := mat.NewVecDense(r, nil)
		for a, v := range values[i] {
			off.SetVec(a, v-mean[a])
		}
		scatter.SymRankOne(scatter, w, off)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(scatter, true) {
		return d
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	points := p.points()
	for a := r - 1; a >= 0 && eigen.Values(nil)[a] > faint*mat.Trace(scatter); a-- {
		at := func(v []float64) (sum float64) {
			for b := range v {
				sum += vectors.At(b, a) * (v[b] - mean[b])
			}
			return sum
		}
		far := 0.0 // positive at the mean where it is largest
		for _, m := range p.Means {
			if v := at(f(m)); math.Abs(v) > math.Abs(far)*(1+1e-9) {
				far = v
			}
		}
		row := make([]float64, len(points))
		for i, x := range points {
			row[i] = math.Copysign(1, far) * at(f(x))
		}
		d.Outputs = append(d.Outputs, row)
	}
	return d
}

// points are those of the axes.
func (p *Picture) points() (all [][]float64) {
	for _, x := range p.Axes[0] {
		if p.Dimension == 1 {
			all = append(all, []float64{x})
			continue
		}
		for _, y := range p.Axes[1] {
			all = append(all, []float64{x, y})
		}
	}
	return all
}
