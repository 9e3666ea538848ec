package gmm

import (
	"math/big"

	"contrastcheck/gmm/modular"
)

// Exact is a mixture in rational numbers: weights of any positive scale, K means
// of dimension d, and either one d×d covariance or K of them.
type Exact struct {
	Name        string
	Weights     []*big.Rat
	Means       [][]*big.Rat
	Covariance  [][]*big.Rat   // shared by all components; nil where Covariances are given
	Covariances [][][]*big.Rat // one for each component; nil where Covariance is given
}

// Mean returns μ̄ = Σ w_k μ_k, for weights that sum to 1.
func (e Exact) Mean() []*big.Rat {
	mean := make([]*big.Rat, len(e.Means[0]))
	for i := range mean {
		mean[i] = new(big.Rat)
		for k, w := range e.Weights {
			mean[i].Add(mean[i], new(big.Rat).Mul(w, e.Means[k][i]))
		}
	}
	return mean
}

// centredMeans returns the means with μ̄ subtracted: of numerators over a common denominator for each coordinate, so that fractions are brought to lowest terms only once.
func (e Exact) centredMeans() [][]*big.Rat {
	weights, sum := numerators(e.Weights)
	means := make([][]*big.Rat, len(e.Means))
	for i := range e.Means[0] {
		column := make([]*big.Rat, len(e.Means))
		for k, row := range e.Means {
			column[k] = row[i]
		}
		xs, common := numerators(column)
		total, product := new(big.Int), new(big.Int)
		for k, x := range xs {
			total.Add(total, product.Mul(weights[k], x))
		}
		common.Mul(common, sum)
		for k, x := range xs {
			means[k] = append(means[k], new(big.Rat).SetFrac(x.Sub(product.Mul(x, sum), total), common))
		}
	}
	return means
}

// numerators are those of numbers over their least common denominator.
func numerators(xs []*big.Rat) (whole []*big.Int, common *big.Int) {
	common = big.NewInt(1)
	for _, x := range xs {
		widen(common, x)
	}
	for _, x := range xs {
		factor := new(big.Int).Quo(common, x.Denom())
		whole = append(whole, factor.Mul(factor, x.Num()))
	}
	return whole, common
}

// moved returns e with f of a copy of each mean's coordinate, and of that of μ̄, in its place.
func (e Exact) moved(f func(x, mean *big.Rat) *big.Rat) Exact {
	mean := e.Mean()
	means := make([][]*big.Rat, len(e.Means))
	for k, row := range e.Means {
		means[k] = make([]*big.Rat, len(row))
		for i, x := range row {
			means[k][i] = f(new(big.Rat).Set(x), mean[i])
		}
	}
	e.Means = means
	return e
}

// changed returns e with f of each covariance in its place.
func (e Exact) changed(f func([][]*big.Rat) [][]*big.Rat) Exact {
	if e.Covariance != nil {
		e.Covariance = f(e.Covariance)
	}
	own := e.Covariances
	e.Covariances = nil
	for _, covariance := range own {
		e.Covariances = append(e.Covariances, f(covariance))
	}
	return e
}

// at returns e of the components at the given places.
func (e Exact) at(places []int) Exact {
	e.Weights, e.Means = chosen(e.Weights, places), chosen(e.Means, places)
	if e.Covariances != nil {
		e.Covariances = chosen(e.Covariances, places)
	}
	return e
}

func chosen[T any](from []T, places []int) []T {
	out := make([]T, len(places))
	for i, place := range places {
		out[i] = from[place]
	}
	return out
}

// zeroRows returns the d×d matrix of zeros.
func zeroRows(d int) [][]*big.Rat {
	rows := make([][]*big.Rat, d)
	for i := range rows {
		rows[i] = make([]*big.Rat, d)
		for j := range rows[i] {
			rows[i][j] = new(big.Rat)
		}
	}
	return rows
}

// IdentityRows returns the d×d identity.
func IdentityRows(d int) [][]*big.Rat {
	rows := zeroRows(d)
	for i := range rows {
		rows[i][i].SetInt64(1)
	}
	return rows
}

// eliminate runs Bareiss's fraction-free elimination on integer rows, in
// place, and returns the pivots it met and their columns. Without row exchanges
// the k-th pivot is the k-th leading principal minor, and the run ends at the
// first that is 0; with them the number of pivots is the rank, and a column has
// one if and only if it is independent of the columns before it.
//
// E. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian
// elimination, Math. Comp. 22 (1968).
func eliminate(rows [][]*big.Int, exchange bool) (pivots []*big.Int, columns []int) {
	previous := big.NewInt(1)
	width := len(rows[0])
	for col, top := 0, 0; col < width && top < len(rows); col++ {
		if exchange {
			for r := top; r < len(rows); r++ {
				if rows[r][col].Sign() != 0 {
					rows[top], rows[r] = rows[r], rows[top]
					break
				}
			}
		}
		pivot := rows[top][col]
		if pivot.Sign() == 0 {
			if exchange {
				continue
			}
			return pivots, columns
		}
		for r := top + 1; r < len(rows); r++ {
			factor := new(big.Int).Set(rows[r][col])
			for c := col; c < width; c++ {
				x := new(big.Int).Mul(rows[r][c], pivot)
				x.Sub(x, new(big.Int).Mul(factor, rows[top][c]))
				rows[r][c] = x.Quo(x, previous)
			}
		}
		pivots = append(pivots, pivot)
		columns = append(columns, col)
		previous = pivot
		top++
	}
	return pivots, columns
}

