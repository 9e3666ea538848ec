package gmm

import (
	"math"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Dimension is the dimension s of the Fisher subspace span{Σ̄⁻¹μ_k}.
type Dimension struct {
	// Value is the exact rational rank of the means for an exact mixture. For
	// rounded numbers it counts the independent directions that rounding cannot
	// have made.
	Value int
	// Ambiguous says that the mixture's numbers are rounded and that some
	// direction of the means is so short that rounding alone may have made it,
	// or hidden it. Nothing can then be said of equality.
	Ambiguous bool
}

// FisherDimension returns the dimension of the Fisher subspace. It is computed once.
func (m *Mixture) FisherDimension() Dimension { return m.dimension() }

func (m *Mixture) computeDimension() Dimension {
	exact := m.Components()
	if exact > m.Dimension() || m.definite.factor == nil || !m.Gram().provesRank() {
		exact = exactRank(m.exact.Means)
	}
	if !m.rounded {
		return Dimension{Value: exact}
	}
	_, pivots, _ := pivotedCholesky(m.Gram().G, exact)
	clear := 0
	for clear < len(pivots) && pivots[clear] > m.roundingLevel() {
		clear++
	}
	return Dimension{Value: clear, Ambiguous: clear != exact}
}

// provesRank tells whether the entries and their error bounds alone prove that
// the Gram matrix has full rank n = K, which spares exact elimination. Pivoted
// Cholesky gives G = RᵀR + E, so it is definite where ‖E‖ < 1/‖R⁻¹‖_F². E holds the
// entries' errors and the rounding of R, at most 4n·Epsilon·tr G.
func (g *Gram) provesRank() bool {
	n := len(g.G)
	columns, _, r := pivotedCholesky(g.G, n)
	if len(columns) < n {
		return false
	}
	root := mat.NewTriDense(n, mat.Upper, nil)
	var off, trace float64
	for a, i := range columns {
		trace += g.G[i][i].Hi
		for b, j := range columns {
			off += g.Error[i][j]
			if b >= a {
				root.SetTri(a, b, r[a][j].Float64())
			}
		}
	}
	var inverse mat.TriDense
	if inverse.InverseTri(root) != nil { // singular, or too ill-conditioned to trust
		return false
	}
	least := 1 / math.Pow(mat.Norm(&inverse, 2), 2)
	const margin = 4 // for rounding R and its inverse to float64, a condition error being excluded
	return margin*(off+4*float64(n)*dd.Epsilon*trace) < least
}

// roundingLevel bounds how far, in whitened length, rounding the mixture's
// numbers to float64 can move a mean off the span of the others: half a unit in
// the last place of every μ_ki and of every σ_ij, K means taken together.
func (m *Mixture) roundingLevel() float64 {
	var longest float64
	for k := range m.means {
		longest = max(longest, dd.Norm(m.means[k]))
	}
	condition := m.trace() / m.definite.leastVariance
	deviation := math.Sqrt(m.definite.leastVariance)
	return float64(m.Components()) * unitRoundoff * (longest/deviation + condition*m.longestWhitened())
}

// longestWhitened returns max_k ‖L⁻¹μ_k‖.
func (m *Mixture) longestWhitened() float64 {
	var longest float64
	for k, row := range m.Gram().G {
		longest = max(longest, math.Sqrt(max(0, row[k].Hi)))
	}
	return longest
}

// pivotedCholesky factors a K×K Gram matrix G of the given rank as RᵀR, R being
// rank×K, choosing at each step the column with the largest remaining diagonal.
// It returns the chosen columns, the pivots (the length of each chosen column
// orthogonal to those before it, decreasing) and R. It ends early where nothing
// positive remains.
func pivotedCholesky(g [][]dd.Number, rank int) (columns []int, pivots []float64, r [][]dd.Number) {
	k := len(g)
	rest := make([]dd.Number, k)
	for i := range k {
		rest[i] = g[i][i]
	}
	taken := make([]bool, k)
	for len(columns) < rank {
		best := -1
		for i := range k {
			if !taken[i] && (best < 0 || rest[i].Hi > rest[best].Hi) {
				best = i
			}
		}
		if best < 0 || rest[best].Hi <= 0 {
			return columns, pivots, r
		}
		pivot := rest[best].Sqrt()
		row := make([]dd.Number, k)
		for i := range k {
			sum := g[best][i]
			for _, done := range r {
				sum = sum.Sub(done[best].Mul(done[i]))
			}
			row[i] = sum.Div(pivot)
			rest[i] = rest[i].Sub(row[i].Mul(row[i]))
		}
		taken[best] = true
		columns = append(columns, best)
		pivots = append(pivots, pivot.Float64())
		r = append(r, row)
	}
	return columns, pivots, r
}
