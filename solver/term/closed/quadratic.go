package closed

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Quadratic is
//
//	f(M)      = −2⟨M, X⟩ + tr(Mᵀ S M T),   S = I + Σ_k w_k a_k a_kᵀ, T = I + Σ_k w_k b_k b_kᵀ, X = Σ_k w_k μ_k ν_kᵀ
//	∇f(M)     = 2 (S M T − X)
//	D²f(M)[V] = 2 S V T.
type Quadratic struct {
	Weights         []float64
	Left, Right     *mat.Dense // m×K and n×K, a_k and b_k
	Means, Partners *mat.Dense // m×K and n×K, μ_k and ν_k

	metric     Metric
	inverse    inverse
	stretch    []float64
	inputError float64 // of ∇f, by the errors of the means, beside those in relative
	relative   float64
}

// inverse solves S N T = G, in one modality its symmetric part, up to what rounding put off the diagonals.
type inverse interface{ solve(g *mat.Dense) *mat.Dense }

var _ Function = (*Quadratic)(nil)

// Traits are those of the quadratic.
func (f *Quadratic) Traits() Traits { return Traits{Metric: f.metric, Pull: 2, Relative: f.relative} }

// Contains holds of every M.
func (f *Quadratic) Contains(*mat.Dense) bool { return true }

// At evaluates f at M.
func (f *Quadratic) At(m *mat.Dense) (Point, error) { return &quadraticAt{f, m}, nil }

// times returns (I + UUᵀ diag w)M for the roots U of a side.
func (f *Quadratic) times(roots *mat.Dense, m mat.Matrix) *mat.Dense {
	out := dense.Times(roots, dense.WeightedRows(f.Weights, dense.Times(roots.T(), m)))
	out.Add(out, m)
	return out
}

// between returns S M T.
func (f *Quadratic) between(m *mat.Dense) *mat.Dense {
	left := f.times(f.Left, m)
	return mat.DenseCopyOf(f.times(f.Right, left.T()).T())
}

// Target returns X.
func (f *Quadratic) Target() *mat.Dense { return gmm.CrossMoment(f.Weights, f.Means, f.Partners) }

func (f *Quadratic) gradient(m *mat.Dense) *mat.Dense {
	g := f.between(m)
	g.Sub(g, f.Target())
	g.Scale(2, g)
	return g
}

// Minimiser returns the zero of the gradient, in one modality of its symmetric part. Two steps of refinement take away what rounding
// put off diagonals.
func (f *Quadratic) Minimiser() *mat.Dense {
	rows, columns := f.metric.Weights.Dims()
	m := mat.NewDense(rows, columns, nil)
	const refinements = 2
	for range 1 + refinements {
		dense.AddScaled(m, -0.5, f.inverse.solve(f.gradient(m)))
	}
	return m
}

// Scale returns one number a row of A_L and then, where it is another, of A_R: with A = diag(scale)A' the quadratic is nearly the distance of a
// product to a fixed matrix.
func (f *Quadratic) Scale() []float64 { return f.stretch }

// magnitudes returns |S||M||T| and Σ w_k|μ_k||ν_k|ᵀ: what the rounding of the
// gradient is relative to.
func (f *Quadratic) magnitudes(m *mat.Dense) (sizes, gains *mat.Dense) {
	positive := &Quadratic{Weights: f.Weights, Left: absolute(f.Left), Right: absolute(f.Right), Means: absolute(f.Means), Partners: absolute(f.Partners)}
	return positive.between(absolute(m)), positive.Target()
}

// quadraticAt is a quadratic at one M.
type quadraticAt struct {
	of *Quadratic
	m  *mat.Dense
}

func (e *quadraticAt) Gradient() *mat.Dense { return e.of.gradient(e.m) }

func (e *quadraticAt) Modulus() float64 { return e.of.metric.Modulus }

func (e *quadraticAt) Errors() (err, moved float64) {
	sizes, gains := e.of.magnitudes(e.m)
	sizes.Add(sizes, gains)
	var square float64
	rows, _ := sizes.Dims()
	for i := range rows {
		b := e.of.metric.Weights.RawRowView(i)
		for j, x := range sizes.RawRowView(i) {
			square += 4 * x * x / b[j]
		}
	}
	return e.of.inputError, math.Sqrt(square)
}

func (e *quadraticAt) Value() (value, size float64) {
	f := e.of
	x, square := f.Target(), f.between(e.m)
	sizes, gains := f.magnitudes(e.m)
	rows, columns := e.m.Dims()
	for i := range rows {
		for j := range columns {
			size += math.Abs(e.m.At(i, j)) * (sizes.At(i, j) + 2*gains.At(i, j))
		}
	}
	return dense.Inner(e.m, square) - 2*dense.Inner(e.m, x), size
}

// Apply writes D²f(M)[V].
func (e *quadraticAt) Apply(into, v *mat.Dense) { into.Scale(2, e.of.between(v)) }

// SpectralOf is Spectral at M = 1 of sides in r dimensions, of means r×K and covariances r×r, and the size of its terms:
//
//	−2 Σ w_k u_kᵀ(δv_k + (1−δ)v̄) + tr (S + Σ w_k u_ku_kᵀ)(T + Σ w_k v_kv_kᵀ).
func SpectralOf(weights []float64, delta float64, left, right Seen) (value, size float64) {
	return quadraticOf(weights, delta, left, right, left.second(weights))
}

// AgreementOf is Agreement at M = 1 of a side in r dimensions, and the size of its terms.
func AgreementOf(weights []float64, delta float64, side Seen) (value, size float64) {
	mean, apart := gmm.Mean(weights, side.Means), new(mat.Dense)
	apart.Apply(func(i, _ int, x float64) float64 { return math.Sqrt(1-delta) * (x - mean.AtVec(i)) }, side.Means)
	return quadraticOf(weights, delta, side, side, Seen{Means: apart, Covariance: side.Covariance}.second(weights))
}

// Seen is a mixture seen through a representation: means as columns, r×K, covariance, r×r, and those of the components where they have their own.
type Seen struct {
	Means, Covariance *mat.Dense
	Own               []*mat.Dense
}

// second is S + Σ w_k u_ku_kᵀ.
func (s Seen) second(weights []float64) *mat.Dense {
	var out mat.Dense
	out.Add(s.Covariance, gmm.RawScatter(weights, s.Means))
	return &out
}

func quadraticOf(weights []float64, delta float64, left, right Seen, one *mat.Dense) (value, size float64) {
	mean, partner := gmm.Mean(weights, right.Means), new(mat.VecDense)
	for k, w := range weights {
		u := left.Means.ColView(k)
		partner.ScaleVec(delta, right.Means.ColView(k))
		partner.AddScaledVec(partner, 1-delta, mean)
		value -= 2 * w * mat.Dot(u, partner)
		size += 2 * w * mat.Norm(u, 2) * mat.Norm(partner, 2)
	}
	other := right.second(weights)
	return value + dense.Inner(one, other), size + mat.Norm(one, 2)*mat.Norm(other, 2)
}
