package soundness

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

func dense(m square) *mat.Dense {
	return mat.NewDense(2, 2, []float64{m[0][0], m[0][1], m[1][0], m[1][1]})
}

func rows(points []vec) [][]float64 {
	if points == nil {
		return nil
	}
	out := make([][]float64, len(points))
	for i, p := range points {
		out[i] = []float64{p[0], p[1]}
	}
	return out
}

// truth is a planar block with its minimiser, that of the components which are not rare,
// and a bound of the minimiser's distance to the exact one.
type truth struct {
	planar
	raw              []float64 // the weights as written
	hidden           []int
	blind, minimiser square
	off              float64
}

// part is the block with a candidate.
func (b truth) part(candidate square) part {
	p := part{weights: gmm.Rationals(b.raw...), visual: rows(b.visual), text: rows(b.text), candidate: dense(candidate), minimiser: dense(b.minimiser),
		gradient: dense(b.at(candidate, firstRule).gradient)}
	p.blind = dense(b.without(b.hidden).at(candidate, firstRule).gradient)
	return p
}

// part is the simplex with the candidate mI.
func (b simplex) part(m, minimiser float64) part {
	p := part{}
	d := b.n - 1
	scaled := func(x float64) *mat.Dense {
		out := mat.NewDense(d, d, nil)
		for i := range d {
			out.Set(i, i, x)
		}
		return out
	}
	for range b.n {
		p.weights = append(p.weights, big.NewRat(1, 1))
	}
	p.visual = b.corners(b.visual)
	if b.text > 0 {
		p.text = b.corners(b.text)
	}
	p.candidate, p.minimiser, p.gradient = scaled(m), scaled(minimiser), scaled(b.slope(m)/float64(d))
	p.blind = p.gradient
	return p
}

// corners are ρ(e_b − 1/n) in Helmert's coordinates.
func (b simplex) corners(rho float64) [][]float64 {
	out := make([][]float64, b.n)
	for c := range b.n {
		for i := 1; i < b.n; i++ {
			x := 0.0
			switch {
			case c < i:
				x = 1
			case c == i:
				x = -float64(i)
			}
			out[c] = append(out[c], rho*x/math.Sqrt(float64(i*(i+1))))
		}
	}
	return out
}
