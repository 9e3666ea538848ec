package term

import (
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// leastEigenvalue estimates that of a second derivative in the metric, on matrices or on symmetric ones, by Lanczos' method from a matrix of ones and other
// signs: exactly where the steps are as many as entries, else from above. From the third step on each asks whether it may be taken.
func leastEigenvalue(of descent.Operator, metric descent.Metric, symmetric bool, affordable func() bool) float64 {
	rows, columns := metric.Weights.Dims()
	const most = 24
	entries := rows * columns
	if symmetric {
		entries = rows * (rows + 1) / 2
	}
	steps := min(entries, most)
	form := mat.NewSymDense(steps, nil)
	scaled, image := mat.NewDense(rows, columns, nil), mat.NewDense(rows, columns, nil)
	var basis []*mat.Dense // orthonormal in the Frobenius norm, of V_ij √b_ij
	next := mat.NewDense(rows, columns, nil)
	next.Apply(func(i, j int, _ float64) float64 { return math.Cos(float64(1 + (i+1)*(j+1)*(i+j+1))) }, next)
	for step := range steps {
		if step > 1 && !affordable() {
			form = form.SliceSym(0, step).(*mat.SymDense)
			break
		}
		for range 2 { // twice is enough
			for _, v := range basis {
				dense.AddScaled(next, -dense.Inner(next, v), v)
			}
		}
		length := dense.Norm(next)
		if length == 0 {
			form = form.SliceSym(0, step).(*mat.SymDense)
			break
		}
		next.Scale(1/length, next)
		v := mat.DenseCopyOf(next)
		basis = append(basis, v)
		over := func(into, a *mat.Dense) {
			into.Apply(func(i, j int, x float64) float64 { return x / math.Sqrt(metric.Weights.At(i, j)) }, a)
		}
		over(scaled, v)
		of.Apply(image, scaled)
		if symmetric {
			dense.Symmetrise(image)
		}
		over(next, image)
		for i, u := range basis {
			form.SetSym(i, step, dense.Inner(u, next))
		}
	}
	values, _ := dense.Eigen(form)
	return values[0]
}
