package whitened

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// products are FᵀΣF and FᵀU to double-double precision, from the mixture's definition, and bounds of
// their errors: of FᵀΣF in norm, and of the columns of FᵀU, each relative to its mean's whitened length.
type products struct {
	covariance, means          [][]dd.Number
	covarianceError, meanError float64
}

// inFrame multiplies in double-double.
func inFrame(m *gmm.Mixture, frame gmm.Frame) products {
	if frame.Fisher {
		gram, errors := verifiedGram(m)
		return fromGram(gram, errors, frame.Basis)
	}
	columns := columnsOf(frame.Basis)
	mu := m.DoubledMeans()
	p := products{means: table(len(columns), len(mu))}
	var size float64 // √(tr Σ) ‖F‖
	p.covariance, size = congruent(m.DoubledCovariance(), columns)
	for a, column := range columns {
		for k := range mu {
			p.means[a][k] = dd.Dot(column, mu[k])
		}
	}
	// Sums of d terms: FᵀΣF is off by d·ε·|F|ᵀ|Σ||F| ≤ d·ε·trΣ·‖F‖², Fᵀμ by
	// d·ε·‖F‖|μ|, beside the whitened length |L⁻¹μ| ≥ |μ|/√trΣ.
	rounding := 8 * float64(m.Dimension()) * dd.Epsilon
	p.covarianceError, p.meanError = rounding*size*size, rounding*size
	return p
}

// columnsOf returns the columns of a frame of original coordinates.
func columnsOf(frame *mat.Dense) [][]dd.Number {
	d, m := frame.Dims()
	columns := table(m, d)
	for a := range m {
		for i := range d {
			columns[a][i] = dd.Of(frame.At(i, a))
		}
	}
	return columns
}

// congruent returns FᵀSF for the columns of F, and √(tr S) ‖F‖.
func congruent(s, columns [][]dd.Number) (out [][]dd.Number, size float64) {
	out = table(len(columns), len(columns))
	half := make([]dd.Number, len(s))
	var trace, square float64
	for i := range s {
		trace += s[i][i].Hi
	}
	for a, column := range columns {
		for i := range s {
			half[i] = dd.Dot(s[i], column)
		}
		for b := range columns {
			out[a][b] = dd.Dot(half, columns[b])
		}
		square += dd.Norm(column) * dd.Norm(column)
	}
	return out, math.Sqrt(trace * square)
}

// verifiedGram recomputes UᵀΣ⁻¹U from Σ and U. An approximate X ≈ Σ⁻¹U serves
// as a hint: with R = U − ΣX the sum UᵀX + XᵀR misses the Gram matrix by
// RᵀΣ⁻¹R alone, whatever X is. The bound of that needs a lower bound of λ_min(Σ).
func verifiedGram(m *gmm.Mixture) (gram [][]dd.Number, errors [][]float64) {
	hint := m.Gram().Precision
	sigma, mu := m.DoubledCovariance(), m.DoubledMeans()
	k, d := len(mu), len(sigma)
	residuals := table(k, d)
	var trace float64
	for i := range d {
		trace += sigma[i][i].Hi
		for j := range k {
			residuals[j][i] = mu[j][i].Sub(dd.Dot(sigma[i], hint[j]))
		}
	}
	gram = table(k, k)
	errors = make([][]float64, k)
	least := m.LeastVariance()
	rounding := 8 * float64(d+2) * dd.Epsilon
	for i := range k {
		errors[i] = make([]float64, k)
	}
	for i := range k {
		for j := range i + 1 {
			gram[i][j] = dd.Dot(mu[i], hint[j]).Add(dd.Dot(hint[i], residuals[j]))
			gram[j][i] = gram[i][j]
			size := dd.Norm(mu[i])*dd.Norm(hint[j]) + trace*dd.Norm(hint[i])*dd.Norm(hint[j])
			errors[i][j] = dd.Norm(residuals[i])*dd.Norm(residuals[j])/least + rounding*size
			errors[j][i] = errors[i][j]
		}
	}
	return gram, errors
}

// fromGram returns CᵀGC and CᵀG for the K×m coefficients C of a Fisher frame.
func fromGram(gram [][]dd.Number, errors [][]float64, coefficients *mat.Dense) products {
	k, m := coefficients.Dims()
	p := products{covariance: table(m, m), means: table(m, k)}
	for a := range m {
		for j := range k {
			var sum dd.Number
			for i := range k {
				sum = sum.Add(dd.Of(coefficients.At(i, a)).Mul(gram[i][j]))
			}
			p.means[a][j] = sum
		}
		for b := range m {
			var sum dd.Number
			for j := range k {
				sum = sum.Add(p.means[a][j].Mul(dd.Of(coefficients.At(j, b))))
			}
			p.covariance[a][b] = sum
		}
	}
	// |C|ᵀ(|E| + rounding·|G|)|C|, summed over all entries; a mean's part beside
	// its whitened length √G_jj, summed over coordinates.
	for j := range k {
		own := math.Sqrt(math.Max(gram[j][j].Hi-errors[j][j], 0))
		var column float64
		for a := range m {
			var entry float64
			for i := range k {
				e := errors[i][j] + 8*float64(k)*dd.Epsilon*math.Abs(gram[i][j].Hi)
				entry += math.Abs(coefficients.At(i, a)) * e
			}
			column += entry
			for b := range m {
				p.covarianceError += entry * math.Abs(coefficients.At(j, b))
			}
		}
		if column > 0 {
			p.meanError = math.Max(p.meanError, column/own)
		}
	}
	return p
}

func table(rows, columns int) [][]dd.Number {
	out := make([][]dd.Number, rows)
	for i := range out {
		out[i] = make([]dd.Number, columns)
	}
	return out
}
