package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// How far a computed gradient of a Distance can be from the exact one. An error e of X is one of the gradient by ½‖G⁻¹‖²e.
//
// What p is off by moves X by Cov_p(A_k, e_k) to first order, logits being off by e_k, 0 for k = j as only differences count, and by lemma 2 at all by
//
//	Σ_j w_j (ρ_j² + 2ρ_j) ½√(E_j r²)                                                                          (**)
//
// where e has a range r(z): |Σ_k Δp_k d_kd_kᵀ| ≤ ρ_j² Σ_k|Δp_k| and, by lemma 1 with z ∼ N(0, I) in the place of x, ‖E_j[z (Σ_k Δp_k d_k)ᵀ]‖ ≤ ρ_j √(E_j(Σ_k|Δp_k|)²).

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

// excesses bound, with E = Σ_j w_j E_j Σ_{k≠j},
type excesses struct {
	first  float64 // E p_k (|d_k|² + 2|d_k||t|), of sums over nodes or points, too
	second float64 // E p_k ⟨V, A_k⟩² for every ‖V‖ = 1
	along  float64 // E p_k |d_k| and, by lemma 1, ‖E p_k z bᵀ‖ for all |b| ≤ 1, together
	across float64 // E p_k |K(z − d_k)|²/‖K‖²
}

// excesses bound those for any p.
func (t *Distance) excesses(q int) excesses {
	var e excesses
	for j, w := range t.side.Weights {
		rho := t.reach[j]
		e.first += w * 2 * (rho*rho + 2*rho*math.Sqrt(float64(q))) // twice, for what a sum has more than an integral
		e.second += w * (2*rho*rho*rho*rho + 8*rho*rho)
		e.along += w * (rho + 1)
		e.across += w * 2 * (rho*rho + 1)
	}
	return e
}

// excessesOf bound those of p_jk = E_j p_k as averaged by a rule of an error bound, which is also one of w_j(ρ_j² + 2ρ_j√q)p_jk. By the inequality of Cauchy and Schwarz
// E p_k|t| ≤ √(q p_jk), and E p_k(zᵀVd)² ≤ √(3 p_jk)|Vd|².
func (t *Distance) excessesOf(p *mat.Dense, q int, bound float64) excesses {
	apart, root := dense.Distances(t.side.Means), math.Sqrt(float64(q))
	var e excesses
	for j, w := range t.side.Weights {
		for k, d := range apart[j] {
			if d == 0 {
				continue
			}
			rho := t.reach[j]
			x := roundedUp * min(1, p.At(j, k)+bound/(w*(rho*rho+2*rho*root)))
			noise := math.Sqrt(x)
			e.first += w * (d*d*x + 4*d*noise*root)
			e.second += w * (2*d*d*d*d*x + 8*d*d*math.Sqrt(3)*noise)
			e.along += w * (d*x + noise)
			e.across += w * 2 * (d*d*x + math.Sqrt(3)*noise)
		}
	}
	return e
}

// softmaxError bounds the error of X, but for that of the quadrature; first-order terms are doubled.
//
// Directions left out of singular values σ_i: √(E r²) ≤ √2 Σσ_i in (**), as for a LogPartition.
//
// K is off by e in Frobenius norm: e_k = −½⟨E, A_k⟩, and by the inequality of Cauchy and Schwarz the covariance is ½e second at most.
//
// Means are off by η at most, d_k by 2η: A_k by 4η(|d_k| + |z|), X by 4η along; e_k = (z − d_k)ᵀKΔd_k, the covariance 2η‖K‖ √(second across) at most.
func (t *Distance) softmaxError(s softmax, g grid, of excesses) float64 {
	n, _ := t.m.Dims()
	k, q := len(t.side.Weights), len(s.ranges)
	norm, most, longest := mat.Norm(t.kernel, 2), slices.Max(t.side.MeansOff()), slices.Max(dense.ColumnNorms(t.side.Centred()))
	moved := t.spread() * s.dropped / math.Sqrt2
	moved += t.off * of.second
	moved += 2 * most * (4*of.along + 2*norm*math.Sqrt(of.second*of.across))
	// A form ½d_kᵀKd_k is a sum of products with differences of Kc_k, c_k the centred means; slopes are as fine beside the size of all Kc_k.
	farthest := 0.0 // of the nodes
	for i, step := range g.step {
		farthest = math.Hypot(farthest, step*float64(g.half[i]))
	}
	logits := float64(2*n+8)*norm*longest*(slices.Max(t.reach)+farthest) + float64(q+8)*(1+s.exponent(g))
	return moved + (s.relativeError(g, logits)+dense.Roundoff*float64(4*(n+k)+8))*of.first
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
