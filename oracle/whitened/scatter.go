package whitened

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/oracle/internal/dense"
)

// Scatter returns Σ_k w_k ‖y_k‖² of the whitened means y_k in a frame, however skewed, and a bound of its
// error. Each is off by e_k = MeanError·‖L⁻¹μ_k‖ at most, so its square by (2‖y_k‖ + e_k)e_k.
func Scatter(m *gmm.Mixture, frame gmm.Frame) (value, err float64, failure error) {
	p, failure := straighten(inFrame(m, frame))
	if failure != nil {
		return 0, 0, failure
	}
	v, failure := whiten(m, p)
	if failure != nil {
		return 0, 0, failure
	}
	gram, errors := verifiedGram(m)
	lengths := dense.ColumnNorms(v.Means)
	for j, w := range v.Weights {
		e := v.MeanError * math.Sqrt(math.Max(0, gram[j][j].Hi)+errors[j][j]) * (1 + 4*dense.Roundoff)
		value += w * lengths[j] * lengths[j]
		err += w * (2*lengths[j] + e) * e
	}
	return value, err + float64(len(v.W)+len(lengths)+8)*dense.Roundoff*value, nil
}

// straighten changes from a frame F to FT, which has the same span and nearly
// whitens the covariance. T is upper triangular, by Gram and Schmidt in double-double,
// then rounded and taken as exact. Errors grow by ‖T‖, and double-double products of r
// terms are off by rε of their size, ‖FᵀΣF‖ ≤ tr FᵀΣF and |Fᵀμ| ≤ √(tr FᵀΣF) |L⁻¹μ|.
func straighten(p products) (products, error) {
	r, k := len(p.covariance), len(p.means[0])
	columns, size, err := orthonormal(p.covariance)
	if err != nil {
		return products{}, err
	}
	straight, _ := congruent(p.covariance, columns)
	turned := table(r, k)
	var trace float64
	for a, column := range columns {
		trace += p.covariance[a][a].Hi
		for i, x := range column {
			for j := range k {
				turned[a][j] = turned[a][j].Add(x.Mul(p.means[i][j]))
			}
		}
	}
	rounding := 8 * float64(r) * dd.Epsilon
	return products{straight, turned,
		size * size * (p.covarianceError + rounding*trace),
		size * (p.meanError + rounding*math.Sqrt(trace))}, nil
}

// orthonormal returns the columns of T, rounded to float64, with TᵀΘT ≈ I, and ‖T‖_F.
func orthonormal(theta [][]dd.Number) (columns [][]dd.Number, size float64, failure error) {
	r := len(theta)
	columns = table(r, r)
	image := make([]dd.Number, r) // Θt
	apply := func(t []dd.Number) {
		for i := range r {
			image[i] = dd.Dot(theta[i], t)
		}
	}
	for a, t := range columns {
		t[a] = dd.Of(1)
		for _, done := range columns[:a] {
			apply(t)
			coefficient := dd.Dot(done, image)
			for i := range a + 1 {
				t[i] = t[i].Sub(coefficient.Mul(done[i]))
			}
		}
		apply(t)
		square := dd.Dot(t, image)
		if !(square.Hi > 0) {
			return nil, 0, ErrFrame
		}
		for i := range a + 1 {
			t[i] = dd.Of(t[i].Div(square.Sqrt()).Float64())
		}
		size = math.Hypot(size, dd.Norm(t))
	}
	return columns, size, nil
}
