package oracle

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// Subspace is a linear subspace of R^d, in original coordinates.
type Subspace struct {
	// Basis is orthonormal to rounding, d×s; nil for {0}.
	Basis *mat.Dense
	// Error bounds the sine of the largest angle between the span of Basis and the
	// subspace that it stands for; 1 where nothing is known.
	Error float64
}

// Dimension returns s.
func (s Subspace) Dimension() int {
	if s.Basis == nil {
		return 0
	}
	_, columns := s.Basis.Dims()
	return columns
}

// FisherSubspace returns S_F = span{Σ⁻¹μ_k}. Its error comes from the residuals
// of Σ⁻¹μ_k, in double-double, by way of λ_min(Σ), and from Wedin's theorem; it is
// 1 where rounded numbers leave the dimension ambiguous.
func FisherSubspace(m *gmm.Mixture) Subspace {
	dimension := m.FisherDimension()
	if dimension.Ambiguous {
		return Subspace{Basis: leadingSpace(precisionColumns(m), dimension.Value), Error: 1}
	}
	if dimension.Value == 0 {
		return Subspace{}
	}
	s := spanOf(precisionColumns(m), dimension.Value, precisionError(m))
	return Subspace{s.basis, s.angle}
}

// precisionColumns returns Σ⁻¹U, d×K.
func precisionColumns(m *gmm.Mixture) *mat.Dense {
	columns := mat.NewDense(m.Dimension(), m.Components(), nil)
	for k, row := range m.Gram().Precision {
		for i, x := range row {
			columns.Set(i, k, x.Float64())
		}
	}
	return columns
}

// precisionError bounds the relative error of the columns x_k ≈ Σ⁻¹μ_k: rounding
// to float64, and ‖μ_k − Σx_k‖/λ_min(Σ).
func precisionError(m *gmm.Mixture) float64 {
	sigma, mu := m.DoubledCovariance(), m.DoubledMeans()
	d := len(sigma)
	var trace float64
	for i := range d {
		trace += sigma[i][i].Hi
	}
	worst := 0.0
	residual := make([]dd.Number, d)
	for k, x := range m.Gram().Precision {
		size := dd.Norm(x)
		if size == 0 {
			continue
		}
		for i := range d {
			residual[i] = mu[k][i].Sub(dd.Dot(sigma[i], x))
		}
		rounding := 8 * float64(d+2) * dd.Epsilon * (dd.Norm(mu[k]) + trace*size)
		worst = math.Max(worst, (dd.Norm(residual)+rounding)/(m.LeastVariance()*size))
	}
	return worst + 2*unitRoundoff
}

// RandomSubspace returns an orthonormal basis, d×r, of a subspace drawn uniformly
// (Haar measure): the span of r standard normal vectors. It panics unless 1 ≤ r ≤ d.
func RandomSubspace(d, r int, rng *rand.Rand) *mat.Dense {
	if r < 1 || r > d {
		panic(fmt.Sprintf("oracle: no subspace of dimension %d in %d dimensions", r, d))
	}
	normal := mat.NewDense(d, r, nil)
	for i := range d {
		for j := range r {
			normal.Set(i, j, rng.NormFloat64())
		}
	}
	return leadingSpace(normal, r)
}

// Orthonormal returns an orthonormal basis of the column space of a matrix of full
// column rank.
func Orthonormal(a *mat.Dense) *mat.Dense {
	_, columns := a.Dims()
	return leadingSpace(a, columns)
}

// PrincipalAngles returns the principal angles between the column spaces of two
// matrices of full column rank with the same number of rows, ascending, in
// radians within [0, π/2]; as many as the smaller space has dimensions. Angles
// below π/4 come from sines, the others from cosines, so that both ends keep
// full precision (Björck and Golub, Math. Comp. 27, 1973). It panics if the
// numbers of rows differ.
func PrincipalAngles(a, b *mat.Dense) []float64 {
	_, ca := a.Dims()
	_, cb := b.Dims()
	if ca < cb {
		a, b, ca, cb = b, a, cb, ca
	}
	qa, qb := leadingSpace(a, ca), leadingSpace(b, cb)
	var cosines, projected, rest mat.Dense
	cosines.Mul(qa.T(), qb)
	projected.Mul(qa, &cosines)
	rest.Sub(qb, &projected)
	c := singularValues(&cosines) // descending
	s := singularValues(&rest)    // descending
	angles := make([]float64, cb)
	for i := range angles {
		if cosine := min(1, c[i]); cosine < math.Sqrt2/2 {
			angles[i] = math.Acos(cosine)
		} else {
			angles[i] = math.Asin(min(1, s[cb-1-i]))
		}
	}
	return angles
}

// leadingSpace returns the s leading left singular vectors; nil for s = 0.
func leadingSpace(a *mat.Dense, s int) *mat.Dense {
	if s == 0 {
		return nil
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	var u mat.Dense
	svd.UTo(&u)
	rows, _ := u.Dims()
	return mat.DenseCopyOf(u.Slice(0, rows, 0, s))
}

func singularValues(a *mat.Dense) []float64 {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		panic("oracle: the singular values did not converge")
	}
	return svd.Values(nil)
}
