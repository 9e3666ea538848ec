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
	columns, root := widePivotedCholesky(gram, s)
	if len(columns) < s {
		return Whitened{}, false
	}
	frame := Frame{Fisher: true, Basis: mat.NewDense(k, s, nil)}
	for c, column := range wideInverse(root, columns) {
		for i, v := range column {
			entry, _ := v.Float64()
			frame.Basis.Set(columns[i], c, entry)
		}
	}
	w, err := whitenWide(frame, gram, gram)
	return w, err == nil
}

// whitenFullWide is WhitenFull in wide numbers; false for too many of them.
func (m *Mixture) whitenFullWide() (Whitened, bool) {
	d := m.Dimension()
	if d > widestWhitening {
		return Whitened{}, false
	}
	covariance := wide.Rows(m.rational)
	columns, root := wideCholesky(covariance)
	if len(columns) < d {
		return Whitened{}, false
	}
	frame := Frame{Basis: mat.NewDense(d, d, nil)}
	for c, column := range wideInverse(root, columns) {
		for i, v := range column {
			entry, _ := v.Float64()
			frame.Basis.Set(i, c, entry)
		}
	}
	means := wide.Table(d, m.Components()) // U
	for k, row := range wide.Rows(m.exact.Means) {
		for i, v := range row {
			means[i][k] = v
		}
	}
	w, err := whitenWide(frame, covariance, means)
	return w, err == nil
}

// whitenWide whitens in the frame of float64 coefficients C, given S with FᵀΣF = CᵀSC and R with FᵀU = CᵀR.
func whitenWide(frame Frame, s, r [][]*big.Float) (Whitened, error) {
	columns := wideColumns(frame.Basis)
	means := make([][]dd.Number, len(columns))
	for a := range columns {
		for k := range r[0] {
			sum, product := wide.Zero(), wide.Zero()
			for i := range r {
				sum.Add(sum, product.Mul(columns[a][i], r[i][k]))
			}
			means[a] = append(means[a], wide.Double(sum))
		}
	}
	return whiten(frame, wideProducts(frame.Basis, s), means)
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

// wideCholesky factors S as RᵀR in the order of its columns, R upper triangular; fewer columns where S is not positive definite.
func wideCholesky(s [][]*big.Float) (columns []int, r [][]*big.Float) {
	return wideFactor(s, len(s), func(rest []*big.Float, _ []bool, next int) int { return next })
}

// widePivotedCholesky is pivotedCholesky in wide numbers.
func widePivotedCholesky(g [][]*big.Float, rank int) (columns []int, r [][]*big.Float) {
	return wideFactor(g, rank, func(rest []*big.Float, taken []bool, _ int) int {
		best := -1
		for i := range rest {
			if !taken[i] && (best < 0 || rest[i].Cmp(rest[best]) > 0) {
				best = i
			}
		}
		return best
	})
}

// wideFactor eliminates the columns that choose names, of the rest's diagonal, those taken and their number,
// until as many as rank are or nothing positive remains.
func wideFactor(s [][]*big.Float, rank int, choose func(rest []*big.Float, taken []bool, next int) int) (columns []int, r [][]*big.Float) {
	n := len(s)
	rest := make([]*big.Float, n)
	for i := range rest {
		rest[i] = wide.Zero().Set(s[i][i])
	}
	taken := make([]bool, n)
	product := wide.Zero()
	for len(columns) < rank {
		best := choose(rest, taken, len(columns))
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
