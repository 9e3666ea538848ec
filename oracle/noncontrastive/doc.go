// Package noncontrastive judges losses that are no function of scores: SimSiam, alignment and uniformity, Hadsell's margin loss, Barlow Twins.
//
// A representation x ↦ Aᵀx is d×r, M = AAᵀ, and x, x̂ a positive pair; Σ̄ is the (mean) covariance, C = Σ w_k μ_kμ_kᵀ, B = C − μ̄μ̄ᵀ, S₂ = Σ̄ + C = E xxᵀ and
// T_δ = E xx̂ᵀ = δC + (1−δ)μ̄μ̄ᵀ. S_F = Σ̄⁻¹ span{μ_k} has s dimensions, S_c = Σ̄⁻¹ span{μ_k − μ̄} those of losses that see differences only; Q is the projector
// off it, orthogonal in Σ̄.
//
// What a matrix that a solver found is worth is computed in rationals, or enclosed; what is best comes from closed forms that share no code with that. A search that
// ends near the least loss, and an inequality between the loss and what lies off the subspace, then tell how far from it the minimisers can be.
package noncontrastive
