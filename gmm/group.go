package gmm

import (
	"math/big"
	"slices"

	"contrastcheck/gmm/closure"
)

// GroupCondition tells that E[Qx | Px] = 0 is proved, P the projector on the Fisher subspace, orthogonal after whitening by Σ̄, and Q = I − P: that Σ w_k QΣ_kP = 0 over
// each group of components that agree in μ_k and in PΣ_kP. So it is where the envelope is the Fisher subspace, and elsewhere where couplings cancel
// within the groups. It is exact, of floats too; it is false, too, where a few seconds of work do not show it. It is computed once.
//
// Given k and Px, Qx has the mean QΣ_kP(PΣ_kP)⁻¹(Px − μ_k), and the functions w_kN(t; μ_k, PΣ_kP)(t − μ_k) of t are linearly independent where (μ_k, PΣ_kP)
// differ. No root of Σ̄ is needed: with V the columns of a basis of the Fisher subspace, groups agree in μ_k and VᵀΣ_kV, and the condition is that
// Σ̄⁻¹Σ w_kΣ_k maps the Fisher subspace into itself for each group.
func (m *Mixture) GroupCondition() bool { return m.groupCondition() }

func (m *Mixture) computeGroupCondition() bool {
	s := m.FisherDimension()
	if m.Shared() || s == 0 || s == m.Dimension() {
		return true
	}
	fisher := problem(m.rational, nil, m.exact.Means)
	fisher.Most = s
	groups, ok := m.groups(fisher)
	if !ok {
		return false
	}
	var operators [][][]*big.Rat
	for _, group := range groups {
		sum := m.sumOf(group)
		if _, err := CommonDenominator("", sum...); err != nil {
			return false // its numbers are too long
		}
		operators = append(operators, sum)
	}
	invariant := problem(m.rational, operators, m.exact.Means)
	invariant.Most = m.Dimension()
	if moves, enough := invariant.Moves(mostEnvelopeWork); !enough || slices.Contains(moves, true) {
		return false
	}
	return invariant.Solve(mostEnvelopeWork).Most == s
}

// groups lists the components that agree in μ_k and VᵀΣ_kV, V the closure of the Fisher subspace; false where V is not found.
func (m *Mixture) groups(fisher closure.Problem) (groups [][]int, ok bool) {
	var columns [][]*big.Rat // of V, found where two means are equal
	blocks := map[int][][]*big.Rat{}
	block := func(k int) [][]*big.Rat {
		if blocks[k] == nil {
			for _, v := range columns {
				blocks[k] = append(blocks[k], multiply(columns, multiply(m.exact.Covariances[k], v)))
			}
		}
		return blocks[k]
	}
	for k, mean := range m.exact.Means {
		at := -1
		for i, group := range groups {
			if !equalRows([][]*big.Rat{mean}, [][]*big.Rat{m.exact.Means[group[0]]}) {
				continue
			}
			if columns == nil {
				found := fisher.Solve(mostEnvelopeWork).Columns
				if found == nil {
					return nil, false
				}
				columns = rationalOf(found)
			}
			if equalRows(block(k), block(group[0])) {
				at = i
				break
			}
		}
		if at < 0 {
			groups = append(groups, nil)
			at = len(groups) - 1
		}
		groups[at] = append(groups[at], k)
	}
	return groups, true
}

// sumOf returns a positive multiple of Σ w_kΣ_k over a group.
func (m *Mixture) sumOf(group []int) [][]*big.Rat {
	var weights []*big.Rat
	for _, w := range SmallestWhole(chosen(m.exact.Weights, group)) {
		weights = append(weights, new(big.Rat).SetInt(w))
	}
	return average(weights, chosen(m.exact.Covariances, group))
}

func equalRows(a, b [][]*big.Rat) bool {
	return slices.EqualFunc(a, b, func(x, y []*big.Rat) bool {
		return slices.EqualFunc(x, y, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
	})
}

func rationalOf(rows [][]*big.Int) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		for _, x := range row {
			out[i] = append(out[i], new(big.Rat).SetInt(x))
		}
	}
	return out
}
