package gmm

import (
	"fmt"
	"math/big"
	"slices"
)

// These transformations leave the loss alone, up to the matching change of the
// representation. All are exact.

// Permute returns the mixture with component order[i] at place i. It panics if
// order is not a permutation.
func (m *Mixture) Permute(order []int) *Mixture {
	seen := make([]bool, m.Components())
	for _, k := range order {
		if seen[k] {
			panic(fmt.Sprintf("gmm: %v is not a permutation", order))
		}
		seen[k] = true
	}
	if len(order) != m.Components() {
		panic(fmt.Sprintf("gmm: %v does not permute %d components", order, m.Components()))
	}
	return m.derived(m.exact.at(order))
}

// Split returns the mixture with component k replaced by two equal halves, the
// second of them last.
func (m *Mixture) Split(k int) *Mixture {
	places := make([]int, m.Components(), m.Components()+1)
	for i := range places {
		places[i] = i
	}
	out := m.exact.at(append(places, k))
	half := new(big.Rat).Quo(out.Weights[k], big.NewRat(2, 1))
	out.Weights[k], out.Weights[m.Components()] = half, half
	return m.derived(out)
}

// Embed returns the mixture with one more coordinate, in which every mean is 0,
// the variance is 1, and which is independent of the others.
func (m *Mixture) Embed() *Mixture {
	out := m.exact.changed(func(covariance [][]*big.Rat) [][]*big.Rat {
		bordered := IdentityRows(m.Dimension() + 1)
		for i, row := range covariance {
			copy(bordered[i], row)
		}
		return bordered
	})
	out.Means = nil
	for _, row := range m.exact.Means {
		out.Means = append(out.Means, append(slices.Clone(row), new(big.Rat)))
	}
	return m.derived(out)
}

// Transform returns the distribution of Tx for an invertible d×d matrix T; it
// refuses a singular one with ErrNotPositiveDefinite.
func (m *Mixture) Transform(t [][]*big.Rat) (*Mixture, error) {
	out := m.exact.changed(func(covariance [][]*big.Rat) [][]*big.Rat {
		transformed := make([][]*big.Rat, len(t))
		for i := range t { // ΣT_i
			transformed[i] = multiply(t, multiply(covariance, t[i]))
		}
		return transformed
	})
	out.Means = nil
	for _, mean := range m.exact.Means {
		out.Means = append(out.Means, multiply(t, mean))
	}
	return NewExact(out)
}

// Along returns the law of Vᵀx for a d×e matrix V of full column rank: the same weights, the means Vᵀμ_k and the covariances VᵀΣ_kV, exactly, shared or of
// their own as they are here. It refuses, with an InputError, a V of another shape (ErrShape), or of smaller rank
// (ErrNotPositiveDefinite or ErrIllConditioned).
func (m *Mixture) Along(v [][]*big.Rat) (*Mixture, error) {
	if err := m.checkColumns(v); err != nil {
		return nil, err
	}
	if len(v) == len(v[0]) && IsIdentity(v) {
		return m, nil
	}
	columns := transposed(v)
	lifted := IntegerRows(columns) // each column times its scale
	scales := make([]*big.Int, len(columns))
	for i := range columns {
		scales[i], _ = CommonDenominator("", columns[i])
	}
	out := m.exact.changed(func(covariance [][]*big.Rat) [][]*big.Rat {
		s, common := whole(covariance)
		return congruence(s, lifted, common, scales)
	})
	out.Means = nil
	for _, mean := range m.exact.Means {
		out.Means = append(out.Means, multiply(columns, mean))
	}
	along, err := NewExact(out)
	if err != nil {
		return nil, fmt.Errorf("gmm: the law along %d directions: %w", len(columns), err)
	}
	return along, nil
}

func (m *Mixture) checkColumns(v [][]*big.Rat) error {
	expected := fmt.Sprintf("%d rows, one for each coordinate, of as many numbers as there are directions", m.Dimension())
	if len(v) != m.Dimension() {
		return &InputError{Key: "v", Expected: expected, Found: fmt.Sprint(len(v)), Reason: ErrShape}
	}
	for i, row := range v {
		if len(row) == 0 || len(row) != len(v[0]) {
			return &InputError{Key: fmt.Sprintf("v[%d]", i), Expected: expected, Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
	}
	return nil
}

// congruence returns v_iᵀSv_j/(common·scale_i·scale_j) of a symmetric S.
func congruence(s, v [][]*big.Int, common *big.Int, scales []*big.Int) [][]*big.Rat {
	out := make([][]*big.Rat, len(v))
	for i := range out {
		out[i] = make([]*big.Rat, len(v))
		image := make([]*big.Int, len(s))
		for r, row := range s {
			image[r] = dot(row, v[i])
		}
		for j := range i + 1 {
			scale := new(big.Int).Mul(scales[i], scales[j])
			out[i][j] = new(big.Rat).SetFrac(dot(image, v[j]), scale.Mul(scale, common))
			out[j][i] = out[i][j]
		}
	}
	return out
}

func dot(x, y []*big.Int) *big.Int {
	sum, product := new(big.Int), new(big.Int)
	for i, v := range y {
		if v.Sign() != 0 && x[i].Sign() != 0 {
			sum.Add(sum, product.Mul(x[i], v))
		}
	}
	return sum
}

// derived is a mixture that is valid because m is.
func (m *Mixture) derived(e Exact) *Mixture {
	out, err := NewExact(e)
	if err != nil {
		panic("gmm: a transformation made a mixture invalid: " + err.Error())
	}
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
