// Package closed holds what losses are sums of that needs no quadrature: functions of a matrix M of scores xᵀMy, in whitened coordinates,
// whose values, gradients and Hessians are closed formulas of the means.
package closed

import (
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// Function is a convex function f of an m×n matrix M. In one modality M is symmetric, and of gradients and images of Hessians the symmetric part is meant.
type Function interface {
	Traits() Traits
	// At evaluates f at M; descent.ErrSteep outside of its domain.
	At(m *mat.Dense) (Point, error)
	// Contains tells whether M is in the domain of f.
	Contains(m *mat.Dense) bool
}

// Traits are what a sum has to know of a function.
type Traits struct {
	Metric   Metric
	Pull     float64 // ∇f(0) is about −δB times this, B the scatter between both sides
	Relative float64 // error of what f is made of, by rounding and by the errors of the means
}

// Metric measures matrices by ‖V‖² = Σ b_ij V_ij² ≥ ‖V‖_F², and gradients by the norm dual to that, so that
// ‖M − M*‖_F and ‖diag(l)(M − M*)diag(r)‖_F are at most ‖∇f(M)‖_d/Modulus.
type Metric struct {
	Modulus     float64
	Weights     *mat.Dense // m×n, b
	Left, Right []float64  // l and r
}

// Point is a function at one M, and its Hessian there.
type Point interface {
	descent.Operator
	Gradient() *mat.Dense
	// Modulus is a c with D²f[V, V] ≥ c‖V‖² at M, no less than that of the metric.
	Modulus() float64
	// Value returns f(M) and the size of its terms.
	Value() (value, size float64)
	// Errors returns what the gradient is off by because of the means, and by how much a relative error of what f is made of moves it, as a multiple of
	// that, both in the metric's dual norm.
	Errors() (err, moved float64)
}

// Flat is the Frobenius norm of m×m matrices, without a modulus.
func Flat(m int) Metric {
	flat := powers(make([]float64, m), 0)
	return Metric{Weights: entries(flat, flat, func(float64, float64) float64 { return 1 }), Left: flat, Right: flat}
}
