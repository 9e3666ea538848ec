package solver

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// metric measures symmetric m×m matrices by W = I + C, whose diagonal form it
// holds: the quadratic form ⟨V², W⟩ bounds the curvature of an InfoNCE loss from below.
type metric struct {
	second []float64 // m, the diagonal of W
}

// addQuadratic makes G symmetric and adds ½(WV + VW).
func (n metric) addQuadratic(g, v *mat.Dense) {
	symmetrise(g)
	for i, wi := range n.second {
		from := v.RawRowView(i)
		for j, wj := range n.second {
			g.RawRowView(i)[j] += from[j] * (wi + wj) / 2
		}
	}
}

// dualNorm is ‖G‖_d with ‖G‖²_d = Σ_ij 2 G_ij² / (w_i + w_j), w the diagonal of
// W. As D²f ≥ ½(W· + ·W), ‖M − M_u‖_F ≤ ‖∇f(M)‖_d ≤ ‖∇f(M)‖_F.
func (n metric) dualNorm(g *mat.Dense) float64 {
	var sum float64
	for i, wi := range n.second {
		for j, x := range g.RawRowView(i) {
			sum += 2 * x * x / (wi + n.second[j])
		}
	}
	return math.Sqrt(sum)
}

// functional returns a random symmetric Z with E⟨G, Z⟩² = ‖½(G + Gᵀ)‖²_d.
func (n metric) functional(rng *rand.Rand) *mat.Dense {
	z := mat.NewDense(len(n.second), len(n.second), nil)
	for i, wi := range n.second {
		for j := range i {
			x := rng.NormFloat64() / math.Sqrt(wi+n.second[j])
			z.Set(i, j, x)
			z.Set(j, i, x)
		}
		z.Set(i, i, rng.NormFloat64()/math.Sqrt(wi))
	}
	return z
}

// symmetricNorm is ‖½(G + Gᵀ)‖_d.
func (n metric) symmetricNorm(g *mat.Dense) float64 {
	symmetrise(g)
	return n.dualNorm(g)
}

// primalNorm is the norm dual to dualNorm, ‖V‖² = Σ_ij ½(w_i + w_j) V_ij².
func (n metric) primalNorm(v *mat.Dense) float64 {
	var sum float64
	for i, wi := range n.second {
		for j, x := range v.RawRowView(i) {
			sum += (wi + n.second[j]) / 2 * x * x
		}
	}
	return math.Sqrt(sum)
}

// apply writes the inverse of V ↦ ½(WV + VW), the quadratic part of the Hessian:
// the preconditioner.
func (n metric) apply(into, v *mat.Dense) {
	for i, wi := range n.second {
		row, from := into.RawRowView(i), v.RawRowView(i)
		for j, wj := range n.second {
			row[j] = from[j] * 2 / (wi + wj)
		}
	}
}
