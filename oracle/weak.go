package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// WeakDelta returns the bound δ₀ > 0 of the corrected equality theorem: a centred
// mixture, not all of whose means coincide, has Col(A*) = S_F for all
// 0 < δ < δ₀, r ≥ s. Whitened, on S = range B,
//
//	δ₀ = 8 λ_min(N) / (D³ ‖N‖²_op m₃),   N = (I+B)⁻¹B(I+B)⁻¹,   D = max ‖μ_k − μ_l‖,
//	m₃ = (E‖x‖⁴)^¾,   E‖x‖⁴ = Σ w_k[(‖μ_k‖² + s)² + 2s + 4‖μ_k‖²].
//
// Proof: ∇f(0) = −δB and D²f(0)[V] = (I+B)V(I+B), so δN solves the linearised
// problem; the third derivative of log-sum-exp is a third cumulant, whence
// ‖∇f(δN)‖ ≤ ⅛δ²D³‖N‖²m₃, and strong convexity gives λ_min(M_u) ≥ δλ_min(N) − ‖∇f(δN)‖.
//
// It is computed in float64 and lowered by one part in 10⁶, more than rounding
// moves it unless B is singular to six digits. The mixture must be exactly
// centred and have distinct means; else an error.
func WeakDelta(m *gmm.Mixture) (float64, error) {
	if err := m.WantShared(); err != nil {
		return 0, err
	}
	for i, x := range m.Exact().Mean() {
		if x.Sign() != 0 {
			return 0, fmt.Errorf("oracle: δ₀ needs a centred mixture, coordinate %d has mean %s", i, gmm.FormatNumber(x))
		}
	}
	if m.Coincident() {
		return 0, fmt.Errorf("oracle: δ₀ needs distinct means")
	}
	w, err := m.WhitenFisher()
	if err != nil {
		return 0, err
	}
	weights := m.Weights()
	s, k := w.Means.Dims()
	b, _ := dense.Eigen(mat.DenseCopyOf(gmm.RawScatter(weights, w.Means)))
	least, most := math.Inf(1), 0.0
	for _, x := range b {
		n := x / ((1 + x) * (1 + x))
		least, most = math.Min(least, n), math.Max(most, n)
	}
	var diameter, fourth float64
	for j := range k {
		square := mat.Dot(w.Means.ColView(j), w.Means.ColView(j))
		fourth += weights[j] * (math.Pow(square+float64(s), 2) + 2*float64(s) + 4*square)
		for i := range j {
			var d float64
			for c := range s {
				d = math.Hypot(d, w.Means.At(c, j)-w.Means.At(c, i))
			}
			diameter = math.Max(diameter, d)
		}
	}
	bound := downward * 8 * least / (math.Pow(diameter, 3) * most * most * math.Pow(fourth, 0.75))
	if !(bound > 0) || math.IsInf(bound, 1) {
		return 0, fmt.Errorf("oracle: δ₀ of %q is beyond float64", m.Name())
	}
	return bound, nil
}

// downward lowers δ₀ by more than its rounding.
const downward = 1 - 1e-6
