package whitened

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Metric weighs the entries of a matrix by a mean H_ij of w_i and v_j, the diagonals of W on its two sides: losses are strongly
// convex in Σ H_ij V_ij², and their gradients are measured in the dual norm ‖G‖²_d = Σ G_ij²/H_ij. (w_i v_j)^{2·Power} is
// the largest power of the product that is no more than H_ij. As W is diagonal up to a defect only, so that W ⪰ (1 − defect) D, the
// convexity shrinks to Trusted(defect).
type Metric struct {
	Mean    func(w, v float64) float64
	Power   float64
	Trusted func(defect float64) float64
}

var (
	// Mean is H_ij = ½(w_i + v_j) ≥ √(w_i v_j), of losses with D²f ⪰ ½(W· + ·V).
	Mean = Metric{func(w, v float64) float64 { return (w + v) / 2 }, 0.25, func(defect float64) float64 { return 1 - defect }}
	// Product is H_ij = w_i v_j, of losses with D²f ⪰ W·V. As w, v ≥ 1, its dual norm is smaller than that of Mean.
	// Flat is H_ij = 1, of losses that W tells nothing of.
	Flat    = Metric{func(float64, float64) float64 { return 1 }, 0, func(float64) float64 { return 1 }}
	Product = Metric{func(w, v float64) float64 { return w * v }, 0.5, func(defect float64) float64 { return (1 - defect) * (1 - defect) }}
)

// DualInner is the scalar product of ‖·‖_d.
func (h Metric) DualInner(left *Mixture, g, other *mat.Dense, right *Mixture) float64 {
	var sum float64
	for i, w := range left.W {
		for j, x := range g.RawRowView(i) {
			sum += x * other.At(i, j) / h.Mean(w, right.W[j])
		}
	}
	return sum
}

// DualNorm is ‖G‖_d.
func (h Metric) DualNorm(left *Mixture, g *mat.Dense, right *Mixture) float64 {
	return math.Sqrt(h.DualInner(left, g, g, right))
}

// PrimalNorm is dual to it: ‖V‖² = Σ H_ij V_ij².
func (h Metric) PrimalNorm(left *Mixture, x *mat.Dense, right *Mixture) float64 {
	var sum float64
	for i, w := range left.W {
		for j, y := range x.RawRowView(i) {
			sum += h.Mean(w, right.W[j]) * y * y
		}
	}
	return math.Sqrt(sum)
}
