package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Agreement is the term −2E[xᵀMx̂] + ½E[(xᵀMy − x̂ᵀMy)²] of a loss beside a symmetric M, (x, x̂) a positive pair of one side and y independent
// of it. With S₂ = I + C, W = I + (1−δ)B and X = E[xx̂ᵀ] = Σ w_k μ_kν_kᵀ, ν_k the mean of the partners of component k, its gradient is the
// symmetric part of 2(W M S₂ − X). Errors are in the dual norm of whitened.Mean; see errors.go for |·|_*.
type Agreement struct {
	side            *whitened.Mixture
	m               *mat.Dense
	delta           float64
	apart, partners *mat.Dense // μ_k − μ̄ and ν_k, m×K
	within, second  *mat.Dense // W and S₂
}

// NewAgreement returns the term of a side.
func NewAgreement(side *whitened.Mixture, m *mat.Dense, delta float64) *Agreement {
	t := &Agreement{side: side, m: m, delta: delta, apart: side.Centred(), partners: new(mat.Dense), second: side.SecondMoment()}
	mean := gmm.Mean(side.Weights, side.Means)
	t.partners.Apply(func(i, _ int, x float64) float64 { return delta*x + (1-delta)*mean.AtVec(i) }, side.Means)
	t.within = t.around(t.apart)
	return t
}

// around returns I + (1−δ) Σ w_k a_ka_kᵀ.
func (t *Agreement) around(a *mat.Dense) *mat.Dense {
	rows, _ := a.Dims()
	out := dense.Identity(rows)
	for k, w := range t.side.Weights {
		dense.AddOuter(out, w*(1-t.delta), a, a, k)
	}
	return out
}

// Bounded returns the gradient, whatever the tolerance.
func (t *Agreement) Bounded(float64, *Budget) (Gradient, error) {
	out := closed(t.within, t.m, t.second, -1, t.side.Weights, t.side.Means, t.partners)
	out.Scale(2, out)
	return Gradient{Matrix: dense.Symmetric(out), Err: 2 * (t.roundingError() + t.inputError()), Rule: "moments in closed form"}, nil
}

// Sampled returns the same, for any points.
func (t *Agreement) Sampled(int, float64, *Budget) Sampling {
	g, _ := t.Bounded(0, nil) // which cannot fail
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return g.Matrix }, Off: g.Err}
}

// Scale is the size of the terms of the gradient.
func (t *Agreement) Scale() float64 {
	sizes := closed(t.around(t.side.Offsets()), dense.Absolute(t.m), t.side.Magnitude(), 1, t.side.Weights, dense.Absolute(t.side.Means),
		dense.Absolute(t.partners))
	return whitened.Mean.DualNorm(t.side, sizes, t.side)
}

// Steepest bounds D²f[V] = W V S₂ + S₂ V W: of (VS₂)_ij = V_ij w_j nearly, S₂ being diagonal up to its defect, H_ij ≥ ½w_j leaves √(2w_j).
func (t *Agreement) Steepest() float64 {
	defect, moved := t.side.Defect()
	return 2 * math.Sqrt(2*slices.Max(t.side.W)) * (1 + defect + moved) * mat.Norm(t.within, 2)
}

// roundingError bounds that of ½∇L, and what rounded weights and a rounded δ change in it: γ_n sizes with n the operations that one entry sees
// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.5), doubled. What 1 − δ is off by is no part of its size.
func (t *Agreement) roundingError() float64 {
	rows, _ := t.m.Dims()
	operations := float64(4*rows + 4*len(t.side.Weights) + 16)
	var scatter float64
	image := new(mat.Dense) // S₂M(μ_k − μ̄)
	image.Mul(t.m, t.apart)
	image.Mul(t.second, image)
	ends, starts := t.side.Lengths(image), t.side.Lengths(t.apart)
	for k, w := range t.side.Weights {
		scatter += w * starts[k] * ends[k]
	}
	return 2 * dense.Roundoff * (operations*t.Scale() + scatter)
}

// inputError bounds the effect of the errors of the view's means on ½∇L: first-order terms, doubled. Mean μ_k is off by at most e_k, a vector of that length
// has |·|_* ≤ λe_k, λ = max w^−¼, and the errors of μ̄ cancel in W. With ‖·‖ Frobenius's norm the parts are
//
//	of S₂    w_k e_k (λ‖WM‖ |μ_k|_* + |WMμ_k|_* λ)
//	of W     (1−δ) w_k e_k (λ|S₂M(μ_k−μ̄)|_* + |μ_k−μ̄|_* λ‖S₂M‖)
//	of X     w_k (λe_k |ν_k|_* + |μ_k|_* λ e'_k),   e'_k = e_k + Σ w_l e_l + 8 roundings of δ
func (t *Agreement) inputError() float64 {
	side := t.side
	light, off := math.Pow(slices.Min(side.W), -0.25), side.MeansOff()
	left, right, images, other := new(mat.Dense), new(mat.Dense), new(mat.Dense), new(mat.Dense)
	left.Mul(t.within, t.m)
	right.Mul(t.second, t.m)
	images.Mul(left, side.Means)
	other.Mul(right, t.apart)
	means, partners, apart := side.Lengths(side.Means), side.Lengths(t.partners), side.Lengths(t.apart)
	ends, others := side.Lengths(images), side.Lengths(other)
	var usual, length float64
	lengths := dense.ColumnNorms(side.Means)
	for k, w := range side.Weights {
		usual += w * off[k]
		length += w * lengths[k]
	}
	var sum float64
	for k, w := range side.Weights {
		sum += w * off[k] * light * (mat.Norm(left, 2)*means[k] + ends[k])
		sum += (1 - t.delta) * w * off[k] * light * (others[k] + apart[k]*mat.Norm(right, 2))
		sum += w * light * (off[k]*partners[k] + means[k]*(off[k]+usual+8*dense.Roundoff*(lengths[k]+length)))
	}
	return 2 * sum
}
