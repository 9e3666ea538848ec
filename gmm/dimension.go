package gmm

import "contrastcheck/gmm/dd"

// FisherDimension returns the dimension s of the Fisher subspace span{Σ̄⁻¹μ_k}: the exact
// rational rank of the means. It is computed once.
func (m *Mixture) FisherDimension() int { return m.dimension() }

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
