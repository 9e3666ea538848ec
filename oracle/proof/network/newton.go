package network

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// newton looks for a zero of f by Newton's method with differences for derivatives, halving steps that do not come closer. It returns where it stopped, which may be nowhere near.
func newton(x []float64, f func([]float64) []float64) []float64 {
	const (
		iterations, halvings = 40, 12
		enough               = 1e-14
	)
	norm := func(y []float64) float64 {
		if size := floats.Norm(y, 2); !math.IsNaN(size) {
			return size
		}
		return math.Inf(1)
	}
	size := len(x)
	y := f(x)
	for range iterations {
		if at := norm(y); at < enough || math.IsInf(at, 1) {
			break
		}
		var step mat.VecDense
		if step.SolveVec(jacobian(x, y, f), mat.NewVecDense(size, append([]float64(nil), y...))) != nil && step.Len() != size {
			break
		}
		t, closer := 1.0, false
		for range halvings {
			next := append([]float64(nil), x...)
			floats.AddScaled(next, -t, step.RawVector().Data)
			if value := f(next); norm(value) < norm(y) {
				x, y, closer = next, value, true
				break
			}
			t /= 2
		}
		if !closer {
			break
		}
	}
	return x
}

// jacobian is that of f at x, where it is y, by differences.
func jacobian(x, y []float64, f func([]float64) []float64) *mat.Dense {
	const difference = 1e-6
	derivative := mat.NewDense(len(x), len(x), nil)
	for j := range x {
		moved := append([]float64(nil), x...)
		h := difference * (1 + math.Abs(x[j]))
		moved[j] += h
		for i, value := range f(moved) {
			derivative.Set(i, j, (value-y[i])/h)
		}
	}
	return derivative
}
