// Package frullani encloses derivatives of E log(1 + Σ_{i≤N} e^{s_i − s_0}) at a matrix M, s_i = xᵀMu_i: x is an anchor, u_0 its positive
// and u_1, …, u_N are independent points of a mixture of covariance I. For τ ∈ R and Z = Σ_{i≥0} e^{s_i},
//
//	log Z = κ + ∫ [exp(−e^{τ+κ}) − exp(−Ze^τ)] dτ,   p_i = e^{s_i}/Z = ∫ e^{s_i+τ} exp(−Ze^τ) dτ,
//
// and given x the u_i are independent: with G(c) = E exp(−e^{c+bξ}), ξ ∼ N(0, 1), b = |Mx|, a_k = xᵀMμ_k, and P = −G′,
//
//	E[Σ p_i u_i | x] = Σ_k q_k μ_k + 2rMx,   q_k = ∫ A_k P_k dτ, r = ½ Σ_k ∫ A_k P′_k dτ,   A_k = π_kφ^N + N w_k φ₀φ^{N−1},
//
// φ and φ₀ the means of G_k = G(τ + a_k) for a negative and for the positive, by Stein's formula. All integrals are taken by trapezoidal rules: in τ, in ξ, and in
// the coordinates of x − μ_j along M's eigenvectors, in which M is diag(s). How far each is off is bounded before anything is evaluated, or from what is:
//
// In x (file strip.go). The mean over the points does not leave analytic functions of x, where Mx vanishes; but rules are linear: their error is the mean over the
// points of the error for points that stay as they are, and then softmaxes are analytic functions of x (type spread).
//
// In τ (file heights.go). For points and x that stay as they are the rule multiplies all p_i by the same 1 + ε, ε = 2 Re Σ_l Γ(1 + iω_l)(…)^{iω_l}.
//
// In ξ (file deviates.go), relative to 1 − G, so that N of them add up to no more.
package frullani
