package gmm

import "math/big"

// CentringMean is the mean of component at, with which that of the mixture is 0: −Σ_{k≠at} w_k μ_k / w_at, exactly. The weights, > 0, are of any scale; the means
// are rows of the same length, of which that at place at is not read but for its length.
func CentringMean(weights []*big.Rat, means [][]*big.Rat, at int) []*big.Rat {
	mean := make([]*big.Rat, len(means[at]))
	for i := range mean {
		mean[i] = new(big.Rat)
		for k, w := range weights {
			if k != at {
				mean[i].Sub(mean[i], new(big.Rat).Mul(w, means[k][i]))
			}
		}
		mean[i].Quo(mean[i], weights[at])
	}
	return mean
}
