package oracle

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// WeakDelta returns the bound δ₀ > 0 of the corrected equality theorem: a
// mixture, not all of whose means coincide, has Col(A*) = S_F under the InfoNCE loss for all
// 0 < δ < δ₀, r ≥ s, unless Bμ̄ = 0 ≠ μ̄, where no δ has. Whitened, on S = range C, with G = I + B and S₂ = I + C,
//
//	δ₀ = 8 λ_min(V) / (D³ ‖V‖²_op m₃),   ½(S₂VG + GVS₂) = B,   D = max ‖μ_k − μ_l‖,
//	m₃ = (E‖x‖⁴)^¾,   E‖x‖⁴ = Σ w_k[(‖μ_k‖² + s)² + 2s + 4‖μ_k‖²];
//
// of a centred mixture V = (I+B)⁻¹B(I+B)⁻¹.
//
// Proof: ∇f(0) = −δB and D²f(0)[V,V] = tr VS₂VG, so δV solves the linearised
// problem; the third derivative of log-sum-exp is a third cumulant, at most a quarter of range(xᵀVμ)² range(xᵀUμ), whence
// ‖∇f(δV)‖ ≤ ⅛δ²D³‖V‖²m₃, and strong convexity gives λ_min(M_u) ≥ δλ_min(V) − ‖∇f(δV)‖. With H = I + m̃m̃ᵀ, m̃ = G^−½μ̄, and
// Ṽ = G^½VG^½ the equation is HṼ + ṼH = 2G^−½BG^−½, so that Ṽ is singular on S iff the normal of range B in S is parallel to m̃.
//
// It is computed in float64: λ_min(V) is lowered by a bound of its error, as D²f(0) ⪰ 1 makes one of a residual, and δ₀ by one part in 10⁶ for
// the rounding of the rest. The mixture must have a shared covariance and distinct means, and not be the exception; else an error, as where λ_min(V) is no
// more than its error.
func WeakDelta(m *gmm.Mixture) (float64, error) {
	if err := m.WantShared(); err != nil {
		return 0, err
	}
	if m.Coincident() {
		return 0, fmt.Errorf("oracle: δ₀ needs distinct means")
	}
	if m.OrthogonalMean() {
		return 0, fmt.Errorf("oracle: δ₀ needs a mean that is 0 or not orthogonal to the differences of means: equality fails at every δ")
	}
	w, err := m.WhitenFisher()
	if err != nil {
		return 0, err
	}
	v, err := whitened.See(m, w.Frame)
	if err != nil {
		return 0, err
	}
	solution, off := linearised(v)
	values, _ := dense.Eigen(solution)
	least, most := values[0]-off, values[len(values)-1]+off
	var diameter, fourth float64
	for _, row := range dense.Distances(v.Means) {
		for _, distance := range row {
			diameter = math.Max(diameter, distance)
		}
	}
	s := float64(len(v.W))
	for j, length := range dense.ColumnNorms(v.Means) {
		square := length * length
		fourth += v.Weights[j] * (math.Pow(square+s, 2) + 2*s + 4*square)
	}
	bound := downward * 8 * least / (math.Pow(diameter, 3) * most * most * math.Pow(fourth, 0.75))
	if !(bound > 0) || math.IsInf(bound, 1) {
		return 0, fmt.Errorf("oracle: δ₀ of %q is beyond float64", m.Name())
	}
	return bound, nil
}

// downward lowers δ₀ by more than its rounding.
const downward = 1 - 1e-6

// linearised solves ½(S₂VG + GVS₂) = B, and bounds the error of V in norm. With RᵀGR = I and RᵀS₂R = diag d it is V = RNRᵀ, N_ij = 2(RᵀBR)_ij/(d_i + d_j). As the
// left side is at least V in norm, an error is at most the residual, with what the errors of the means and rounding make of it.
func linearised(v *whitened.Mixture) (solution *mat.Dense, off float64) {
	second, centred := v.SecondMoment(), v.Centred()
	var b, g mat.Dense
	b.Mul(dense.TimesDiagonal(centred, v.Weights), centred.T())
	n, k := v.Means.Dims()
	g.Add(&b, dense.Identity(n))
	values, vectors := dense.Eigen(mat.DenseCopyOf(&g))
	roots := make([]float64, n)
	for i, x := range values {
		roots[i] = 1 / math.Sqrt(x)
	}
	root := dense.TimesDiagonal(vectors, roots)
	d, turn := dense.Eigen(dense.Congruent(second, root))
	var r mat.Dense
	r.Mul(root, turn)
	inner := dense.Congruent(&b, &r)
	inner.Apply(func(i, j int, x float64) float64 { return 2 * x / (d[i] + d[j]) }, inner)
	solution = dense.Symmetric(dense.Congruent(inner, r.T()))

	var left, residual mat.Dense
	left.Product(second, solution, &g)
	residual.Sub(dense.Symmetric(&left), &b)
	sizes, moved := 1.0, 0.0
	lengths, errs := dense.ColumnNorms(v.Means), v.MeansOff()
	for j, weight := range v.Weights {
		sizes += weight * lengths[j] * lengths[j]
		moved += 4 * weight * lengths[j] * errs[j] // of B, of S₂ and of G: a mean moves, and μ̄ with it
	}
	moved += float64(4*(n+k)+16) * dense.Roundoff * sizes
	size := mat.Norm(solution, 2)
	second2, g2 := mat.Norm(second, 2), mat.Norm(&g, 2)
	rounding := float64(8*n+8) * dense.Roundoff * second2 * size * g2
	return solution, mat.Norm(&residual, 2) + moved + moved*size*(second2+g2+moved) + rounding
}
