// Package noncontrastive searches for minima of losses that are no function of scores: SimSiam of whitened embeddings, alignment and uniformity, Hadsell's margin loss.
//
// Searches start anywhere, knowing nothing of the Fisher subspace. A representation x ↦ Aᵀx is d×r, in original coordinates, M = AAᵀ, and x, x̂ a positive pair.
package noncontrastive
