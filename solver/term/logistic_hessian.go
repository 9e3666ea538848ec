package term

import (
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/waves"

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
	visit := func(theta complex128, t *waves.Weighed) {
		var q complex128
		clear(fromX)
		clear(fromV)
		for i := range rows {
			for k, c := range turned.RawRowView(i) {
				fromX[k] += complex(c, 0) * t.X[i]
				fromV[i] += complex(c, 0) * t.V[k]
				q += complex(c, 0) * t.Product(i, k)
			}
		}
		mass := theta * t.Mass
		for a := range rows {
			row := out.RawRowView(a)
			for b := range row {
				z := q*t.Product(a, b) + complex(turned.At(a, b), 0)*t.All[a].XX*t.All[b].VV +
					t.All[a].XX*fromV[a]*t.V[b] + t.All[b].VV*t.X[a]*fromX[b]
				if a < columns { // x_a and v_a vary together
					z += t.All[a].XV * fromX[a] * t.V[b]
				}
				if b < rows {
					z += t.All[b].XV * t.X[a] * fromV[b]
				}
				if a < columns && b < rows {
					z += complex(turned.At(b, a), 0) * t.All[a].XV * t.All[b].XV
				}
				row[b] += real(mass * z)
			}
		}
	}
	for i, p := range e.parts {
		e.laws[i].Each(e.bias, p.factor, visit)
	}
	if e.over.free {
		dense.AddScaled(out, -dense.Inner(e.mixed, turned)/e.corner, e.mixed)
	}
	into.Copy(e.back(out))
}

// modulus estimates the smallest eigenvalue of D²f(M) in the metric, of symmetric matrices in one modality, with no more steps than the budget pays for.
func (e *logisticAt) modulus(metric descent.Metric, _ float64) float64 {
	if math.IsNaN(e.least) {
		e.least = descent.LeastCurvature(e, metric, e.of.law.Symmetric(), func() bool { return e.spend(1) == nil })
	}
	return e.least
}
