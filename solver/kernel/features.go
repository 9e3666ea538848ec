package kernel

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// turn centres the features and turns them to their principal axes, the first of largest variance; each is positive at the component that is farthest from 0.
func (e *Encoder) turn() {
	g, r := e.grid, e.Outputs
	if r == 0 {
		return
	}
	_, means := g.partners(e.Features, r)
	mean := means[len(g.prior)*r:]
	scatter := mat.NewSymDense(r, nil)
	row := mat.NewVecDense(r, nil)
	for i, w := range g.Weights {
		for a := range r {
			e.Features[i*r+a] -= mean[a]
			row.SetVec(a, e.Features[i*r+a])
		}
		scatter.SymRankOne(scatter, w, row)
	}
	var eigen mat.EigenSym
	eigen.Factorize(scatter, true)
	var axes mat.Dense
	eigen.VectorsTo(&axes)
	turned := make([]float64, len(e.Features))
	for i := range g.Weights {
		for a := range r {
			for b := range r {
				turned[i*r+a] += axes.At(b, r-1-a) * e.Features[i*r+b]
			}
		}
	}
	_, means = g.partners(turned, r)
	for a := range r {
		far := 0.0
		for k := range g.prior {
			if x := means[k*r+a]; math.Abs(x) > math.Abs(far)*(1+1e-9) {
				far = x
			}
		}
		for i := range g.Weights {
			turned[i*r+a] *= math.Copysign(1, far)
		}
	}
	e.Features = turned
}

// At are the features at the coordinates x of the grid, also off it: at the best encoder the average of φ under the law tilted at x, q ∝ F v e^{φ(x)·φ − ½|φ|²}, is that over partners of x. That has one solution,
// the minimum of a convex function of φ(x), by Newton's method.
func (e Encoder) At(x []float64) []float64 {
	g, r, n := e.grid, e.Outputs, len(e.grid.Weights)
	_, means := g.partners(e.Features, r)
	target := make([]float64, r)
	g.mix(target, g.posteriorAt(x), means)
	nearest, least := 0, math.Inf(1)
	for i, y := range g.Nodes {
		square := 0.0
		for j := range x {
			square += (x[j] - y[j]) * (x[j] - y[j])
		}
		if square < least {
			nearest, least = i, square
		}
	}
	at := append([]float64(nil), e.Features[nearest*r:(nearest+1)*r]...)
	mean, spread := make([]float64, r), mat.NewSymDense(r, nil)
	q := make([]float64, n)
	// evaluate is the convex function log Σ q − φ·target, with its derivatives in mean − target and spread.
	evaluate := func(at []float64) float64 {
		largest, sum := math.Inf(-1), 0.0
		for i := range n {
			q[i] = math.Log(g.Weights[i]) + e.logs[i]
			for a := range r {
				f := e.Features[i*r+a]
				q[i] += f * (at[a] - f/2)
			}
			largest = max(largest, q[i])
		}
		clear(mean)
		spread.Zero()
		for i := range n {
			q[i] = math.Exp(q[i] - largest)
			sum += q[i]
			for a := range r {
				mean[a] += q[i] * e.Features[i*r+a]
			}
		}
		value := largest + math.Log(sum)
		for a := range r {
			mean[a] /= sum
			value -= at[a] * target[a]
		}
		for i := range n {
			for a := range r {
				for b := a; b < r; b++ {
					spread.SetSym(a, b, spread.At(a, b)+q[i]/sum*(e.Features[i*r+a]-mean[a])*(e.Features[i*r+b]-mean[b]))
				}
			}
		}
		return value
	}
	value := evaluate(at)
	for range 30 {
		residual := mat.NewVecDense(r, nil)
		for a := range r {
			residual.SetVec(a, target[a]-mean[a])
		}
		if mat.Norm(residual, 2) < 1e-10 {
			break
		}
		for a := range r {
			spread.SetSym(a, a, spread.At(a, a)+1e-12)
		}
		var factor mat.Cholesky
		var step mat.VecDense
		if !factor.Factorize(spread) || factor.SolveVecTo(&step, residual) != nil {
			break
		}
		next, length := make([]float64, r), 1.0
		for ; length > 1e-3; length /= 2 {
			for a := range r {
				next[a] = at[a] + length*step.AtVec(a)
			}
			if v := evaluate(next); v <= value+1e-13 {
				value, at = v, next
				break
			}
		}
		if length <= 1e-3 {
			break
		}
	}
	return at
}

// On are the features at the nodes of another grid of the same pairs, n×r: where to start there.
func (e Encoder) On(g *Grid) []float64 {
	out := make([]float64, 0, len(g.Nodes)*e.Outputs)
	for _, x := range g.Nodes {
		out = append(out, e.At(x)...)
	}
	return out
}
