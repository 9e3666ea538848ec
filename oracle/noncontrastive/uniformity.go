package noncontrastive

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// ErrWeights says that a weight or a rate of a loss is not positive.
var ErrWeights = errors.New("noncontrastive: expected weights and rates > 0")

// Noise encloses what the minimiser of alignment and uniformity over all M ⪰ 0 has off S_c.
//
// Whitened, with D(a, b) = (a−b)ᵀM(a−b), X = I + 4tM and d_jk = μ_j − μ_k,
//
//	f(M) = E D(x, x̂) + λ log E e^{−tD(x,y)} = 2 tr M(I + (1−δ)B) − (λ/2) log det X + λ log Σ w_jw_k exp(−t d_jkᵀMX⁻¹d_jk),
//	∇f(M) = 2(I + (1−δ)B) − λt (2X⁻¹ + Σ ω_jk X⁻¹d_jk(X⁻¹d_jk)ᵀ),
//
// ω the terms of the last sum over their sum. Given j and k, x − y weighed with e^{−tD} is Gaussian, of mean X⁻¹d and covariance 2X⁻¹, so that D²f[V,V] = λt² Var(zᵀVz) ≥ 8λt² tr(VX⁻¹VX⁻¹), the
// second derivative of −(λ/2) log det X. f less that is convex, and with ρ the eigenvalues of X^{−½}X*X^{−½},
//
//	(λ/2) Σ (ρ_i − 1 − log ρ_i) ≤ ⟨∇f(M), M − M*⟩ ≤ |⟨∇f(M), M⟩| + (−λ_min(∇f(M)))₊ tr M*
//
// for the minimiser M*: (1 − κ)X ⪯ X* ⪯ (1 + κ)X. Col(A*) ⊆ S_c iff X* is the identity off S_c.
type Noise struct {
	// Low and High bound the eigenvalues of X* off S_c: 1 is no noise.
	Low, High float64
	// Width is κ, +Inf where the matrix is too far from the minimiser to tell.
	Width float64
	// Directions is d − dim S_c.
	Directions int
}

// JudgeUniformity encloses the noise of the minimiser by A, d×r, near it. The loss has weight λ and rate t. Errors are ErrWeights, gmm.ErrOtherModel unless there is one
// modality with a shared covariance, and of a Σ that cannot be whitened.
func JudgeUniformity(p gmm.Pairs, weight, rate float64, a *mat.Dense) (Noise, error) {
	u, err := uniformityOf(p, weight, rate)
	if err != nil {
		return Noise{}, err
	}
	product := mat.NewSymDense(p.Left.Dimension(), nil)
	product.SymOuterK(1, a)
	return u.judge(dense.Symmetric(whitened.Matrix(u.view, product, u.view))), nil
}

// uniformity is the loss in whitened coordinates.
type uniformity struct {
	view         *whitened.Mixture
	centred      *gmm.Mixture
	delta        float64
	weight, rate float64
}

func uniformityOf(p gmm.Pairs, weight, rate float64) (uniformity, error) {
	if !(weight > 0 && rate > 0) || math.IsInf(weight*rate, 1) {
		return uniformity{}, fmt.Errorf("%w, found λ = %v, t = %v", ErrWeights, weight, rate)
	}
	if err := p.WantSingle(); err != nil {
		return uniformity{}, err
	}
	centred, err := p.Left.Centre()
	if err != nil {
		return uniformity{}, err
	}
	view, err := whitened.See(centred, gmm.Plain(dense.Identity(centred.Dimension())).Left)
	return uniformity{view, centred, p.Delta(), weight, rate}, err
}

// judge looks from M in whitened coordinates.
func (u uniformity) judge(m *mat.Dense) Noise {
	n, _ := m.Dims()
	values, vectors := dense.Eigen(m)
	for i, x := range values {
		values[i] = max(0, x)
	}
	x := mat.NewDense(n, n, nil) // X
	m = mat.NewDense(n, n, nil)  // its nearest M ⪰ 0
	trace, whole := 0.0, 0.0
	for i, value := range values {
		v := vectors.ColView(i)
		m.RankOne(m, value, v, v)
		x.RankOne(x, 1+4*u.rate*value, v, v)
		trace, whole = trace+value, whole+1+4*u.rate*value
	}
	g, err := u.gradient(m, values, vectors)
	steepest, _ := dense.Eigen(g)
	along := math.Abs(dense.Inner(g, m)) + err*trace
	below := max(0, -steepest[0]) + err
	out := Noise{Width: width(2*along/u.weight, below*whole/(2*u.weight*u.rate))}
	space := subspace.Subspace{} // S_c
	if dimension := u.centred.FisherDimension(); dimension > 0 {
		space = subspace.CentredIn(u.view, dimension)
	}
	out.Directions = n - space.Dimension()
	if out.Directions == 0 {
		return out
	}
	across := dense.Identity(n)
	if space.Basis != nil {
		full, _, _ := dense.FullSVD(space.Basis)
		across = dense.Columns(full, space.Dimension(), n)
	}
	noise, _ := dense.Eigen(dense.Congruent(x, across))
	longest := 1 + 4*u.rate*values[n-1]
	slack := (4*space.Error + 64*float64(n*n)*dense.Roundoff) * longest // of a basis that is off by Error in sine, and rounding
	out.Low = (1 - out.Width) * (noise[0] - slack)
	out.High = (1 + out.Width) * (noise[len(noise)-1] + slack)
	return out
}

