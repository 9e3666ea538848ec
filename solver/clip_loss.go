package solver

import (
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ClipLoss returns the CLIP loss of the representations A_V, d_V×r, and A_T, d_T×r,
// and an estimate of its error:
//
//	L = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),   M = A_V A_Tᵀ,
//
// x visual and y text (type clip). With u_k = A_Vᵀμ_{V,k}, v_k = A_Tᵀμ_{T,k},
// S = A_VᵀΣ_VA_V and T = A_TᵀΣ_TA_T it equals
//
//	−2 Σ w_k u_kᵀ(v_k − v̄) + tr ST + ½ Σ w_k (u_kᵀTu_k + v_kᵀSv_k)
//	+ E_z log Σ_k w_k exp(zᵀ(v_k − v̄)) + E_y log Σ_k w_k exp(yᵀ(u_k − ū)),
//
// z ∼ Σ w_j N(u_j, S) and y ∼ Σ w_j N(v_j, T). It panics if the matrices do not
// have these shapes.
func ClipLoss(p gmm.Pairs, visual, text *mat.Dense) (value, err float64, failure error) {
	_, r := visual.Dims()
	if _, columns := text.Dims(); columns != r {
		panic(fmt.Sprintf("solver: representations of %d and %d columns do not go together", r, columns))
	}
	if err := p.WantCertain(); err != nil {
		return math.NaN(), math.Inf(1), err
	}
	weights := p.Weights()
	u, v := seenThrough(p.Left, visual), seenThrough(p.Right, text)
	value = inner(u.covariance, v.covariance)
	size := 2 + math.Abs(value) // logarithms near 0 are off by the rounding of their arguments
	around := centredColumns(weights, v.means)
	for k, w := range weights {
		x, y := u.means.ColView(k), v.means.ColView(k)
		pull := 2 * w * mat.Dot(x, around.ColView(k))
		spread := w * (mat.Inner(x, v.covariance, x) + mat.Inner(y, u.covariance, y)) / 2
		value += spread - pull
		size += spread + math.Abs(pull)
	}
	for _, side := range [][2]seenMixture{{u, v}, {v, u}} {
		logs, off, failure := meanLogPartition(weights, p.LogWeights(), side[0], centredColumns(weights, side[1].means))
		if failure != nil {
			return math.NaN(), math.Inf(1), failure
		}
		for k, w := range weights {
			value += w * logs[k]
			size += w * math.Abs(logs[k])
		}
		err += off
	}
	d := max(p.Left.Dimension(), p.Right.Dimension())
	return value, err + float64(4*d+4*len(weights)+16)*unitRoundoff*size, nil
}

// seenMixture is a mixture seen through a representation: r×K means and r×r covariance.
type seenMixture struct{ means, covariance *mat.Dense }

func seenThrough(m *gmm.Mixture, a *mat.Dense) seenMixture {
	if d, _ := a.Dims(); d != m.Dimension() {
		panic(fmt.Sprintf("solver: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
	}
	s := seenMixture{new(mat.Dense), new(mat.Dense)}
	var half mat.Dense
	s.means.Mul(a.T(), m.Means().T())
	half.Mul(a.T(), m.Covariance())
	s.covariance.Mul(&half, a)
	return s
}

// meanLogPartition returns E_z log Σ_k w_k exp(zᵀy_k) for z ∼ N(u_j, S), one number a
// component j, and an estimate of the error of each.
func meanLogPartition(weights, logWeights []float64, anchors seenMixture, partners *mat.Dense) (logs []float64, err float64, failure error) {
	root, failure := symmetricRoot(anchors.covariance)
	if failure != nil {
		return nil, 0, failure
	}
	var slopes, offsets mat.Dense
	slopes.Mul(root, partners)
	offsets.Mul(anchors.means.T(), partners)
	largest := 0.0
	for j := range logWeights {
		addTo(offsets.RawRowView(j), 1, logWeights)
		for _, o := range offsets.RawRowView(j) {
			largest = max(largest, math.Abs(o))
		}
	}
	var memory arena
	c := newContrasts(&memory, &slopes, &offsets, lossTolerance)
	logs, err, failure = c.meanLogPartition(weights)
	rows, _ := anchors.means.Dims()
	return logs, err + float64(2*rows+8)*unitRoundoff*largest, failure
}
