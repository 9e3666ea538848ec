package solver

import "gonum.org/v1/gonum/mat"

// generalHessian is V ↦ sym E_x[x xᵀ V Cov(y|x)]: products holds, for a ≤ m and c ≤ m,
// the matrix E x_a x_c Cov(y|x) as its entry a·m + c.
type generalHessian struct{ products []*mat.Dense }

var _ operator = generalHessian{}

// hessian averages D²f at the point, by the rule of its gradient.
func (pt *generalPoint) hessian() generalHessian {
	m, _ := pt.m.Dims()
	h := generalHessian{make([]*mat.Dense, m*m)}
	for i := range h.products {
		h.products[i] = mat.NewDense(m, m, nil)
	}
	spread := mat.NewDense(m, m, nil)
	pt.f.visit(pt.m, pt.rule, func(weight float64, t *tilt) {
		t.covariance(spread)
		for a, x := range t.x {
			for c, y := range t.x {
				addScaled(h.products[a*m+c], weight*x*y, spread)
			}
		}
	})
	return h
}

// apply writes D²f(M)[V] for a symmetric V.
func (h generalHessian) apply(into, v *mat.Dense) {
	m, _ := v.Dims()
	into.Zero()
	for a := range m {
		for c := range m {
			for b := range m {
				addTo(into.RawRowView(a), v.At(c, b), h.products[a*m+c].RawRowView(b))
			}
		}
	}
	symmetrise(into)
}