// IntegerRows clears the denominators of each row by a positive factor, which
// changes neither the rank nor the signs of the minors. It leaves the rows alone.
func IntegerRows(rows [][]*big.Rat) [][]*big.Int {
	out := make([][]*big.Int, len(rows))
	factor := new(big.Int)
	for i, row := range rows {
		scale := big.NewInt(1)
		for _, x := range row {
			if x.IsInt() || factor.Rem(scale, x.Denom()).Sign() == 0 {
				continue
			}
			factor.GCD(nil, nil, scale, x.Denom())
			scale.Mul(scale, factor.Quo(x.Denom(), factor))
		}
		out[i] = make([]*big.Int, len(row))
		for j, x := range row {
			if factor.Set(scale); !x.IsInt() {
				factor.Quo(scale, x.Denom())
			}
			out[i][j] = new(big.Int).Mul(x.Num(), factor)
		}
	}
	return out
}

// DependentColumns returns the columns of a rational matrix, given by its rows, that are linear combinations
// of those before them modulo the prime 2⁶¹ − 1. What depends over the rationals does so there too; the
// converse fails only where the prime divides a minor. So independence that it shows is
// proved, and dependence is good for a message, not for a verdict.
func DependentColumns(matrix [][]*big.Rat) []int {
	return modular.Mersenne.DependentColumns(modular.Mersenne.Rows(IntegerRows(matrix)))
}

// exactRank returns the rank of a rational matrix. A full rank shows modulo a prime, mostly of the leading columns alone, at
// far less work than elimination takes.
func exactRank(rows [][]*big.Rat) int {
	full := min(len(rows), len(rows[0]))
	leading := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		leading[i] = row[:full]
	}
	for _, part := range [][][]*big.Rat{leading, rows} {
		if len(part[0])-len(DependentColumns(part)) == full {
			return full
		}
	}
	return len(IndependentColumns(rows))
}

// IndependentColumns returns, ascending, the indices of the columns of a rational
// matrix, given by its rows, that are independent of the columns before them. As
// many as its rank, they span its column space; the arithmetic is exact. It panics
// if there are no rows.
func IndependentColumns(rows [][]*big.Rat) []int {
	_, columns := eliminate(IntegerRows(rows), true)
	return columns
}

// exactlyDefinite tells whether a symmetric rational matrix is positive
// definite: all leading principal minors are positive.
func exactlyDefinite(rows [][]*big.Rat) bool {
	minors, _ := eliminate(IntegerRows(rows), false)
	if len(minors) < len(rows) {
		return false
	}
	for _, minor := range minors {
		if minor.Sign() <= 0 {
			return false
		}
	}
	return true
}

// ExactGram returns G = UᵀΣ̄⁻¹U, the K×K Gram matrix of the whitened means, in rationals.
func (m *Mixture) ExactGram() (g [][]*big.Rat) {
	for _, column := range exactSolve(m.rational, m.exact.Means) { // Σ⁻¹μ_k
		g = append(g, multiply(m.exact.Means, column))
	}
	return g
}

// ExactGramColumns returns the columns i ∈ basis of ExactGram, K×s, where basis lists, ascending, the first
// s means that are independent.
func (m *Mixture) ExactGramColumns() (g [][]*big.Rat, basis []int) {
	basis = IndependentColumns(transposed(m.exact.Means))
	g = make([][]*big.Rat, len(m.exact.Means))
	for _, column := range exactSolve(m.rational, chosen(m.exact.Means, basis)) { // Σ⁻¹μ_i
		for k, x := range multiply(m.exact.Means, column) {
			g[k] = append(g[k], x)
		}
	}
	return g, basis
}

func transposed(rows [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows[0]))
	for i := range out {
		for _, row := range rows {
			out[i] = append(out[i], row[i])
		}
	}
	return out
}

// exactSolve returns the rows of (A⁻¹B)ᵀ for a positive definite A and the
// rows of Bᵀ.
func exactSolve(a, b [][]*big.Rat) [][]*big.Rat {
	d := len(a)
	augmented := make([][]*big.Rat, d)
	for i := range augmented {
		augmented[i] = append(augmented[i], a[i]...)
		for k := range b {
			augmented[i] = append(augmented[i], b[k][i])
		}
	}
	rows := IntegerRows(augmented)
	eliminate(rows, false)
	determinant := rows[d-1][d-1] // times which, by Cramer's rule, the solutions are whole numbers
	x := make([][]*big.Rat, len(b))
	product := new(big.Int)
	for k := range x {
		whole := make([]*big.Int, d)
		x[k] = make([]*big.Rat, d)
		for i := d - 1; i >= 0; i-- {
			sum := new(big.Int).Mul(rows[i][d+k], determinant)
			for j := i + 1; j < d; j++ {
				sum.Sub(sum, product.Mul(rows[i][j], whole[j]))
			}
			whole[i] = sum.Quo(sum, rows[i][i])
			x[k][i] = new(big.Rat).SetFrac(whole[i], determinant)
		}
	}
	return x
}

// OrthogonalMean tells, exactly, whether the mean is not 0 and orthogonal, in the metric Σ̄⁻¹, to all differences of means: Bμ̄ = 0 ≠ μ̄ in whitened
// coordinates, which for weights > 0 says that μ_kᵀΣ̄⁻¹μ̄ is the same for all k.
func (m *Mixture) OrthogonalMean() bool {
	if m.Centred() {
		return false
	}
	along := multiply(m.exact.Means, exactSolve(m.rational, [][]*big.Rat{m.exact.Mean()})[0])
	for _, x := range along[1:] {
		if x.Cmp(along[0]) != 0 {
			return false
		}
	}
	return true
}
