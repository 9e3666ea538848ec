package gmm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Σ⁻¹U keeps double-double precision entry by entry, whatever units the
// coordinates have.
func TestPrecisionInMixedUnits(t *testing.T) {
	const worst = 0x1p-80
	rng := rand.New(rand.NewPCG(1, 9))
	for _, spread := range []float64{0, 4, 8, 12} {
		for range 50 {
			const d, k = 3, 2
			root, means := mat.NewDense(d, d, nil), mat.NewDense(k, d, nil)
			for i := range d {
				unit := math.Pow(10, spread*float64(i)/(d-1))
				for j := range i {
					root.Set(i, j, 0.5*unit*rng.NormFloat64())
				}
				root.Set(i, i, unit)
				for j := range k {
					means.Set(j, i, unit*rng.NormFloat64())
				}
			}
			var covariance mat.SymDense
			covariance.SymOuterK(1, root)
			m, err := New([]float64{1, 2}, means, &covariance)
			if err != nil {
				t.Fatal(err)
			}
			want := doubled(exactSolve(m.exact.Covariance, m.exact.Means))
			for j, row := range m.Gram().Precision {
				for i, x := range row {
					if off := math.Abs(x.Sub(want[j][i]).Float64()); off > worst*math.Abs(want[j][i].Hi) {
						t.Errorf("units up to 1e%g: entry %d of Σ⁻¹μ_%d is off by %.2g of its size", spread, i, j, off/math.Abs(want[j][i].Hi))
					}
				}
			}
		}
	}
}
