package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// How far a computed gradient of a Distance can be from the exact one. All is as for a LogPartition, with z ∼ N(0, I) in the place of x: by lemmas 1 and 2 logits whose
// errors have a range r(z) over k under component j move X by
//
//	Σ_j w_j (ρ_j² + 2ρ_j) ½√(E_j r²),                                                                          (**)
//
// as |Σ_k Δp_k d_kd_kᵀ| ≤ ρ_j² Σ_k|Δp_k| and ‖E_j[z (Σ_k Δp_k d_k)ᵀ]‖ ≤ ρ_j √(E_j(Σ_k|Δp_k|)²). An error e of X is one of the gradient by ½‖G⁻¹‖²e.

// size is ρ² + 2ρ, which bounds E|Σ p_k A_k|.
func (t *Distance) size(rho float64) float64 { return rho*rho + 2*rho }

// spread bounds ‖X‖.
func (t *Distance) spread() float64 {
	var sum float64
	for j, w := range t.side.Weights {
		sum += w * t.size(t.reach[j])
	}
	return sum
}

// softmaxError bounds the error of X, but for that of the quadrature.
//
// Directions left out of singular values σ_i: √(E r²) ≤ √2 Σσ_i, as for a LogPartition.
//
// K is off by e in Frobenius norm: logit k by −½d_kᵀEd_k + zᵀEd_k, 0 for k = j, so that √(E r²) ≤ (ρ_j² + 2ρ_j)e.
//
// Means are off by η at most, d_k by 2η: logit k to first order by (z − d_k)ᵀKΔd_k, so that √(E r²) ≤ 4η‖K‖(1 + ρ_j), and A_k by (|d_k| + |z|)|Δd_k| twice, X by
// 4η(ρ_j + 1). First-order terms are doubled.
func (t *Distance) softmaxError(s softmax, g grid) float64 {
	n, _ := t.m.Dims()
	norm, most := mat.Norm(t.kernel, 2), slices.Max(t.side.MeansOff())
	longest := slices.Max(dense.ColumnNorms(t.side.Centred()))
	var moved float64
	for j, w := range t.side.Weights {
		rho, size := t.reach[j], t.size(t.reach[j])
		moved += w * size * (s.dropped/math.Sqrt2 + size*t.off/2)
		moved += 2 * w * 4 * most * (size/2*norm*(1+rho) + 1 + rho)
	}
	// A form ½d_kᵀKd_k is a sum of products with differences of Kc_k, c_k the centred means; slopes are as fine beside the size of all Kc_k.
	farthest := 0.0 // of the nodes
	for i, step := range g.step {
		farthest = math.Hypot(farthest, step*float64(g.half[i]))
	}
	logit := norm * longest * (slices.Max(t.reach) + farthest)
	return moved + s.roundingError(t.integrand(s), g, 2*n, logit, 4*n)
}

// errorOf bounds the error of the gradient, where X is off by excess and of size about x: that of K + ½KG⁻¹, that of G⁻¹XG⁻¹, and of (1−δ)B, whose centred
// means c_k are off by η_k, the error of their mean cancelling, and by rounding; first-order terms are doubled.
func (t *Distance) errorOf(excess, x float64) float64 {
	n, k := t.m.Dims()
	norm, inverse := mat.Norm(t.kernel, 2), mat.Norm(t.inverse.Dense, 2)
	gamma := float64(n+8) * dense.Roundoff
	err := t.off*(1+t.inverse.norm/2) + norm*t.inverse.off/2 + gamma*norm*(1+inverse)
	err += t.inverse.norm*t.inverse.norm*excess/2 + (t.inverse.norm+inverse)*t.inverse.off*x/2 + gamma*inverse*inverse*x
	lengths, sizes, off := dense.ColumnNorms(t.side.Centred()), dense.ColumnNorms(t.side.Offsets()), t.side.MeansOff()
	operations := float64(2*len(lengths)+k+16) * dense.Roundoff
	for j, w := range t.side.Weights {
		err += 2 * w * (1 - t.delta) * lengths[j] * (2*off[j] + operations*sizes[j])
	}
	return roundedUp * err
}

// Scale is the size of the terms of the gradient.
func (t *Distance) Scale() float64 {
	if t.failure != nil {
		return 1
	}
	sum := mat.Norm(t.kernel, 2)*(1+t.inverse.norm/2) + t.inverse.norm*t.inverse.norm*t.spread()/2
	for j, length := range dense.ColumnNorms(t.side.Centred()) {
		sum += t.side.Weights[j] * (1 - t.delta) * length * length
	}
	return sum
}

// Steepest bounds ½U + ½G⁻¹[(I + X)U + U(I + X)] + G⁻¹E Cov_p(A_k, ⟨U, A_k⟩)G⁻¹/4, U = G⁻¹VG⁻¹, doubled: Var_p⟨U, A_k⟩ is at most max_k ⟨U, A_k⟩², and
// E_j max_k (d_kᵀUd_k − 2zᵀUd_k)² ≤ (2ρ_j⁴ + 8ρ_j²)‖U‖².
func (t *Distance) Steepest() float64 {
	if t.failure != nil {
		return math.Inf(1)
	}
	rows, _ := t.m.Dims()
	sum := 0.5 + t.inverse.norm*(math.Sqrt(float64(rows))+t.spread())
	for j, w := range t.side.Weights {
		square := t.reach[j] * t.reach[j]
		sum += t.inverse.norm * t.inverse.norm * w * (square*square/2 + 2*square)
	}
	return 2 * t.inverse.norm * t.inverse.norm * sum
}

// Modulus is a c such that the minimiser over symmetric matrices, or those ⪰ 0, is at most gradient/c away, in Frobenius norm, where that is the gradient's norm, and the loss at
// most gradient²/2c above its minimum. 0 is none.
//
// Beside −½log|G|, whose second derivative is ½tr VG⁻¹VG⁻¹, the loss is convex: it is linear, and a logarithm of sums of exponentials of forms of −K = G⁻¹ − I, which
// is operator convex in M. On the way from M to the minimiser, M + sV, with W = G^{−½}VG^{−½} and r = ‖W‖ this is at least ½r²/(1 + sr)², so that ε = ‖G^½∇G^½‖ has
//
//	εr ≥ −⟨∇, V⟩ ≥ ½r² ∫₀¹ ds/(1 + sr)² = ½r²/(1 + r),   r ≤ 2ε/(1 − 2ε) where ε < ½,
//
// and the loss is at most max_r εr − ½(r − log(1 + r)) = −ε − ½log(1 − 2ε) ≤ ε²/(1 − 2ε) above its minimum; ε ≤ ‖G‖‖∇‖ and ‖V‖ ≤ ‖G‖r.
func (t *Distance) Modulus(gradient float64) float64 {
	if t.failure != nil {
		return 0
	}
	n, _ := t.m.Dims()
	values, _ := dense.Eigen(t.m)
	size := roundedUp * (1 + values[n-1] + float64(16*n)*dense.Roundoff*(1+mat.Norm(t.m, 2)))
	return max(0, 1-2*size*gradient*roundedUp) / (2 * size * size * roundedUp)
}

// unknown replicates nothing, where a loss is infinite.
func unknown(m *mat.Dense) func(int, rand.Source) *mat.Dense {
	rows, columns := m.Dims()
	return func(int, rand.Source) *mat.Dense { return mat.NewDense(rows, columns, nil) }
}
