package solver

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// spectral is the spectral contrastive loss as a function of an m_V×m_T matrix M
// = A_V A_Tᵀ, in whitened coordinates of each side:
//
//	L(M)      = −2 E_{(x,y)∼pairs}[ xᵀMy ] + E_{x,y independent}[ (xᵀMy)² ]
//	          = −2⟨M, X⟩ + tr(Mᵀ S_V M S_T),   S = E[xxᵀ] = I + Σ_k w_k μ_kμ_kᵀ
//	∇L(M)     = 2 (S_V M S_T − X)
//	D²L(M)[V] = 2 S_V V S_T
//	M*        = S_V⁻¹ X S_T⁻¹
//
// with X = E[xyᵀ] = Σ_k w_k μ_{V,k} ν_kᵀ, ν_k being the mean of the partners of
// component k (HaoChen, Wei, Gaidon and Ma, NeurIPS 2021, for the loss). In one
// modality both sides are the same, ν_k = δμ_k + (1−δ)μ̄, X = T_δ, and M is symmetric.
type spectral struct {
	weights      []float64
	visual, text *spectralSide
	partners     *mat.Dense // m_T×K, ν_k
}

// spectralSide is one modality, in whitened coordinates turned so that S is diagonal.
type spectralSide struct {
	whitened gmm.Whitened
	rotation *mat.Dense // m×m
	means    *mat.Dense // m×K
	second   []float64  // m, the diagonal of S; off it there is only rounding
}

func newSpectralSide(weights []float64, w gmm.Whitened) (*spectralSide, error) {
	if err := checkScale(w.Means); err != nil {
		return nil, err
	}
	_, rotation := eigen(gmm.RawScatter(weights, w.Means))
	side := &spectralSide{whitened: w, rotation: rotation, means: new(mat.Dense)}
	side.means.Mul(rotation.T(), w.Means)
	m, k := side.means.Dims()
	for i := range m {
		s := 1.0
		for j := range k {
			s += weights[j] * side.means.At(i, j) * side.means.At(i, j)
		}
		side.second = append(side.second, s)
	}
	return side, nil
}

// newSpectral states the loss of one modality; p gives the weights and δ.
func newSpectral(p gmm.Pairs, w gmm.Whitened) (*spectral, error) {
	side, err := newSpectralSide(p.Weights(), w)
	if err != nil {
		return nil, err
	}
	f := &spectral{weights: p.Weights(), visual: side, text: side, partners: new(mat.Dense)}
	mean := gmm.Mean(f.weights, side.means)
	f.partners.Apply(func(i, _ int, x float64) float64 { return p.Delta()*x + (1-p.Delta())*mean.AtVec(i) }, side.means)
	return f, nil
}

// newCrossSpectral states the loss of two modalities.
func newCrossSpectral(p gmm.Pairs, visual, text gmm.Whitened) (*spectral, error) {
	f := &spectral{weights: p.Weights()}
	var err error
	if f.visual, err = newSpectralSide(f.weights, visual); err != nil {
		return nil, err
	}
	if f.text, err = newSpectralSide(f.weights, text); err != nil {
		return nil, err
	}
	f.partners = f.text.means
	return f, nil
}

// times returns S·M.
func (s *spectralSide) times(weights []float64, m mat.Matrix) *mat.Dense {
	var pulled mat.Dense
	pulled.Mul(s.means.T(), m) // K×r
	pulled.Apply(func(k, _ int, x float64) float64 { return weights[k] * x }, &pulled)
	out := new(mat.Dense)
	out.Mul(s.means, &pulled)
	out.Add(out, m)
	return out
}

// between returns S_V M S_T.
func (f *spectral) between(m *mat.Dense) *mat.Dense {
	left := f.visual.times(f.weights, m)
	return mat.DenseCopyOf(f.text.times(f.weights, left.T()).T())
}

// target returns X.
func (f *spectral) target() *mat.Dense { return gmm.CrossMoment(f.weights, f.visual.means, f.partners) }

func (f *spectral) gradient(m *mat.Dense) *mat.Dense {
	g := f.between(m)
	g.Sub(g, f.target())
	g.Scale(2, g)
	return g
}

func (f *spectral) curvature(v *mat.Dense) *mat.Dense {
	out := f.between(v)
	out.Scale(2, out)
	return out
}

