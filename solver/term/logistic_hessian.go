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

// modulus estimates the smallest eigenvalue of D²f(M) in the metric, with no more steps than the budget pays for.
func (e *logisticAt) modulus(metric descent.Metric) float64 {
	if math.IsNaN(e.least) {
		e.least = leastEigenvalue(e, metric, e.of.law.Symmetric(), func() bool { return e.spend(1) == nil })
	}
	return e.least
}
