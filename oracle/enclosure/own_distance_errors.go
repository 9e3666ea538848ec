package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// arithmeticError bounds the effect on the gradient of rounding, and of the errors of the view's means and covariances, to first order, doubled, as that of OwnPartition
// does: means over x = μ_j + T_j^½ξ of polynomials of degree at most 6 in |ξ| with coefficients ≥ 0 are at most their values at r = (E|ξ|⁶)^⅙. With |x − μ_k| ≤ X, ‖J_k‖ ≤ j, and as
//
//	δS = J δT Jᵀ,   δJ = −J δT K,   δK = −K δT K,   δ½log|I + MT| = ½⟨K, δT⟩
//
// for what is off by the error of T_k,
//
//	|δA_k| ≤ |δS| + 2jX(|δJ|X + j|δx|),   |δφ_k| ≤ ½√m‖K‖|δT| + ½|δK|X² + ‖K‖X|δx|,   |δ Σ p_k A_k| ≤ |δA| + 2|A||δφ|.
//
// ‖K‖|δT| ≤ ¼ keeps what is of higher order below the first.
func (d *OwnDistance) arithmeticError(levels int) float64 {
	dim, k := d.Means.Dims()
	n := float64(dim)
	r := math.Pow(n*(n+2)*(n+4), 1.0/6)
	var longest, largest, log, offS, offShift, shift float64
	for i := range k {
		longest = max(longest, mat.Norm(d.Means.ColView(i), 2))
		largest = max(largest, mat.Norm(d.Covariances[i], 2))
		log = max(log, math.Abs(d.LogWeights[i]))
		p := d.posteriors[i]
		offS, offShift, shift = max(offS, p.off), max(offShift, p.offShift), max(shift, math.Abs(p.shift))
	}
	norm := mat.Norm(d.m, 2)
	spread := d.largest(func(p posterior) *mat.Dense { return p.covariance })
	shrink := d.largest(func(p posterior) *mat.Dense { return p.shrink })
	kernel := d.largest(func(p posterior) *mat.Dense { return p.kernel })
	unit := float64(8*dim) * dense.Roundoff
	// By rounding, of S, of J = I − SM and of K = MJ.
	offJ := norm*offS + unit*(math.Sqrt(n)+spread*norm)
	offK := norm*offJ + unit*norm*shrink
	// And by the errors of T_k.
	offT := d.SpreadError
	offS += shrink * shrink * offT
	offJ += shrink * kernel * offT
	offK += kernel * kernel * offT
	offShift += math.Sqrt(n) * kernel * offT / 2
	// Triangular roots of T_j and their inverses cost its condition.
	rounding := dense.Roundoff * (float64(levels+32*dim+4*k+64) * max(1, largest/d.Own.Modulus))
	offMean := d.MeanError * longest
	x := 2*longest + math.Sqrt(largest)*r
	dx := 2*offMean + offT/math.Sqrt(d.Own.Modulus)*r + rounding*x
	size := spread + shrink*shrink*x*x
	da := offS + 2*shrink*x*(offJ*x+shrink*dx) + rounding*size
	phi := log + shift + kernel*x*x/2 + 1
	dphi := offShift + offK*x*x/2 + kernel*x*dx + rounding*phi
	scatter := 4 * longest * (offMean + rounding*longest) // of (1−δ)B
	return 2 * (da + 2*size*dphi + rounding*(size+n+longest*longest) + scatter)
}

// Scale is the size of the gradient's terms.
func (d *OwnDistance) Scale() float64 {
	if d.failure != nil {
		return 1
	}
	second, _ := d.Moments()
	shrink := d.largest(func(p posterior) *mat.Dense { return p.shrink })
	return math.Sqrt(float64(len(d.W))) + second + shrink*shrink*second
}

// Steepest bounds the second derivative at matrices that rounding cannot tell from M, where ‖J_k‖ and ‖S_k‖ are what they are at M.
func (d *OwnDistance) Steepest() float64 {
	if d.failure != nil {
		return math.Inf(1)
	}
	shrink := d.largest(func(p posterior) *mat.Dense { return p.shrink })
	spread := d.largest(func(p posterior) *mat.Dense { return p.covariance })
	const margin = 1.01
	return d.steepness(margin*shrink, margin*spread, nil)
}

