package gmm

import "math/big"

// SquaredSeparation is the square of the largest Mahalanobis distance between two means, of own covariances with the pooled one.
func (m *Mixture) SquaredSeparation() *big.Rat {
	gram := m.ExactGram()
	most := new(big.Rat)
	for i := range gram {
		for j := range i {
			apart := new(big.Rat).Add(gram[i][i], gram[j][j])
			apart.Sub(apart, gram[i][j]).Sub(apart, gram[j][i])
			if apart.Cmp(most) > 0 {
				most = apart
			}
		}
	}
	return most
}
