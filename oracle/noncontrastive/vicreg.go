package noncontrastive

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
)

// VICReg is the loss of variance, invariance and covariance (Bardes, Ponce and LeCun, ICLR 2022) of a population and features Aᵀx,
//
//	L(A) = λ E‖Aᵀ(x − x̂)‖² + μ Σ_i (1 − √N_ii)₊ + ν Σ_{i≠j} N_ij²,   N = AᵀGA, G = Σ̄ + B the covariance of x.
//
// Its authors' weights of r features are λ = 25, μ = 50/r and ν = 2/r, as both views are weighed.
//
// E‖Aᵀ(x − x̂)‖² = 2 tr AᵀΔA, Δ = Σ̄ + (1−δ)B. With d_1 ≤ d_2 ≤ … the eigenvalues of G⁻¹Δ, d_i = (1 + (1−δ)b_i)/(1 + b_i) < 1 for i ≤ s_c = dim S_c and δ > 0, and 1 beyond, and n_1 ≥ n_2 ≥ … those of N, the best A of an N has
// 2λ Σ d_in_i in the place of the first term (von Neumann), and columns in S_c iff N has a rank of at most s_c. So containment holds for r ≤ s_c. For more features let T = tr N and η = Σ_{i > s_c} n_i > 0: there is an N′ of the eigenvalues
// n_1 + η, n_2, …, n_{s_c} with the same diagonal (Schur and Horn), of a lower loss if νT ≤ λ(1 − d_1),
//
//	L(N) − L(N′) ≥ 2λ(1 − d_1)η − ν[(n_1 + η)² − n_1²] > 2η[λ(1 − d_1) − νT],   as n_1 + η ≤ T.
//
// At a minimum T ≤ r p², p = min(1, μ/(4λd_1)): a feature of a variance above 1 is better shrunk to it, and where one is below, scaling it leaves μ√N_ii = 4λ a_iᵀΔa_i + 4ν Σ_{j≠i} N_ij² ≥ 4λd_1N_ii. So containment holds where
//
//	ν r min(1, μ/(4λd_1))² ≤ λ(1 − d_1).
//
// Of dim S_c = 1 and r ≥ 2 it fails where νT > λ(1 − d_1) at the best N of rank 1: N of the eigenvalues T − η and η and the same diagonal changes the loss by 2η[λ(1 − d_1) − νT] + O(η²). Between both nothing is said.
type VICReg struct {
	// Invariance, Variance and Covariance are λ, μ and ν > 0.
	Invariance, Variance, Covariance float64
}

// Kept is where a VICReg loss is known to keep to S_c.
type Kept struct {
	// Ratio is d_1, 1 where no A is better than noise: where δB = 0.
	Ratio float64
	// Most is the largest r, not rounded down, of the inequality, or dim S_c, if that is more.
	Most float64
}

// Kept tells how many features keep to S_c. Covariances may be shared or not. Errors are ErrWeights, and gmm.ErrOtherModel of two modalities.
func (l VICReg) Kept(p gmm.Pairs) (Kept, error) {
	for _, x := range []float64{l.Invariance, l.Variance, l.Covariance} {
		if !(x > 0) || math.IsInf(x, 1) {
			return Kept{}, fmt.Errorf("%w, found λ = %v, μ = %v, ν = %v", ErrWeights, l.Invariance, l.Variance, l.Covariance)
		}
	}
	if err := p.WantOneModality(); err != nil {
		return Kept{}, err
	}
	centred, err := p.Centre()
	if err != nil {
		return Kept{}, err
	}
	gram, weights := centred.Left.ExactGram(), centred.Weights()
	n := len(weights)
	scaled := dense.Identity(n)
	scaled.Apply(func(i, j int, _ float64) float64 { return math.Sqrt(weights[i]*weights[j]) * rounded(gram[i][j]) }, scaled)
	values, _ := dense.Eigen(dense.Symmetric(scaled))
	between := max(0, values[n-1]) // b_1
	k := Kept{Ratio: (1 + (1-p.Delta())*between) / (1 + between), Most: math.Inf(1)}
	deviation := math.Min(1, l.Variance/(4*l.Invariance*k.Ratio))
	k.Most = l.Invariance * (1 - k.Ratio) / (l.Covariance * deviation * deviation)
	if k.Ratio < 1 {
		k.Most = max(k.Most, float64(centred.Left.FisherDimension()))
	}
	return k, nil
}
