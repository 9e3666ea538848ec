package descent

import (
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// LeastCurvature estimates the smallest eigenvalue of a Hessian in a metric, of symmetric matrices or of all, by Lanczos' method from a matrix of ones and other
// signs: exactly where the steps are as many as entries, else from above. From the third step on affords tells whether there is one more.
func LeastCurvature(h Operator, metric Metric, symmetric bool, affords func() bool) float64 {
	rows, columns := metric.Weights.Dims()
	entries := rows * columns
	if symmetric {
		entries = rows * (rows + 1) / 2
	}
	const most = 24
	steps := min(entries, most)
	form := mat.NewSymDense(steps, nil)
	scaled, image := mat.NewDense(rows, columns, nil), mat.NewDense(rows, columns, nil)
	var basis []*mat.Dense // orthonormal in the Frobenius norm, of V_ij √b_ij
	next := mat.NewDense(rows, columns, nil)
	next.Apply(func(i, j int, _ float64) float64 { return math.Cos(float64(1 + (i+1)*(j+1)*(i+j+1))) }, next)
	over := func(into, a *mat.Dense) {
		into.Apply(func(i, j int, x float64) float64 { return x / math.Sqrt(metric.Weights.At(i, j)) }, a)
	}
	for step := range steps {
		if step > 1 && !affords() {
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
		over(scaled, v)
		h.Apply(image, scaled)
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
