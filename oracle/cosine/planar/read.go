package planar

import (
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Read takes of A, d×r in original coordinates with r ≥ 3, the part [A₀ | ε n vᵀ]: whitened, A₀ is that in S_F and ε the largest stretch of the rows off it across the two of A₀. What is refuted by it is so whatever A is. Its noise is 0 where A has none, and
// a ratio below 2⁻¹⁰ is taken for that.
func (m Mixture) Read(p gmm.Pairs, a *mat.Dense) (Noisy, error) {
	var factor mat.Cholesky
	if !factor.Factorize(p.Left.Covariance()) {
		return Noisy{}, fmt.Errorf("planar: %w", gmm.ErrIllConditioned)
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	d, _ := a.Dims()
	axes := mat.NewDense(d, 2, nil)
	for i, k := range m.basis {
		var mean mat.VecDense
		if err := mean.SolveVec(&lower, p.Left.Means().RowView(k)); err != nil {
			return Noisy{}, fmt.Errorf("planar: %w", gmm.ErrIllConditioned)
		}
		if i == 1 {
			mean.AddScaledVec(&mean, -mat.Dot(&mean, axes.ColView(0)), axes.ColView(0))
		}
		mean.ScaleVec(1/mat.Norm(&mean, 2), &mean)
		axes.SetCol(i, mean.RawVector().Data)
	}
	var whitened, within, back, rest mat.Dense
	whitened.Mul(lower.T(), a)
	within.Mul(axes.T(), &whitened)
	var of mat.SVD
	if !of.Factorize(&within, mat.SVDThin) {
		return Noisy{}, fmt.Errorf("planar: %w", gmm.ErrIllConditioned)
	}
	sizes := of.Values(nil)
	if sizes[0] == 0 {
		return Noisy{}, nil
	}
	var u, v mat.Dense
	of.UTo(&u)
	of.VTo(&v)
	back.Mul(axes, &within)
	rest.Sub(&whitened, &back) // off S_F
	var along, shared mat.Dense
	along.Mul(&rest, &v)
	shared.Mul(&along, v.T())
	rest.Sub(&rest, &shared) // across the rows of A₀
	var noise mat.SVD
	if !noise.Factorize(&rest, mat.SVDNone) {
		return Noisy{}, fmt.Errorf("planar: %w", gmm.ErrIllConditioned)
	}
	const thinnest = 1. / 1024
	axis := math.Atan2(u.At(1, 0), u.At(0, 0))
	return Noisy{Shape{axis, math.Min(1, math.Max(thinnest, sizes[1]/sizes[0]))}, noise.Values(nil)[0] / sizes[0]}, nil
}
