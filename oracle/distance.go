package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Distance bounds ‖M − M_u‖_F in whitened coordinates for any symmetric matrix M,
// M_u being the minimiser of the InfoNCE loss of p over all symmetric matrices.
// The bound is the norm of the gradient at M, evaluated to about the given
// tolerance, and the error of that evaluation; +Inf where nothing can be bounded.
func Distance(p gmm.Pairs, m gmm.Form, tolerance float64) float64 {
	if m.N == nil {
		return 0
	}
	v, err := see(p, m.Left)
	if err != nil {
		return math.Inf(1)
	}
	x := v.matrix(m.Symmetric())
	e, err := v.boundedGradient(x, tolerance, costliest)
	if err != nil {
		return math.Inf(1)
	}
	return (e.norm+e.err)/v.least() + v.formError*mat.Norm(x, 2)
}

// least is √w for the smallest eigenvalue w ≥ 1 of W, by which the plain
// distance is smaller: ‖V‖_F ≤ ‖W^¼VW^¼‖_F/√w ≤ ‖∇f‖_d/√w.
func (v *view) least() float64 { return math.Sqrt(slices.Min(v.w)) }
