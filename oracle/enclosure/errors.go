package enclosure

import (
	"math"
	"slices"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// How far a computed gradient of a LogPartition can be from the exact one, in the dual norm of whitened.Mean
//
//	‖G‖²_d = Σ 2G_ab²/(w_a + v_b) ≤ Σ G_ab²/√(w_a v_b),   so that   ‖a bᵀ‖_d ≤ |a|_*|b|_*,   |a|_* = |W^−¼a|, |b|_* = |V^−¼b|,
//
// W and V diagonal, of the anchors and of the partners. The anchors have weights w_j and means μ_j, ℓ_j = |μ_j|_*, the
// partners means ν_k, ρ_j = max_k |ν_k − ν_j|_*; λ = max w_a^−¼ ≤ 1 and λ' = max v_b^−¼ ≤ 1. Two lemmas do it all.
//
// Lemma 1. If |g|_* ≤ r under component j, g any function of x ∼ N(μ_j, I), then
//
//	‖E_j[x gᵀ]‖_d ≤ s_j √(E_j r²),   s_j = √(ℓ_j² + λ²).
//
// The left side is at most the supremum over ‖Z‖_F = 1 of E_j⟨ZᵀW^−¼x, V^−¼g⟩ ≤ √(E_j|ZᵀW^−¼x|²) √(E_j r²), and
// E_j|ZᵀW^−¼x|² = |ZᵀW^−¼μ_j|² + ‖W^−¼Z‖_F² ≤ ℓ_j² + λ², in however many directions g varies.
//
// Lemma 2. Where the logits of a softmax move by e_k, Σ_k |Δp_k| ≤ ½(max e − min e): along the way from one to the other
// dp_k = p_k(e_k − Σ p_l e_l), and the mean absolute deviation of a number in an interval is at most half its length.
//
// Hence, as |Σ_k Δp_k (ν_k − ν_j)|_* ≤ ρ_j Σ_k|Δp_k|, logits whose errors have a range r(x) over k move the softmax's part of the gradient by
//
//	Σ_j w_j s_j ρ_j ½√(E_j r²).                                                                          (*)

// spread is s_j.
func (l LogPartition) spread(j int) float64 {
	return math.Hypot(l.length[j], math.Pow(slices.Min(l.anchors.W), -0.25))
}

// droppedError bounds what the directions left out change, of singular values σ_i: logit k loses Σ_i σ_i t_i v_ki with unit vectors
// v_i, whose entries have a range of at most √2, and t_i ∼ N(0, 1), so that √(E r²) ≤ √2 Σσ_i in (*).
func (l LogPartition) droppedError(s softmax) float64 {
	var sum float64
	for j, w := range l.anchors.Weights {
		sum += w * l.spread(j) * l.reach[j]
	}
	return s.dropped / math.Sqrt2 * sum
}

// roundingError bounds the rounding of the softmax's part of the gradient. A logit is a sum of rows·columns products, of q more and
// a logarithm, whose sizes add up to at most exponent. Beside sums over a grid the assembly rounds, and samples take e^{−x} for 1/eˣ. All is
// relative to terms |x|_*|ν_k − ν_j|_* p_k, whose averages add up to at most Σ_j w_j (ℓ_j + √q) ρ_j; twice that
// leaves room for what a sum over a grid has more than an integral.
func (l LogPartition) roundingError(s softmax, g grid) float64 {
	rows, columns := l.m.Dims()
	k, q := len(l.anchors.Weights), len(s.ranges)
	operations := float64(rows + columns + 4*k + 10)
	var sums float64
	for j, w := range l.anchors.Weights {
		sums += w * (l.length[j] + 2*math.Sqrt(float64(q))) * l.reach[j] * 2
	}
	return (s.relativeError(g, l.logitRoundings(s, g)) + dense.Roundoff*operations) * sums
}

// logitRoundings bounds the roundings of a logit, as multiples of Roundoff.
func (l LogPartition) logitRoundings(s softmax, g grid) float64 {
	rows, columns := l.m.Dims()
	operations := float64(rows + columns + len(s.ranges) + 8)
	if l.linear != nil {
		operations += float64(columns + 1)
	}
	return operations * (1 + l.pullSize() + s.exponent(g))
}

// pullSize bounds Σ|μ_a||M_ab||ν_b − ν̄_b| and Σ|c_b||ν_b − ν̄_b|, the size of the terms of a logit.
func (l LogPartition) pullSize() float64 {
	var pulled, sizes mat.Dense
	pulled.Mul(dense.Absolute(l.m), dense.Absolute(l.partners.Centred()))
	sizes.Mul(dense.Absolute(l.anchors.Means).T(), &pulled)
	if l.linear == nil {
		return mat.Max(&sizes)
	}
	var linear mat.Dense
	linear.Mul(dense.Absolute(l.linear).T(), dense.Absolute(l.partners.Centred()))
	return mat.Max(&sizes) + mat.Max(&linear)
}

// constantError bounds the rounding of W M + (1−δ)B, and what rounded weights change in it, doubled: γ_n times the sums of
// absolute values, (I + Σ w|μ||μ|ᵀ)|M| and (1−δ) Σ w_j(|μ_j| + m)(|ν_j| + n)ᵀ with m = Σ w|μ|, n = Σ w|ν|, where γ_n counts
// the operations that an entry sees (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.5).
func (l LogPartition) constantError() float64 {
	rows, columns := l.m.Dims()
	var sizes mat.Dense
	sizes.Mul(l.anchors.Magnitude(), dense.Absolute(l.m))
	means, partners := l.anchors.Offsets(), l.partners.Offsets()
	for j, w := range l.anchors.Weights {
		dense.AddOuter(&sizes, w*(1-l.delta), means, partners, j)
	}
	operations := float64(2*rows + columns + 2*len(l.anchors.Weights) + 16)
	return 2 * operations * dense.Roundoff * whitened.Mean.DualNorm(l.anchors, &sizes, l.partners)
}

// inputError bounds the effect of the errors of the views' means, to first order, doubled. Mean μ_j is off by |Δ_j|, ν_k by
// |Δ'_k| ≤ η, and |Δ|_* ≤ λ|Δ|. With S = max_kl |M(ν_k − ν_l)| and ‖M‖ Frobenius's norm the parts are
//
//	of W M               w_j λ'|Δ_j| (λ|Mᵀμ_j| + ℓ_j‖M‖)
//	of (1−δ)B            w_j (1−δ) (λ|Δ_j||ν_j − ν̄|_* + |μ_j − μ̄|_* λ'|Δ'_j|), as the errors of μ̄ and ν̄ cancel
//	of x(ν_k − ν_j)ᵀ     w_j (λ|Δ_j| ρ_j + s_j 2λ'η), by lemma 1
//	of the logits        (*) with r(x) ≤ |Δ_j| S + 2η|Mᵀx| + 2η|c|, √(E_j r²) ≤ |Δ_j| S + 2η √(|Mᵀμ_j|² + ‖M‖²) + 2η|c|
func (l LogPartition) inputError() float64 {
	a, b := l.anchors, l.partners
	light, lightPartners := math.Pow(slices.Min(a.W), -0.25), math.Pow(slices.Min(b.W), -0.25)
	off, offPartners := a.MeansOff(), b.MeansOff()
	most := slices.Max(offPartners)
	apart, apartPartners := a.Lengths(a.Centred()), b.Lengths(b.Centred())
	norm, lengths, moved := mat.Norm(l.m, 2), l.pulledLengths(), l.logitsMoved()
	var sum float64
	for j, w := range a.Weights {
		s := l.spread(j)
		sum += w * lightPartners * off[j] * (light*lengths[j] + l.length[j]*norm)
		sum += w * (1 - l.delta) * (light*off[j]*apartPartners[j] + apart[j]*lightPartners*offPartners[j])
		sum += w * (light*off[j]*l.reach[j] + s*2*lightPartners*most)
		sum += w * s * l.reach[j] / 2 * moved[j]
	}
	return 2 * sum
}

// pulledLengths are |Mᵀμ_j|.
func (l LogPartition) pulledLengths() []float64 {
	var pulled mat.Dense
	pulled.Mul(l.m.T(), l.anchors.Means)
	return dense.ColumnNorms(&pulled)
}

// logitsMoved bounds, of each component j, √(E_j r²) for the range r that the errors of the means give the errors of the logits.
func (l LogPartition) logitsMoved() []float64 {
	off, most := l.anchors.MeansOff(), slices.Max(l.partners.MeansOff())
	var images mat.Dense
	images.Mul(l.m, l.partners.Means)
	norm, out, steepest, linear := mat.Norm(l.m, 2), l.pulledLengths(), 0.0, 0.0
	for _, row := range dense.Distances(&images) {
		steepest = max(steepest, slices.Max(row))
	}
	if l.linear != nil {
		linear = mat.Norm(l.linear, 2)
	}
	for j, length := range out {
		out[j] = off[j]*steepest + 2*most*(math.Hypot(length, norm)+linear)
	}
	return out
}
