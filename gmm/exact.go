package gmm

import (
	"math/big"
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
