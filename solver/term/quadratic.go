package term

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Quadratic is
//
//	f(M)      = −2 E_{(x,y)∼pairs}[ xᵀMy ] + E_{x,y independent}[ (xᵀMy)² ]
//	          = −2⟨M, X⟩ + tr(Mᵀ S M T),   S = E[xxᵀ] = I + Σ_k w_k μ_kμ_kᵀ, T = E[yyᵀ]
//	∇f(M)     = 2 (S M T − X)
//	D²f(M)[V] = 2 S V T
//	M*        = S⁻¹ X T⁻¹
//
// with X = E[xyᵀ] = Σ_k w_k μ_k ν_kᵀ, ν_k being the mean of the partners of
// component k, δν'_k + (1−δ)ν̄' for their own means ν'. Its metric is b_ij = 4 s_i t_j, s and t the diagonals of S and T:
//
//	‖∇f‖_d = ½‖S^{−½} ∇f T^{−½}‖_F = ‖S^{½}(M − M*)T^{½}‖_F ≥ ‖M − M*‖_F, as S, T ⪰ I.
type Quadratic struct {
	Weights     []float64
	Left, Right *mat.Dense // m×K and n×K, the means of both sides
	Partners    *mat.Dense // n×K, ν_k

	left, right []float64 // the diagonals of S and T; off them there is only rounding
	inputError  float64   // of S^{−½} ∇f T^{−½}, by the errors of the means
}

// NewQuadratic is the quadratic of a law.
func NewQuadratic(l *Law) *Quadratic {
	f := &Quadratic{Weights: l.Weights, Left: l.Left.Means, Right: l.Right.Means, Partners: new(mat.Dense),
		left: l.Left.moments(l.Weights), right: l.Right.moments(l.Weights)}
	mean := gmm.Mean(l.Weights, l.Right.Means)
	f.Partners.Apply(func(i, _ int, x float64) float64 { return l.Delta*x + (1-l.Delta)*mean.AtVec(i) }, l.Right.Means)
	// The relative error e of the longest mean moves S^{−½}SS^{−½} by at most 2e·longest·Σ√w_k,
	// as |S^{−½}μ_k| ≤ 1/√w_k, and ‖S^{½}M*T^{½}‖_F ≤ √min(m, n, K).
	var roots, moved float64
	for _, w := range l.Weights {
		roots += math.Sqrt(w)
	}
	for _, side := range []*Side{l.Left, l.Right} {
		moved += 2 * (side.Error + 8*float64(len(side.Second))*unitRoundoff) * longestColumn(side.Means) * roots
	}
	f.inputError = 2 * moved * (1 + math.Sqrt(float64(min(len(f.left), len(f.right), len(l.Weights)))))
	return f
}

// moments returns the diagonal of I + Σ_k w_k μ_kμ_kᵀ, to every digit.
func (s *Side) moments(weights []float64) []float64 {
	out := make([]float64, len(s.Second))
	for i := range out {
		out[i] = 1
		for k, x := range s.Means.RawRowView(i) {
			out[i] += weights[k] * x * x
		}
	}
	return out
}

// longestColumn returns the length of the longest column.
func longestColumn(a *mat.Dense) float64 {
	_, columns := a.Dims()
	var longest float64
	for j := range columns {
		longest = max(longest, mat.Norm(a.ColView(j), 2))
	}
	return longest
}

func (f *Quadratic) metric() descent.Metric {
	b := mat.NewDense(len(f.left), len(f.right), nil)
	b.Apply(func(i, j int, _ float64) float64 { return 4 * f.left[i] * f.right[j] }, b)
	return descent.Metric{Weights: b}
}

func (f *Quadratic) traits() traits {
	return traits{modulus: 1, pull: 2, relative: float64(4*(len(f.left)+len(f.right)+len(f.Weights))+32) * unitRoundoff}
}

func (f *Quadratic) measuredBy(func(g *mat.Dense) float64, func() *mat.Dense) {}

func (f *Quadratic) evaluation(evaluation) evaluation { return &quadraticAt{of: f} }

// times returns (I + UUᵀ diag w)M for the means U of a side.
func (f *Quadratic) times(means *mat.Dense, m mat.Matrix) *mat.Dense {
	out := dense.Times(means, dense.WeightedRows(f.Weights, dense.Times(means.T(), m)))
	out.Add(out, m)
	return out
}

// between returns S M T.
func (f *Quadratic) between(m *mat.Dense) *mat.Dense {
	left := f.times(f.Left, m)
	return mat.DenseCopyOf(f.times(f.Right, left.T()).T())
}

// Target returns X.
func (f *Quadratic) Target() *mat.Dense { return gmm.CrossMoment(f.Weights, f.Left, f.Partners) }

