// Package information computes the mutual information I(x; x̂) of a positive pair, nats: the least InfoNCE loss that two encoders of any kind reach is −I(x; x̂),
// at infinitely many negatives.
//
// The ratio of the density of a pair to that of two independent draws is
//
//	ρ(x, y) = δ Σ_k p(k|x) p(k|y) / w_k + 1 − δ,     I = E_F̂ log ρ,
//
// and p(k|x) depends on the whitened projection of x on the centred Fisher subspace S_c alone, of s dimensions. For s ≤ 2 the 2s integrals are done by the trapezoidal rule, with a bound of its error; beyond, pairs are drawn.
package information
