package gmm

import (
	"math"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// FisherDimension returns the dimension s of the Fisher subspace span{Σ̄⁻¹μ_k}: the exact
// rational rank of the means. It is computed once.
func (m *Mixture) FisherDimension() int { return m.dimension() }

func (m *Mixture) computeDimension() int {
	k := m.Components()
	if k <= m.Dimension() && m.definite.factor != nil && m.Gram().provesRank() {
		return k
	}
	return exactRank(m.exact.Means)
}

// provesRank tells whether the entries and their error bounds alone prove that
// the Gram matrix has full rank n = K, which spares exact elimination. Pivoted
// Cholesky gives G = RᵀR + E, so it is definite where ‖E‖ < 1/‖R⁻¹‖_F². E holds the
// entries' errors and the rounding of R, at most 4n·Epsilon·tr G.
func (g *Gram) provesRank() bool {
	n := len(g.G)
	columns, r := pivotedCholesky(g.G, n)
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

// pivotedCholesky factors a K×K Gram matrix G of the given rank as RᵀR, R being
// rank×K, choosing at each step the column with the largest remaining diagonal.
// It returns the chosen columns and R. It ends early where nothing positive remains.
func pivotedCholesky(g [][]dd.Number, rank int) (columns []int, r [][]dd.Number) {
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
			return columns, r
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
		r = append(r, row)
	}
	return columns, r
}
