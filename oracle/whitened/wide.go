package whitened

import (
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// negligible is the size of errors of inFrame, beside float64's own of a view, below which
// better products would not change a verdict.
const negligible = dense.Roundoff

// inFrameWide is inFrame in wide numbers; false where its numbers are too long or too many.
func inFrameWide(m *gmm.Mixture, frame gmm.Frame) (p products, ok bool) {
	if frame.Fisher {
		gram, errors, ok := verifiedWideGram(m)
		if !ok {
			return products{}, false
		}
		return fromWide(gram, gram, frame.Basis, errors), true
	}
	if m.Dimension() > widestFrame {
		return products{}, false
	}
	e := m.Exact()
	sigma, mu := wide.Rows(e.Covariance), wide.Rows(e.Means)
	u := wide.Table(len(sigma), len(mu))
	for k, row := range mu {
		for i, x := range row {
			u[i][k] = x
		}
	}
	return fromWide(sigma, u, frame.Basis, nil), true
}

// widestFrame bounds d for products of d×d matrices in wide numbers, which take about a second.
const widestFrame = 128

// verifiedWideGram is verifiedGram in wide numbers: with R = U − ΣX for X ≈ Σ⁻¹U, a hint, UᵀX + XᵀR misses the
// Gram matrix by RᵀΣ⁻¹R alone, whatever X is, beside rounding.
func verifiedWideGram(m *gmm.Mixture) (gram [][]*big.Float, errors [][]float64, ok bool) {
	hint, solved := m.ExactPrecision()
	if !solved {
		return nil, nil, false
	}
	e := m.Exact()
	x, mu, sigma := wide.Rows(hint), wide.Rows(e.Means), wide.Rows(e.Covariance)
	k, d := len(mu), len(sigma)
	residuals := wide.Table(k, d)
	trace := wide.Zero()
	for i := range d {
		trace.Add(trace, sigma[i][i])
		for j := range k {
			residuals[j][i].Sub(mu[j][i], wide.Dot(sigma[i], x[j]))
		}
	}
	gram = wide.Table(k, k)
	errors = make([][]float64, k)
	for i := range k {
		errors[i] = make([]float64, k)
	}
	least, rounding := wide.Of(m.LeastVariance()), wide.Of(8*float64(d+2)*wide.Epsilon)
	for i := range k {
		for j := range i + 1 {
			gram[i][j].Add(wide.Dot(mu[i], x[j]), wide.Dot(x[i], residuals[j]))
			gram[j][i] = gram[i][j]
			length := wide.Norm(x[j])
			size := wide.Zero().Mul(wide.Norm(x[i]), trace) // (|μ_i| + tr Σ|x_i|) |x_j|
			size.Mul(size.Add(size, wide.Norm(mu[i])), length)
			missed := wide.Zero().Mul(wide.Norm(residuals[i]), wide.Norm(residuals[j]))
			missed.Add(missed.Quo(missed, least), size.Mul(size, rounding))
			errors[i][j] = wide.Upper(missed)
			errors[j][i] = errors[i][j]
		}
	}
	return gram, errors, true
}

// fromWide returns CᵀSC = FᵀΣF and CᵀR = FᵀU for the float64 coefficients C of a frame, S and R rounded to wide numbers
// and in a Fisher frame off by errors besides, and the bounds of inFrame: |C|ᵀ(|E| + rounding·|S|)|C| summed over
// all entries, and |C|ᵀ(|E| + rounding·|R|) over coordinates; then all is rounded to double-double. Results near
// the identity and of whitened means are off by that in relative terms, beside the whitened length √G_jj of a mean, or in
// other frames |Fᵀμ|/√tr FᵀΣF, which is no longer.
func fromWide(s, r [][]*big.Float, coefficients *mat.Dense, errors [][]float64) products {
	n, m := coefficients.Dims()
	k := len(r[0])
	rounding := 8 * float64(n+2) * wide.Epsilon
	entryError := func(i, j int, x *big.Float) float64 {
		e := rounding * wide.Upper(new(big.Float).Abs(x))
		if errors != nil {
			e += errors[i][j]
		}
		return e
	}
	columns := wide.Table(m, n)
	sums := make([]float64, n) // Σ_a |C_ia|
	for a := range m {
		for i := range n {
			columns[a][i].SetFloat64(coefficients.At(i, a))
			sums[i] += math.Abs(coefficients.At(i, a))
		}
	}
	p := products{covariance: table(m, m), means: table(m, k)}
	half := make([]*big.Float, n)
	for a := range m {
		for i := range n {
			half[i] = wide.Dot(s[i], columns[a])
		}
		for b := range m {
			p.covariance[a][b] = wide.Double(wide.Dot(half, columns[b]))
		}
	}
	var trace float64
	for a := range m {
		trace += p.covariance[a][a].Hi
	}
	p.covarianceError = 2 * dd.Epsilon * float64(m) * trace
	for i := range n {
		for j := range n {
			p.covarianceError += sums[i] * sums[j] * entryError(i, j, s[i][j])
		}
	}
	column := make([]*big.Float, n)
	for j := range k {
		var size, missed float64
		for i := range n {
			column[i] = r[i][j]
			missed += sums[i] * entryError(i, j, r[i][j])
		}
		for a := range m {
			p.means[a][j] = wide.Double(wide.Dot(columns[a], column))
			size = math.Hypot(size, p.means[a][j].Hi)
		}
		own := (size - missed) / math.Sqrt(2*trace) // a lower bound of the whitened length
		if missed > 0 {
			p.meanError = math.Max(p.meanError, missed/own)
			if !(own > 0) {
				p.meanError = math.Inf(1)
			}
		}
	}
	p.meanError += 4 * dd.Epsilon * math.Sqrt(float64(m)*trace)
	return p
}
