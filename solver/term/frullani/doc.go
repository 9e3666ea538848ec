// Package frullani averages log Σ_i e^{s_i} over the scores of a positive and of finitely many negatives, and its derivatives, without
// sampling any: from Frullani's integral
//
//	log Z = κ + ∫_R [exp(−e^{τ+κ}) − exp(−Ze^τ)] dτ,   any κ,
//
// and as scores are independent given the anchor, the number N of negatives is an exponent only (type conditional). What is left is a mean over anchors,
// in as many dimensions as M has, by Gauss–Hermite rules (type Law).
package frullani
