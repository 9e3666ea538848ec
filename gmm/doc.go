// Package gmm holds Gaussian mixtures, whose components share a covariance or have
// their own (Mixture), and the positive pairs that are drawn from one of them or
// from two modalities (Pairs). It has their moments, their Gram matrix and
// whitening with error bounds, sampling, the files that describe them, and the
// subspaces that optimal representations lie in (Envelope), exactly.
//
// A mixture keeps the exact rationals that its file gave beside float64 values,
// and carries linear algebra to double-double precision, so that an
// ill-conditioned covariance costs no digits. A value that exists is valid:
// constructors and codecs refuse everything else with an InputError.
//
// The notation is that of the theory: weights w_k > 0 with Σ w_k = 1, means
// μ_k ∈ R^d, covariances Σ_k with the mean Σ̄ = Σ w_k Σ_k, which is Σ where it is
// shared, U = [μ_1 … μ_K], and the Fisher subspace S_F = span{Σ̄⁻¹μ_k} of dimension
// s ≤ min(K, d).
package gmm
