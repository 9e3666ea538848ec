package gmm

import (
	"math/big"
	"strings"
)

// Mirrored tells, exactly, whether a mixture is its own mirror image about the origin: −x has the law of x. Its mean is then 0.
func (m *Mixture) Mirrored() bool {
	if !m.Shared() {
		return false // or not told
	}
	weights := map[string]*big.Rat{} // of each mean, less that of its image
	add := func(mean []*big.Rat, sign int64, w *big.Rat) {
		var b strings.Builder
		for _, x := range mean {
			b.WriteString(new(big.Rat).Mul(big.NewRat(sign, 1), x).RatString() + " ")
		}
		key := b.String()
		if weights[key] == nil {
			weights[key] = new(big.Rat)
		}
		weights[key].Add(weights[key], w)
	}
	for k, mean := range m.exact.Means {
		add(mean, 1, m.exact.Weights[k])
		add(mean, -1, new(big.Rat).Neg(m.exact.Weights[k]))
	}
	for _, w := range weights {
		if w.Sign() != 0 {
			return false
		}
	}
	return true
}
