package term

import (
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// hessian is by the rule of the gradient; a step takes some products.
func (e *logisticAt) hessian(float64) (descent.Operator, error) {
	const products = 8
	return e, e.spend(products)
}

// Apply writes D²f(M)[V]: E[q x_a v_b] for q = xᵀVv is E[q] E[x_a v_b] and the sum over the ways to pair one of x, v in q with one of
// x_a, v_b, or each, by Isserlis' formula about the means.
func (e *logisticAt) Apply(into, v *mat.Dense) {
	turned := dense.Times(dense.Times(e.left.T(), v), e.right)
	rows, columns := e.dims()
	out := mat.NewDense(rows, columns, nil)
	fromX, fromV := make([]complex128, columns), make([]complex128, rows) // Vᵀ E x and V E v
	e.each(func(theta complex128, _ float64, t *weighed) {
		var q complex128
		clear(fromX)
		clear(fromV)
		for i := range rows {
			for k, c := range turned.RawRowView(i) {
				fromX[k] += complex(c, 0) * t.x[i]
				fromV[i] += complex(c, 0) * t.v[k]
				q += complex(c, 0) * t.product(i, k)
			}
		}
		mass := theta * t.mass
		for a := range rows {
			row := out.RawRowView(a)
			for b := range row {
				z := q*t.product(a, b) + complex(turned.At(a, b), 0)*t.all[a].XX*t.all[b].VV +
					t.all[a].XX*fromV[a]*t.v[b] + t.all[b].VV*t.x[a]*fromX[b]
				if a < columns { // x_a and v_a vary together
					z += t.all[a].XV * fromX[a] * t.v[b]
				}
				if b < rows {
					z += t.all[b].XV * t.x[a] * fromV[b]
				}
				if a < columns && b < rows {
					z += complex(turned.At(b, a), 0) * t.all[a].XV * t.all[b].XV
				}
				row[b] += real(mass * z)
			}
		}
	})
	if e.over.free {
		dense.AddScaled(out, -dense.Inner(e.mixed, turned)/e.corner, e.mixed)
	}
	into.Copy(e.back(out))
}

// modulus estimates the smallest eigenvalue of D²f(M) in the metric, of symmetric matrices in one modality, by Lanczos' method from a matrix of ones and other
// signs: exactly where the steps are as many as entries, else from above, and with no more steps than the budget pays for.
func (e *logisticAt) modulus(metric descent.Metric) float64 {
	if !math.IsNaN(e.least) {
		return e.least
	}
	rows, columns := e.dims()
	symmetric := e.of.law.Symmetric()
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
		if step > 1 && e.spend(1) != nil {
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
		e.Apply(image, scaled)
		if symmetric {
			dense.Symmetrise(image)
		}
		over(next, image)
		for i, u := range basis {
			form.SetSym(i, step, dense.Inner(u, next))
		}
	}
	values, _ := dense.Eigen(form)
	e.least = values[0]
	return e.least
}
