// Package rare knows which parts of a softmax random points cannot see, bounds what
// they contribute, and samples them where they are.
//
// Given component j, x = μ_j + Rt + z with t ∼ N(0, I_q), and a point chooses
// component k with probability
//
//	p_k(t) = softmax_k(offset_jk + slope_kᵀt).
//
// Points that are drawn from N(0, I) miss a p_k that is a step far out, and all
// points miss it together: methods agree because they are blind to the same thing. But
// log p_k = −log Σ_l e^{l_l − l_k} is concave in t, with gradient slope_k − Σ_l p_l slope_l.
// Therefore:
//
//   - p_k(t)e^{−|t|²/2} has one maximum, at the design point t*, where the slope equals
//     t*, and p_k(t)φ(t) ≤ p_k(t*)e^{−|t*|²/2} φ(t − t*): all of p_k that counts lies about t*, and
//     points drawn from N(t*, I) see it. The same with p_k² governs the variance of a sample.
//   - p_k ≤ min(1, e^{α + gᵀt}) for the tangent of log p_k at any point, which bounds
//     E p_k and E|x|p_k in closed form, without a quadrature.
//   - p_k cannot be flat where sampled and rise later; and where it falls, another rises, as Σ_k p_k = 1.
//     So it is enough to know where every small p_k is large.
//   - Left out of the softmax, k changes a mean Σ p_k ν_k by p_k(ν_k − ν̄) exactly, ν̄ being the
//     mean over the rest.
//
// A component whose design point random points reach often enough is resolved, if enough of them
// count for it: others may confine it to a thin cell, which a pilot of independent points tells. The others
// are taken out of the softmax, and their exact difference is either sampled about their
// design points (a Visit) or bounded (Plan.Bound). That removal and the bound are theorems for every
// softmax; that the average of so many points of resolved things lies within a multiple of
// its standard error, and what the pilot tells, is statistics.
package rare
