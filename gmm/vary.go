package gmm

import (
	"fmt"
	"math/big"
)

// These transformations change one property of a mixture. All are exact.

// Separate returns the mixture with its means moved from the mixture mean by a
// factor t: μ̄ + t(μ_k − μ̄). All Mahalanobis distances between means are multiplied by
// |t|, and μ̄ stays. It refuses a factor that makes numbers unusable (ErrNumber).
func (m *Mixture) Separate(t *big.Rat) (*Mixture, error) {
	return NewExact(m.exact.moved(func(x, mean *big.Rat) *big.Rat {
		x.Mul(x.Sub(x, mean), t)
		return x.Add(x, mean)
	}))
}

// Reweigh returns the mixture in which component k has weight w, in (0, 1), and the
// others share the rest in their former proportions; means stay. It refuses other weights,
// and a mixture of one component, with ErrWeight. It panics if there is no component k.
func (m *Mixture) Reweigh(k int, w *big.Rat) (*Mixture, error) {
	e := m.exact
	one := big.NewRat(1, 1)
	if len(e.Weights) == 1 || w.Sign() <= 0 || w.Cmp(one) >= 0 {
		return nil, &InputError{Key: fmt.Sprintf("weights[%d]", k), Expected: "a weight in (0, 1) beside other components", Found: FormatNumber(w), Reason: ErrWeight}
	}
	share := new(big.Rat).Quo(one.Sub(one, w), new(big.Rat).Sub(big.NewRat(1, 1), e.Weights[k]))
	weights := make([]*big.Rat, len(e.Weights))
	for i, former := range e.Weights {
		weights[i] = new(big.Rat).Mul(former, share)
	}
	weights[k] = w
	e.Weights = weights
	return NewExact(e)
}

// Lightest returns the component of the smallest weight, the first of several.
func (m *Mixture) Lightest() int {
	least := 0
	for k, w := range m.exact.Weights {
		if w.Cmp(m.exact.Weights[least]) < 0 {
			least = k
		}
	}
	return least
}

// Centred tells, exactly, whether the mixture mean is 0.
func (m *Mixture) Centred() bool {
	for _, x := range m.exact.Mean() {
		if x.Sign() != 0 {
			return false
		}
	}
	return true
}
