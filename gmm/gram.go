package gmm

import (
	"math"

	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Gram holds G = UᵀΣ⁻¹U with Σ = Σ̄, the K×K Gram matrix of the whitened means. Of a
// shared covariance, the InfoNCE loss depends on the means and the covariance through G alone.
type Gram struct {
	G         [][]dd.Number // K×K, symmetric
	Error     [][]float64   // K×K, |G − UᵀΣ⁻¹U| entry by entry
	Precision [][]dd.Number // K×d, row k is Σ⁻¹μ_k to about double-double precision
}

// Gram returns the Gram matrix of the whitened means. It is computed once.
//
// X = Σ⁻¹U comes from Cholesky with iterative refinement, its residual
// R = U − ΣX in double-double. As UᵀΣ⁻¹U = UᵀX + XᵀR + RᵀΣ⁻¹R, the first two
// terms miss G by at most ‖R_i‖‖R_j‖/λ_min(Σ), the square of a tiny number.
func (m *Mixture) Gram() *Gram { return m.gram() }

func (m *Mixture) computeGram() *Gram {
	k := m.Components()
	var x, r [][]dd.Number
	if m.definite.factor != nil {
		x, r = m.refine()
	} else {
		x = doubled(exactSolve(m.rational, m.exact.Means))
		r = m.residual(x)
	}
	g := &Gram{G: make([][]dd.Number, k), Error: make([][]float64, k), Precision: x}
	for i := range k {
		g.G[i] = make([]dd.Number, k)
		g.Error[i] = make([]float64, k)
	}
	// Cauchy and Schwarz bound each dot product's rounding; 2 terms, and ΣX in the residual.
	rounding := 2 * float64(m.Dimension()+2) * dd.Epsilon
	for i := range k {
		for j := range i + 1 {
			sum := dd.Dot(m.means[i], x[j]).Add(dd.Dot(x[i], r[j]))
			g.G[i][j], g.G[j][i] = sum, sum
			e := dd.Norm(r[i])*dd.Norm(r[j])/m.definite.leastVariance + rounding*(dd.Norm(m.means[i])*dd.Norm(x[j])+dd.Norm(x[i])*m.residualRounding(x[j]))
			g.Error[i][j], g.Error[j][i] = e, e
		}
	}
	return g
}

// refinements bounds the steps of iterative refinement. Each gains at least one
// binary digit where float64's Cholesky proved the covariance definite.
const refinements = 60

// refine solves ΣX = U to double-double precision and returns X and the
// residual. It ends where every entry of the residual is as small as its own
// rounding, or its norm falls no more.
func (m *Mixture) refine() (x, r [][]dd.Number) {
	x = make([][]dd.Number, m.Components())
	r = make([][]dd.Number, m.Components())
	for k := range x {
		x[k] = make([]dd.Number, m.Dimension())
		r[k] = m.means[k]
		last := math.Inf(1)
		for range refinements {
			size := dd.Norm(r[k])
			if size > last/2 || m.withinRounding(r[k], x[k]) {
				break
			}
			last = size
			step := solveRounded(m.definite, r[k])
			for i := range step {
				x[k][i] = x[k][i].Add(dd.Of(step[i]))
			}
			r[k] = m.residualOf(k, x[k])
		}
	}
	return x, r
}

// withinRounding tells whether every |r_i| is at most Epsilon Σ_j √(σ_ii σ_jj)|x_j|,
// whatever units the coordinates have.
func (m *Mixture) withinRounding(r, x []dd.Number) bool {
	var size float64
	for j, v := range x {
		size += math.Sqrt(m.sigma[j][j].Hi) * math.Abs(v.Hi)
	}
	for i, v := range r {
		if math.Abs(v.Hi) > dd.Epsilon*math.Sqrt(m.sigma[i][i].Hi)*size {
			return false
		}
	}
	return true
}

func (m *Mixture) residual(x [][]dd.Number) [][]dd.Number {
	r := make([][]dd.Number, len(x))
	for k := range x {
		r[k] = m.residualOf(k, x[k])
	}
	return r
}

// residualOf returns μ_k − Σx.
func (m *Mixture) residualOf(k int, x []dd.Number) []dd.Number {
	r := make([]dd.Number, len(x))
	for i := range r {
		r[i] = m.means[k][i].Sub(dd.Dot(m.sigma[i], x))
	}
	return r
}

// residualRounding bounds the size of what the residual holds: ‖Σ‖_F ‖x‖.
func (m *Mixture) residualRounding(x []dd.Number) float64 {
	return m.trace() * dd.Norm(x) // ‖Σ‖_F ≤ tr Σ
}

// solveRounded returns Σ⁻¹b as float64's Cholesky factor gives it.
func solveRounded(definite definiteness, b []dd.Number) []float64 {
	x := make([]float64, len(b))
	for i, v := range b {
		x[i] = v.Float64()
	}
	upper := definite.factor.RawU().(*mat.TriDense).RawTriangular() // Σ = UᵀU
	vector := blas64.Vector{N: len(x), Data: x, Inc: 1}
	blas64.Trsv(blas.Trans, upper, vector)
	blas64.Trsv(blas.NoTrans, upper, vector)
	return x
}

// Mean returns Σ_k w_k μ_k of means given as the columns of an m×K matrix.
func Mean(weights []float64, means mat.Matrix) *mat.VecDense {
	m, _ := means.Dims()
	mean := mat.NewVecDense(m, nil)
	mean.MulVec(means, mat.NewVecDense(len(weights), weights))
	return mean
}

// RawScatter returns the between-component scatter C = Σ_k w_k μ_k μ_kᵀ of
// means given as the columns of an m×K matrix.
func RawScatter(weights []float64, means mat.Matrix) *mat.SymDense {
	m, k := means.Dims()
	c := mat.NewSymDense(m, nil)
	for j := range k {
		c.SymRankOne(c, weights[j], mat.NewVecDense(m, mat.Col(nil, j, means)))
	}
	return c
}

// CentredScatter returns B = C − μ̄μ̄ᵀ of means given as the columns of an m×K
// matrix, summed about the mean so that a far origin costs no digits.
func CentredScatter(weights []float64, means mat.Matrix) *mat.SymDense {
	m, k := means.Dims()
	mean := Mean(weights, means)
	b := mat.NewSymDense(m, nil)
	for j := range k {
		x := mat.NewVecDense(m, mat.Col(nil, j, means))
		x.SubVec(x, mean)
		b.SymRankOne(b, weights[j], x)
	}
	return b
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