func (f *Quadratic) gradient(m *mat.Dense) *mat.Dense {
	g := f.between(m)
	g.Sub(g, f.Target())
	g.Scale(2, g)
	return g
}

// Minimiser returns S⁻¹XT⁻¹. Division by the diagonals leaves what
// rounding put off them; two steps of refinement take that away.
func (f *Quadratic) Minimiser() *mat.Dense {
	m := mat.NewDense(len(f.left), len(f.right), nil)
	const refinements = 2
	for range 1 + refinements {
		dense.AddScaled(m, -0.5, f.Scaled(f.gradient(m), 1))
	}
	return m
}

// Scaled returns the entries G_ij/(s_i t_j)^power.
func (f *Quadratic) Scaled(g *mat.Dense, power float64) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(i, j int, x float64) float64 { return x / math.Pow(f.left[i]*f.right[j], power) }, g)
	return out
}

// Scale returns S^{−½} and T^{−½}, one above the other: with A = S^{−½}A' the quadratic is the distance of a product to a fixed
// matrix. In one modality they are the same, and given once.
func (f *Quadratic) Scale() []float64 {
	diagonal := f.left
	if f.Left != f.Right {
		diagonal = append(slices.Clone(f.left), f.right...)
	}
	out := make([]float64, len(diagonal))
	for i, s := range diagonal {
		out[i] = 1 / math.Sqrt(s)
	}
	return out
}

// magnitudes returns |S||M||T| and Σ w_k|μ_k||ν_k|ᵀ: what the rounding of the
// gradient is relative to.
func (f *Quadratic) magnitudes(m *mat.Dense) (sizes, gains *mat.Dense) {
	absolute := func(a *mat.Dense) *mat.Dense {
		out := new(mat.Dense)
		out.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, a)
		return out
	}
	positive := &Quadratic{Weights: f.Weights, Left: absolute(f.Left), Right: absolute(f.Right), Partners: absolute(f.Partners)}
	return positive.between(absolute(m)), positive.Target()
}

// quadraticAt is a quadratic at one M.
type quadraticAt struct {
	of *Quadratic
	m  *mat.Dense
}

func (e *quadraticAt) average(_ *dense.Arena, m *mat.Dense, _ float64) (*mat.Dense, error) {
	e.m = m
	return e.of.gradient(m), nil
}

func (e *quadraticAt) accuracy() accuracy {
	sizes, gains := e.of.magnitudes(e.m)
	sizes.Add(sizes, gains)
	return accuracy{err: e.of.inputError, moved: mat.Norm(e.of.Scaled(sizes, 0.5), 2)}
}

func (e *quadraticAt) value(float64) (value, err, size float64) {
	f := e.of
	x, square := f.Target(), f.between(e.m)
	sizes, gains := f.magnitudes(e.m)
	for i := range f.left {
		for j := range f.right {
			size += math.Abs(e.m.At(i, j)) * (sizes.At(i, j) + 2*gains.At(i, j))
		}
	}
	return dense.Inner(e.m, square) - 2*dense.Inner(e.m, x), 0, size
}

// hessian is V ↦ 2 S V T.
func (e *quadraticAt) hessian(float64) (descent.Operator, error) { return e, nil }

// Apply writes D²f(M)[V].
func (e *quadraticAt) Apply(into, v *mat.Dense) { into.Scale(2, e.of.between(v)) }

func (e *quadraticAt) rule() string { return "exact" }

// QuadraticOf is the quadratic at M = 1 of sides in r dimensions, and an estimate of its rounding error:
//
//	−2 Σ w_k u_kᵀ(δv_k + (1−δ)v̄) + tr (S + Σ w_k u_ku_kᵀ)(T + Σ w_k v_kv_kᵀ).
func QuadraticOf(weights []float64, delta float64, left, right Projected) (value, err float64) {
	second := func(p Projected) *mat.Dense {
		var out mat.Dense
		out.Add(p.Covariance, gmm.RawScatter(weights, p.Means))
		return &out
	}
	mean, partner := gmm.Mean(weights, right.Means), new(mat.VecDense)
	var size float64
	for k, w := range weights {
		u := left.Means.ColView(k)
		partner.ScaleVec(delta, right.Means.ColView(k))
		partner.AddScaledVec(partner, 1-delta, mean)
		value -= 2 * w * mat.Dot(u, partner)
		size += 2 * w * mat.Norm(u, 2) * mat.Norm(partner, 2)
	}
	one, other := second(left), second(right)
	value += dense.Inner(one, other)
	size += mat.Norm(one, 2) * mat.Norm(other, 2)
	r, k := left.Means.Dims()
	return value, float64(8*(max(left.Dimension, right.Dimension)+r+k)) * unitRoundoff * size
}
