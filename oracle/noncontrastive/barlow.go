package noncontrastive

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/line"
)

// Barlow is the Barlow Twins loss Σ_i (1 − C_ii)² + λ Σ_{i≠j} C_ij² of the correlations C of the r features of x with those of x̂, where S_c is a line: Barlow Twins' own λ is 0.005.
//
// The centred features have unit directions u_i in coordinates in which Σ + B is the identity, and there δB is ρvvᵀ, ρ = δb/(1 + b), |v| = 1: C_ij = ρ c_ic_j with c_i = ⟨v, u_i⟩. With y_i = c_i² ∈ [0, 1],
//
//	L = Σ (1 − ρy_i)² + λρ² ((Σ y_i)² − Σ y_i²),   ∂L/∂y_i = −2ρ(1 − ρy_i) + 2λρ² Σ_{j≠i} y_j,
//
// and S_c contains A iff all y_i are 1. If λ(r − 1) ≤ 1/ρ − 1, every derivative is negative where y_i < 1, so that y = 1 alone is best; else at y = 1 they are all positive, and a little noise in any feature is better.
type Barlow struct {
	// Correlation is ρ, in [0, 1).
	Correlation float64
	// Most is (1/ρ − 1)/λ + 1: containment holds for r ≤ Most features, +Inf where ρ = 0, of which no A is better than another.
	Most float64
}

// BarlowTwins tells where containment ends at a weight λ > 0. Errors are ErrWeights, and line.ErrShape unless dim S_c = 1 < d.
func BarlowTwins(p gmm.Pairs, weight float64) (Barlow, error) {
	if !(weight > 0) || math.IsInf(weight, 1) {
		return Barlow{}, fmt.Errorf("%w, found λ = %v", ErrWeights, weight)
	}
	if err := p.WantSingle(); err != nil {
		return Barlow{}, err
	}
	centred, err := p.Centre()
	if err != nil {
		return Barlow{}, err
	}
	m, err := line.Of(centred)
	if err != nil {
		return Barlow{}, err
	}
	weights, means, delta := m.Floats()
	between := 0.0
	for k, w := range weights {
		between += w * means[k] * means[k]
	}
	rho := delta * between / (1 + between)
	return Barlow{rho, (1/rho-1)/weight + 1}, nil
}
