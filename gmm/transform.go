package gmm

import (
	"fmt"
	"math/big"
)

// These transformations leave the loss alone, up to the matching change of the
// representation. All are exact.

// Permute returns the mixture with component order[i] at place i. It panics if
// order is not a permutation.
func (m *Mixture) Permute(order []int) *Mixture {
	e := m.exact
	out := Exact{Name: e.Name, Covariance: e.Covariance}
	seen := make([]bool, m.Components())
	for _, k := range order {
		if seen[k] {
			panic(fmt.Sprintf("gmm: %v is not a permutation", order))
		}
		seen[k] = true
		out.Weights = append(out.Weights, e.Weights[k])
		out.Means = append(out.Means, e.Means[k])
	}
	if len(order) != m.Components() {
		panic(fmt.Sprintf("gmm: %v does not permute %d components", order, m.Components()))
	}
	return m.derived(out)
}

// Split returns the mixture with component k replaced by two equal halves, the
// second of them last.
func (m *Mixture) Split(k int) *Mixture {
	e := m.exact
	half := new(big.Rat).Quo(e.Weights[k], big.NewRat(2, 1))
	out := Exact{Name: e.Name, Covariance: e.Covariance}
	out.Weights = append(append(out.Weights, e.Weights...), half)
	out.Weights[k] = half
	out.Means = append(append(out.Means, e.Means...), e.Means[k])
	return m.derived(out)
}

// Embed returns the mixture with one more coordinate, in which every mean is 0,
// the variance is 1, and which is independent of the others.
func (m *Mixture) Embed() *Mixture {
	e := m.exact
	d := m.Dimension()
	out := Exact{Name: e.Name, Weights: e.Weights}
	for _, row := range e.Means {
		out.Means = append(out.Means, append(append([]*big.Rat{}, row...), new(big.Rat)))
	}
	last := make([]*big.Rat, d+1)
	for i, row := range e.Covariance {
		out.Covariance = append(out.Covariance, append(append([]*big.Rat{}, row...), new(big.Rat)))
		last[i] = new(big.Rat)
	}
	last[d] = big.NewRat(1, 1)
	out.Covariance = append(out.Covariance, last)
	return m.derived(out)
}

// Transform returns the distribution of Tx for an invertible d×d matrix T; it
// refuses a singular one with ErrNotPositiveDefinite.
func (m *Mixture) Transform(t [][]*big.Rat) (*Mixture, error) {
	e := m.exact
	out := Exact{Name: e.Name, Weights: e.Weights}
	for _, mean := range e.Means {
		out.Means = append(out.Means, multiply(t, mean))
	}
	half := make([][]*big.Rat, len(t)) // rows of ΣTᵀ, transposed: row i is ΣT_i
	for i := range t {
		half[i] = multiply(e.Covariance, t[i])
	}
	for i := range t {
		row := make([]*big.Rat, len(t))
		for j := range t {
			row[j] = multiply([][]*big.Rat{t[i]}, half[j])[0]
		}
		out.Covariance = append(out.Covariance, row)
	}
	transformed, err := NewExact(out)
	if err != nil {
		return nil, err
	}
	transformed.rounded = m.rounded
	return transformed, nil
}

// derived builds a mixture that is valid because m is.
func (m *Mixture) derived(e Exact) *Mixture {
	out, err := NewExact(e)
	if err != nil {
		panic("gmm: a transformation made a mixture invalid: " + err.Error())
	}
	out.rounded = m.rounded
	return out
}

func multiply(a [][]*big.Rat, x []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(a))
	for i, row := range a {
		out[i] = new(big.Rat)
		for j, y := range row {
			out[i].Add(out[i], new(big.Rat).Mul(y, x[j]))
		}
	}
	return out
}
