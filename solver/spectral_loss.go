package solver

import (
	"fmt"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// SpectralLoss returns the spectral contrastive loss of the representation
// x ↦ Aᵀx, A being d×r, and an estimate of its rounding error:
//
//	L(A) = −2 E_{(x,x̂)∼pairs}[ xᵀAAᵀx̂ ] + E_{x,y independent}[ (xᵀAAᵀy)² ]
//	     = −2 Σ w_k v_kᵀ(δv_k + (1−δ)v̄) + tr((Aᵀ(Σ̄ + C)A)²),   v_k = Aᵀμ_k.
//
// It panics if A does not have d rows.
func SpectralLoss(p gmm.Pairs, a *mat.Dense) (value, err float64) {
	must(p.WantOneModality())
	side := projected(p.Left, a)
	mean := gmm.Mean(p.Weights(), side.means)
	var partners mat.Dense
	partners.Apply(func(i, _ int, v float64) float64 { return p.Delta()*v + (1-p.Delta())*mean.AtVec(i) }, side.means)
	return spectralValue(p.Weights(), side, side, &partners, p.Left.Dimension())
}

// SpectralPairedLoss returns the two-modality spectral contrastive loss of the
// representations A_V, d_V×r, and A_T, d_T×r, and an estimate of its rounding error:
//
//	L = −2 Σ w_k ⟨A_Vᵀμ_{V,k}, A_Tᵀμ_{T,k}⟩ + tr(A_Vᵀ(Σ_V + C_V)A_V · A_Tᵀ(Σ_T + C_T)A_T).
//
// It panics if the matrices do not have these shapes.
func SpectralPairedLoss(p gmm.Pairs, visual, text *mat.Dense) (value, err float64) {
	must(p.WantCertain())
	left, right := projected(p.Left, visual), projected(p.Right, text)
	return spectralValue(p.Weights(), left, right, right.means, max(p.Left.Dimension(), p.Right.Dimension()))
}

// must panics where pairs are of a model that a loss is not of.
func must(err error) {
	if err != nil {
		panic("solver: " + err.Error())
	}
}

// projection is a mixture seen through a representation: r×K means and AᵀS₂A.
type projection struct{ means, second *mat.Dense }

func projected(m *gmm.Mixture, a *mat.Dense) projection {
	if d, _ := a.Dims(); d != m.Dimension() {
		panic(fmt.Sprintf("solver: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
	}
	var means, half, second mat.Dense
	means.Mul(a.T(), m.Means().T())
	half.Mul(a.T(), m.Covariance())
	second.Mul(&half, a)
	second.Add(&second, gmm.RawScatter(m.Weights(), &means))
	return projection{&means, &second}
}

func spectralValue(weights []float64, visual, text projection, partners *mat.Dense, d int) (value, err float64) {
	var size float64
	for k, w := range weights {
		value -= 2 * w * mat.Dot(visual.means.ColView(k), partners.ColView(k))
		size += 2 * w * mat.Norm(visual.means.ColView(k), 2) * mat.Norm(partners.ColView(k), 2)
	}
	value += inner(visual.second, text.second)
	size += mat.Norm(visual.second, 2) * mat.Norm(text.second, 2)
	r, k := visual.means.Dims()
	return value, float64(8*(d+r+k)) * unitRoundoff * size
}