// width is κ with |ρ_i − 1| ≤ κ for all ρ_i that can be where Σ φ(ρ_i) ≤ a + bρ, φ(ρ) = ρ − 1 − log ρ, ρ being the largest. As φ is at least its tangent at 2, ½ρ − log 2, that ρ ≤ (a + log 2)/(½ − b). As
// φ(1 + x) ≥ x²/4 for x ≤ ¾, and ≥ x²/2 for x ≤ 0, a sum h < φ(1.75) leaves |ρ_i − 1| ≤ 2√h.
func width(a, b float64) float64 {
	const far = 0.14 // below both φ(1.75) and (¾)²/4
	if !(b < 0.25) {
		return math.Inf(1)
	}
	h := a + b*(a+math.Ln2)/(0.5-b)
	if !(h < far) {
		return math.Inf(1)
	}
	return 2 * math.Sqrt(h)
}

// gradient is ∇f at M = Σ m_i v_iv_iᵀ, and a bound of the spectral norm of its error.
//
// With Δ the longest d_jk, |y| ≤ Δ for y = X⁻¹d. The computed exponents t dᵀMy ≤ Δ²/4 are off by some rounding of Δ²‖X‖, and with them the ω. What means that are off by e change of d is
// 2e at most, of d² c = 4Δe + 4e², of B no more than c, of the exponents c/4, of the ω c of themselves.
func (u uniformity) gradient(m *mat.Dense, values []float64, vectors *mat.Dense) (g *mat.Dense, err float64) {
	n, _ := m.Dims()
	inverse := mat.NewDense(n, n, nil)
	longest := 1.0
	for i, value := range values {
		v := vectors.ColView(i)
		inverse.RankOne(inverse, 1/(1+4*u.rate*value), v, v)
		longest = max(longest, 1+4*u.rate*value)
	}
	var shares []float64
	var seen []*mat.VecDense
	same, farthest := 0.0, 0.0
	for j, w := range u.view.Weights {
		same += w * w
		for k := range j {
			d, y, image := new(mat.VecDense), new(mat.VecDense), new(mat.VecDense)
			d.SubVec(u.view.Means.ColView(j), u.view.Means.ColView(k))
			y.MulVec(inverse, d)
			image.MulVec(m, y)
			shares = append(shares, 2*w*u.view.Weights[k]*math.Exp(-u.rate*mat.Dot(d, image)))
			seen = append(seen, y)
			farthest = max(farthest, mat.Dot(d, d))
		}
	}
	sum := same
	for _, share := range shares {
		sum += share
	}
	g = dense.Identity(n)
	between := 0.0
	for k, w := range u.view.Weights {
		mean := u.view.Means.ColView(k)
		g.RankOne(g, (1-u.delta)*w, mean, mean)
		between += w * mat.Dot(mean, mean)
	}
	g.Scale(2, g)
	inverse.Scale(2*u.weight*u.rate, inverse)
	g.Sub(g, inverse)
	for i, y := range seen {
		g.RankOne(g, -u.weight*u.rate*shares[i]/sum, y, y)
	}
	pull, components := u.weight*u.rate, len(u.view.Weights)
	rounding := 64 * float64(n*n+components*components) * dense.Roundoff * (2*(1+between) + pull*(2+farthest)*(1+farthest*longest))
	off := 0.0
	for _, e := range u.view.MeansOff() {
		off = max(off, e)
	}
	moved := 4*math.Sqrt(farthest)*off + 4*off*off
	if !(moved <= 1) { // beyond which the ω are not known to half of themselves
		return dense.Symmetric(g), math.Inf(1)
	}
	return dense.Symmetric(g), rounding + moved*(2+pull*(1+farthest))
}
