package tables

import (
	"math"
	"math/big"

	"contrastcheck/gmm"
)

// unitRoundoff is 2^-53, the relative error of one float64 operation.
const unitRoundoff = 0x1p-53

// moments are class frequencies, class means and the pooled covariance S of n samples, the numbers of which have been
// rounded to Means and Covariance with errors that obey
//
//	|E_ab| ≤ sums √(S_aa S_bb) + spread u (√S_aa ρ_b + √S_bb ρ_a) + 2u² ρ_a ρ_b,   |e_ka| ≤ ½ spread u ρ_a √(n/n_k),
//
// ρ_a² = (1/n) Σ_i x_ia²; exact moments have sums = 0 and no sizes. See sizes and rounded.moments.
type moments struct {
	gmm.Exact // weights are counts
	sums      float64
	spread    float64   // 1 where the samples themselves were rounded, each to the nearest float64
	sizes     []float64 // ρ, d; nil for exact moments
}

// newMoments returns zeros.
func newMoments(counts []int, d int) moments {
	k := len(counts)
	m := moments{Exact: gmm.Exact{Weights: make([]*big.Rat, k), Means: rationals(k, d), Covariance: make([][]*big.Rat, d)}}
	for j, n := range counts {
		m.Weights[j] = new(big.Rat).SetInt64(int64(n))
	}
	for a := range m.Covariance {
		m.Covariance[a] = make([]*big.Rat, d)
	}
	return m
}

// rounding bounds, for a mixture of the rounded means and the rounded covariance Σ, which may have been shrunk, how far the
// exact ones are off: for every v,
//
//	|vᵀEv| ≤ rounding · vᵀΣv,   |vᵀe_k| ≤ rounding · √(vᵀΣv).
//
// With D = diag Σ, the bounds of the moments say |E_ab| ≤ ε √(D_aa D_bb), ε = sums + 2·spread·uρ + 2u²ρ², ρ = max_a ρ_a/√D_aa, so that
// |vᵀEv| ≤ dε vᵀDv ≤ dε vᵀΣv / c, where c is at most the least eigenvalue of the correlation matrix D^-½ΣD^-½. Shrinking, for which
// (1 − λ)S_aa ≤ D_aa, leaves that alone. Likewise |vᵀe_k| ≤ √d · spread·uρ √(n/n_k) √(vᵀΣv / c). The
// margin covers the rounding of the bound itself, and terms of its second order.
func (m moments) rounding(fitted *gmm.Mixture) float64 {
	if m.sizes == nil {
		return 0
	}
	var size float64
	covariance := fitted.DoubledCovariance()
	for a, x := range m.sizes {
		size = max(size, x/math.Sqrt(covariance[a][a].Hi))
	}
	rarest := 1.0
	for _, w := range fitted.Weights() {
		rarest = min(rarest, w)
	}
	const margin = 1.01
	d, c := float64(len(m.sizes)), fitted.LeastCorrelation()
	shift := m.spread * unitRoundoff * size
	entry := m.sums + 2*shift + 2*math.Pow(unitRoundoff*size, 2)
	return margin * max(d*entry/c, math.Sqrt(d/c/rarest)*shift)
}

// mostRounding is where float64 does not tell a covariance from a singular one.
const mostRounding = 0.5
