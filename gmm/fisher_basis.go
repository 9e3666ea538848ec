package gmm

import "math/big"

// ExactFisherBasis returns a basis of S_F = span{Σ̄⁻¹μ_k} in rationals, as s rows of d numbers, and the means μ_i, ascending, whose Σ̄⁻¹μ_i it lists: the first s
// that are independent.
func (m *Mixture) ExactFisherBasis() (rows [][]*big.Rat, basis []int) {
	basis = IndependentColumns(transposed(m.exact.Means))
	return exactSolve(m.rational, chosen(m.exact.Means, basis)), basis
}