// Lipschitz bounds ‖D²f(M)[V]‖_F beside ‖V‖_F for M ⪰ 0 of Frobenius norm at most size, M and V with their columns and rows in the span of orthonormal columns, any where these are nil: there
// S_k ⪯ T_k and, as J_k = T_k^½(I + T_k^½MT_k^½)⁻¹T_k^{−½} = I − S_kM, ‖J_k‖ is at most both (τ/c)^½ and 1 + τ‖M‖, cI ⪯ T_k ⪯ τI. By the Cauchy–Schwarz inequality of
// the form D²f it is at most the root of ‖D²f‖ times that along the span, where Pm_k and PS_kP are those of the mixture seen along it.
func (d *OwnDistance) Lipschitz(size float64, inside *mat.Dense) float64 {
	var largest float64
	for _, t := range d.Covariances {
		largest = max(largest, mat.Norm(t, 2))
	}
	shrink := min(math.Sqrt(largest/d.Own.Modulus), 1+largest*size)
	whole := d.steepness(shrink, largest, nil)
	if inside == nil {
		return whole
	}
	return math.Sqrt(whole * d.steepness(shrink, largest, inside))
}

// steepness bounds D²f[V,V] = ¼E Var_{y|x}(dᵀVd), d = x − y, beside ‖V‖_F², V along orthonormal columns P, nil for all: with ‖J_k‖ ≤ j, ‖S_k‖ ≤ s and q dimensions it is at
// most ¼ of the largest mean, over the components of y, of
//
//	E_k|Pd|⁴ ≤ (|m_k|² + qs)² + (2q + 4|m_k|²/s)s²,   |m_k| ≤ j|P(x − μ_k)| ≤ j(ρ + |z|),   x = μ_j + z,
//
// ρ being the largest distance of two means along P, and by Minkowski's inequality E(ρ + |z|)⁴ ≤ (ρ + (E|z|⁴)^¼)⁴, E|z|⁴ = (tr T_j)² + 2‖T_j‖_F².
func (d *OwnDistance) steepness(j, s float64, along *mat.Dense) float64 {
	seen := d.Means
	dim, _ := seen.Dims()
	q := float64(dim)
	if along != nil {
		_, columns := along.Dims()
		seen, q = new(mat.Dense), float64(columns)
		seen.Mul(along.T(), d.Means)
	}
	var farthest float64
	for _, row := range dense.Distances(seen) {
		for _, length := range row {
			farthest = max(farthest, length)
		}
	}
	var sum float64
	for k, w := range d.Weights {
		own := d.Covariances[k]
		if along != nil {
			own = dense.Congruent(own, along)
		}
		trace, norm := mat.Trace(own), mat.Norm(own, 2)
		second := math.Pow(j*(farthest+math.Sqrt(trace)), 2)
		fourth := math.Pow(j*(farthest+math.Pow(trace*trace+2*norm*norm, 0.25)), 4)
		sum += w * (fourth + (2*q+4)*s*second + (q*q+2*q)*s*s)
	}
	const margin = 1.001 // for the errors of means and covariances, which are below 1e-6, and rounding
	return margin * sum / 4
}

// Modulus is a c such that the minimiser over symmetric matrices, or those ⪰ 0, is at most gradient/c away, in Frobenius norm, where that is the norm of the gradient or of what the
// KKT conditions leave of it, and the loss at most gradient²/2c above its minimum. 0 is none.
//
// Given the component k of y, x − y ∼ N(m_k, S_k), so that the variance of (x − y)ᵀV(x − y) is at least 2‖S_k^½VS_k^½‖_F² ≥ 2λ_min(S_k)²‖V‖_F², and 1/λ_min(S_k) = λ_max(T_k⁻¹ + M) ≤
// a = 1/c + λ_max(M)⁺ at M, T_k ⪰ cI, and at most a + s‖V‖ at M + sV: D²f[V,V] = ¼E Var ≥ ½‖V‖²/(a + s‖V‖)². With r = ‖V‖/a, M + V the minimiser, and ε = a‖∇‖,
//
//	εr ≥ −⟨∇, V⟩ ≥ ½r² ∫₀¹ ds/(1 + sr)² = ½r²/(1 + r),   r ≤ 2ε/(1 − 2ε) where ε < ½,
//
// and what follows for the loss is as of Distance.
func (d *OwnDistance) Modulus(gradient float64) float64 {
	if d.failure != nil {
		return 0
	}
	dim := len(d.W)
	values, _ := dense.Eigen(d.m)
	a := roundedUp * (1/d.Own.Modulus + max(0, values[dim-1]) + float64(16*dim)*dense.Roundoff*mat.Norm(d.m, 2))
	return max(0, 1-2*a*gradient*roundedUp) / (2 * a * a * roundedUp)
}