// loss returns L(M) and a bound of its rounding error.
func (f *spectral) loss(m *mat.Dense) (value, err float64) {
	x, square := f.target(), f.between(m)
	linear, quadratic := 2*inner(m, x), inner(m, square)
	sizes, gains := f.magnitudes(m)
	var size float64
	for i := range f.visual.second {
		for j := range f.text.second {
			size += math.Abs(m.At(i, j)) * (sizes.At(i, j) + 2*gains.At(i, j))
		}
	}
	return quadratic - linear, f.operations() * unitRoundoff * size
}

// closed returns S_V⁻¹XS_T⁻¹. Division by the diagonals of S leaves what
// rounding put off them; two steps of refinement take that away.
func (f *spectral) closed() *mat.Dense {
	m := mat.NewDense(len(f.visual.second), len(f.text.second), nil)
	const refinements = 2
	for range 1 + refinements {
		addScaled(m, -0.5, f.scaled(f.gradient(m), 1))
	}
	return m
}

// scaled returns the entries G_ij/(s_i s_j)^power.
func (f *spectral) scaled(g *mat.Dense, power float64) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(i, j int, x float64) float64 {
		return x / math.Pow(f.visual.second[i]*f.text.second[j], power)
	}, g)
	return out
}

// norm is ‖∇L‖ with half the weights of the Hessian: ½‖S_V^{−½} ∇L S_T^{−½}‖_F =
// ‖S_V^{½}(M − M*)S_T^{½}‖_F ≥ ‖M − M*‖_F, as S ⪰ I.
func (f *spectral) norm(gradient *mat.Dense) float64 { return mat.Norm(f.scaled(gradient, 0.5), 2) / 2 }

// distance returns ‖∇L(M)‖ as norm measures it, and the bound of ‖M − M*‖_F:
// that norm with the errors of its own rounding and of the whitened means. The
// relative error e of the longest mean moves S_V^{−½}S_VS_V^{−½} by at most 2e·longest·Σ√w_k,
// as |S^{−½}μ_k| ≤ 1/√w_k, and ‖S_V^{½}M*S_T^{½}‖_F ≤ √min(m_V, m_T, K).
func (f *spectral) distance(m *mat.Dense) (gradientNorm, bound float64) {
	gradientNorm = f.norm(f.gradient(m))
	sizes, gains := f.magnitudes(m)
	sizes.Add(sizes, gains)
	rounding := f.operations() * unitRoundoff * mat.Norm(f.scaled(sizes, 0.5), 2)
	var roots, moved float64
	for _, w := range f.weights {
		roots += math.Sqrt(w)
	}
	for _, side := range []*spectralSide{f.visual, f.text} {
		moved += 2 * (side.whitened.Error + 8*float64(len(side.second))*unitRoundoff) * longestColumn(side.means) * roots
	}
	largest := math.Sqrt(float64(min(len(f.visual.second), len(f.text.second), len(f.weights))))
	input := 2 * moved * (1 + largest)
	return gradientNorm, gradientNorm + rounding + input + f.operations()*unitRoundoff*mat.Norm(m, 2)
}

// magnitudes returns |S_V||M||S_T| and Σ w_k|μ_k||ν_k|ᵀ: what the rounding of the
// gradient is relative to.
func (f *spectral) magnitudes(m *mat.Dense) (sizes, gains *mat.Dense) {
	absolute := func(a *mat.Dense) *mat.Dense {
		out := new(mat.Dense)
		out.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, a)
		return out
	}
	positive := &spectral{weights: f.weights, visual: &spectralSide{means: absolute(f.visual.means)},
		text: &spectralSide{means: absolute(f.text.means)}, partners: absolute(f.partners)}
	return positive.between(absolute(m)), positive.target()
}

// operations is a generous count of the roundings that one entry of the gradient sees.
func (f *spectral) operations() float64 {
	return float64(4*(len(f.visual.second)+len(f.text.second)+len(f.weights)) + 32)
}

func longestColumn(a *mat.Dense) float64 {
	_, columns := a.Dims()
	var longest float64
	for j := range columns {
		longest = max(longest, mat.Norm(a.ColView(j), 2))
	}
	return longest
}
