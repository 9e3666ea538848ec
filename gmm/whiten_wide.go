package gmm

import (
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"

	"gonum.org/v1/gonum/mat"
)

// longestExactSolve bounds d(d+K)b, b the bits of the longest entry of a row [Σ | U], up to which
// Σ⁻¹U is solved for in rationals: that takes at most about a second.
const longestExactSolve = 1 << 17

// ExactPrecision returns the vectors Σ̄⁻¹μ_k in rationals, K rows of length d. It reports false
// where there are too many numbers, or too long ones. It is computed once; do not write to it.
func (m *Mixture) ExactPrecision() (x [][]*big.Rat, exact bool) {
	x = m.exactPrecision()
	return x, x != nil
}

func (m *Mixture) computeExactPrecision() [][]*big.Rat {
	d, k := m.Dimension(), m.Components()
	if d*(d+k) > longestExactSolve { // whatever their length
		return nil
	}
	joined := make([][]*big.Rat, d)
	for i := range joined {
		joined[i] = slices.Clone(m.rational[i])
		for _, mean := range m.exact.Means {
			joined[i] = append(joined[i], mean[i])
		}
	}
	if d*(d+k) > longestExactSolve/longestEntry(joined) {
		return nil
	}
	return exactSolve(m.rational, m.exact.Means)
}

// widestWhitening bounds d up to which all coordinates are whitened in wide numbers: that takes d³ of their
// operations, a few seconds.
const widestWhitening = 128

// frameError bounds the relative error of FᵀΣF as double-double products give it, near I, and of the
// whitened means: the entries' |C|ᵀ|E||C| for a Fisher frame, E the errors of the Gram matrix G and of its products.
func (g *Gram) frameError(basis *mat.Dense) float64 {
	k, s := basis.Dims()
	rows := make([]float64, k) // Σ_a |C_ia|
	for i := range k {
		for a := range s {
			rows[i] += math.Abs(basis.At(i, a))
		}
	}
	var off float64
	for i := range k {
		for j := range k {
			off += rows[i] * rows[j] * (g.Error[i][j] + 8*float64(k)*dd.Epsilon*math.Abs(g.G[i][j].Hi))
		}
	}
	return off
}

// whitenFisherWide is WhitenFisher for a rank s in wide numbers; false for what ExactPrecision does not solve.
func (m *Mixture) whitenFisherWide(s int) (Whitened, bool) {
	x, exact := m.ExactPrecision()
	if !exact {
		return Whitened{}, false
	}
	precision, means := wide.Rows(x), wide.Rows(m.exact.Means)
	k := len(means)
	gram := wide.Table(k, k)
	for i := range k {
		for j := range i + 1 {
			gram[i][j] = wide.Dot(means[i], precision[j])
			gram[j][i] = gram[i][j]
		}
	}
	return whitenWide(true, s, gram, gram)
}

// whitenFullWide is WhitenFull in wide numbers; false for too many of them.
func (m *Mixture) whitenFullWide() (Whitened, bool) {
	d := m.Dimension()
	if d > widestWhitening {
		return Whitened{}, false
	}
	covariance := wide.Rows(m.rational)
	means := wide.Table(d, m.Components()) // U
	for k, row := range wide.Rows(m.exact.Means) {
		for i, v := range row {
			means[i][k] = v
		}
	}
	return whitenWide(false, d, covariance, means)
}

// whitenWide whitens in a frame of coefficients C, float64, with FᵀΣF = CᵀSC ≈ I and FᵀU = CᵀR, given S, n×n, of the rank
// and R; false where S does not show that rank. C is the inverse of S's Cholesky factor in the columns that pivoting chooses.
func whitenWide(fisher bool, rank int, s, r [][]*big.Float) (Whitened, bool) {
	chosen, root := widePivotedCholesky(s, rank)
	if len(chosen) < rank {
		return Whitened{}, false
	}
	frame := Frame{Fisher: fisher, Basis: mat.NewDense(len(s), rank, nil)}
	for c, column := range wideInverse(root, chosen) {
		for i, v := range column {
			entry, _ := v.Float64()
			frame.Basis.Set(chosen[i], c, entry)
		}
	}
	columns := wideColumns(frame.Basis)
	means := make([][]dd.Number, rank)
	for a := range columns {
		for k := range r[0] {
			sum, product := wide.Zero(), wide.Zero()
			for i := range r {
				sum.Add(sum, product.Mul(columns[a][i], r[i][k]))
			}
			means[a] = append(means[a], wide.Double(sum))
		}
	}
	w, err := whiten(frame, wideProducts(frame.Basis, s), means)
	return w, err == nil
}

// wideProducts returns CᵀSC, rounded to double-double.
func wideProducts(c *mat.Dense, s [][]*big.Float) [][]dd.Number {
	columns := wideColumns(c)
	out := make([][]dd.Number, len(columns))
	half := make([]*big.Float, len(s))
	for a := range columns {
		for i := range s {
			half[i] = wide.Dot(s[i], columns[a])
		}
		for b := range columns {
			out[a] = append(out[a], wide.Double(wide.Dot(half, columns[b])))
		}
	}
	return out
}

func wideColumns(c *mat.Dense) [][]*big.Float {
	_, m := c.Dims()
	columns := wide.Table(m, 0)
	for a := range m {
		for _, x := range mat.Col(nil, a, c) {
			columns[a] = append(columns[a], wide.Of(x))
		}
	}
	return columns
}

// widePivotedCholesky is pivotedCholesky in wide numbers.
func widePivotedCholesky(s [][]*big.Float, rank int) (columns []int, r [][]*big.Float) {
	n := len(s)
	rest := make([]*big.Float, n)
	for i := range rest {
		rest[i] = wide.Zero().Set(s[i][i])
	}
	taken := make([]bool, n)
	product := wide.Zero()
	for len(columns) < rank {
		best := -1
		for i := range rest {
			if !taken[i] && (best < 0 || rest[i].Cmp(rest[best]) > 0) {
				best = i
			}
		}
		if best < 0 || rest[best].Sign() <= 0 {
			return columns, r
		}
		pivot := wide.Zero().Sqrt(rest[best])
		row := wide.Table(1, n)[0]
		for i := range n {
			if taken[i] {
				continue
			}
			row[i].Set(s[best][i])
			for _, done := range r {
				row[i].Sub(row[i], product.Mul(done[best], done[i]))
			}
			row[i].Quo(row[i], pivot)
			rest[i].Sub(rest[i], product.Mul(row[i], row[i]))
		}
		taken[best] = true
		columns = append(columns, best)
		r = append(r, row)
	}
	return columns, r
}

// wideInverse returns the columns of R_J⁻¹, R_J the upper triangular matrix of r's columns J.
func wideInverse(r [][]*big.Float, columns []int) [][]*big.Float {
	n := len(columns)
	inverse := wide.Table(n, n)
	product := wide.Zero()
	for c, column := range inverse {
		column[c].SetInt64(1)
		for i := c; i >= 0; i-- {
			for j := i + 1; j <= c; j++ {
				column[i].Sub(column[i], product.Mul(r[i][columns[j]], column[j]))
			}
			column[i].Quo(column[i], r[i][columns[i]])
		}
	}
	return inverse
}
