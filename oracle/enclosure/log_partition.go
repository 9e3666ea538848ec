package enclosure

import (
	"math"
	"slices"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// LogPartition is the term E_x log E_y exp(xᵀMy) − E_pairs xᵀMy of a loss beside M, anchors×partners: x is an anchor, of
// means μ_k, and y a partner, of means ν_k. Its gradient
//
//	W M + (1−δ)B + Σ_j w_j E_j[ x Σ_{k≠j} p_k(x) (ν_k − ν_j)ᵀ ],   p(x) = softmax_k(log w_k + xᵀMν_k),
//
// W = I + Σ w_k μ_kμ_kᵀ, B = Σ w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ, is the definition W M + E_x[x Σ p_k ν_kᵀ] − δX − (1−δ)μ̄ν̄ᵀ,
// X = Σ w_k μ_kν_kᵀ, with p_j = 1 − Σ_{k≠j} p_k inserted. The InfoNCE loss is the term of equal sides, with the
// symmetric part of the gradient.
type LogPartition struct {
	anchors, partners *whitened.Mixture
	m                 *mat.Dense
	delta             float64
	seed              func() uint64 // of random points
	length, reach     []float64     // ℓ_j = |μ_j|_* of the anchors, ρ_j = max_k |ν_k − ν_j|_* of the partners
	linear            *mat.VecDense // c of logits that have c·ν_k, too; nil of others
}

// NewLogPartition returns the term of two sides, which may be the same. The seed is that of random points.
func NewLogPartition(anchors, partners *whitened.Mixture, m *mat.Dense, delta float64, seed func() uint64) LogPartition {
	l := LogPartition{anchors: anchors, partners: partners, m: m, delta: delta, seed: seed, length: anchors.Lengths(anchors.Means)}
	for _, row := range partners.Between() {
		l.reach = append(l.reach, slices.Max(row))
	}
	return l
}

// Scale is the size of the gradient's terms, Σ_j w_j ρ_j (ℓ_j + 1).
func (l LogPartition) Scale() float64 {
	var sum float64
	for j, w := range l.anchors.Weights {
		sum += w * l.reach[j] * (l.length[j] + 1)
	}
	return sum
}

// Steepest bounds ‖D²f[V]‖_d, which is at most √(D²f[V,V]) times the supremum of √(D²f[U,U]) over Σ½(w_i + v_j)U_ij² = 1. By
// D²f[U,U] = ⟨U, WU⟩ + E Var_p(xᵀUν_k), where xᵀU(ν_k − ν_j) ≤ |V^¼Uᵀx|ρ and E|V^¼Uᵀx|² = Σ w_i √v_j U_ij², with ρ = max ρ_j
// either is at most (1 + ρ² max √v) times Σ w_i U_ij², which is max w ‖V‖_F² at most and 2 at most.
func (l LogPartition) Steepest() float64 {
	contrast := slices.Max(l.reach)
	return math.Sqrt(2*slices.Max(l.anchors.W)) * (1 + contrast*contrast*math.Sqrt(slices.Max(l.partners.W)))
}

// Bounded averages the softmax by a trapezoidal rule.
func (l LogPartition) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	g, s, p, tp, err := l.averages(tolerance, work)
	if err != nil {
		return Gradient{}, err
	}
	return l.gradient(g, s, p, tp), nil
}

// averages are those of the softmax, as softmax.average returns them, with the rule.
func (l LogPartition) averages(tolerance float64, work *Budget) (g grid, s softmax, p *mat.Dense, tp []*mat.Dense, err error) {
	widest, longest := slices.Max(l.reach), max(1, slices.Max(l.length))
	s = l.softmax(tolerance / (100 * (1 + widest) * (2 + longest)))
	g, p, tp, err = s.average(l.integrand(s), tolerance, work)
	return g, s, p, tp, err
}

func (l LogPartition) gradient(g grid, s softmax, p *mat.Dense, tp []*mat.Dense) Gradient {
	off := g.bound + l.droppedError(s) + l.roundingError(s, g) + l.constantError() + l.inputError()
	return Gradient{Matrix: l.assemble(s.directions, p, tp), Err: off, Rule: g.String()}
}

func (l LogPartition) integrand(s softmax) integrand {
	return integrand{weight: l.anchors.Weights, length: l.length, reach: l.reach, ranges: s.ranges}
}

// assemble builds the gradient from p[j][k] = E_j p_k and tp[j][i][k] = E_j t_i p_k, k ≠ j.
func (l LogPartition) assemble(directions, p *mat.Dense, tp []*mat.Dense) *mat.Dense {
	out := new(mat.Dense)
	out.Mul(l.anchors.SecondMoment(), l.m)
	centred, partners := l.anchors.Centred(), l.partners.Centred()
	columns, k := partners.Dims()
	for j, w := range l.anchors.Weights {
		contrasts := mat.NewDense(columns, k, nil) // ν_k − ν_j
		contrasts.Apply(func(i, _ int, x float64) float64 { return x - l.partners.Means.At(i, j) }, l.partners.Means)
		var pull mat.VecDense // Σ_k E_j p_k (ν_k − ν_j)
		pull.MulVec(contrasts, p.RowView(j))
		out.RankOne(out, w, l.anchors.Means.ColView(j), &pull)
		dense.AddOuter(out, w*(1-l.delta), centred, partners, j)
		if directions != nil {
			var shifts, along mat.Dense // Σ_k E_j Rt p_k (ν_k − ν_j)ᵀ
			shifts.Mul(tp[j], contrasts.T())
			along.Mul(directions, &shifts)
			along.Scale(w, &along)
			out.Add(out, &along)
		}
	}
	return out
}
