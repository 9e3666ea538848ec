package closed

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// donskerVaradhan is, of one modality whose components share a covariance,
//
//	f(M) = −⟨M, X⟩ + log E_{x,y independent} e^{xᵀMy},   X = E[xx̂ᵀ],
//
// finite where ‖M‖ < 1. In the eigenvectors of M = diag(m), with g = 1/(1 − m²) and h = mg coordinate by coordinate, weighing x ∼ N(μ_j, I) and
// y ∼ N(μ_k, I) by e^{xᵀMy} gives Gaussians of means a = gμ_j + hμ_k and b = hμ_j + gμ_k, covariances g and, of x with y, h, and the mass
//
//	log π_jk  = log w_j w_k − ½Σ log(1 − m²) + ½Σ mh(μ_j² + μ_k²) + Σ h μ_j μ_k
//	f(M)      = −⟨M, X⟩ + log Σ π_jk
//	∇f(M)     = E_π[abᵀ] + diag(h) − X
//	D²f(M)[V] = E_π[aaᵀ]Vg + E_π[abᵀ]Vh + hV E_π[abᵀ] + gV E_π[bbᵀ] + gVg + hVh + Cov_π(abᵀ, aᵀVb),
//
// E_π being the mean over the pairs of components by their masses, which are symmetric. It is 1-strongly convex in the Frobenius norm: of the
// variance of xᵀVy under a Gaussian gVg + hVh alone has Σ V_ij²(1 + m_i m_j)/((1 − m_i²)(1 − m_j²)) ≥ ‖V‖².
type donskerVaradhan struct {
	Law
	target *mat.Dense // X
	logs   []float64  // log w
}

// DonskerVaradhan is the function whose negatives are those of the bound of Donsker and Varadhan.
func DonskerVaradhan(l Law, logWeights []float64) Function {
	target := gmm.CrossMoment(l.Weights, l.Left.Means, l.partners())
	if l.Left.Roots != nil {
		return &ownDonskerVaradhan{l, target, logWeights}
	}
	return &donskerVaradhan{l, target, logWeights}
}

func (f *donskerVaradhan) Traits() Traits {
	m, k := f.Left.Means.Dims()
	metric := Flat(m)
	metric.Modulus = 1
	return Traits{Metric: metric, Pull: 1,
		Relative: float64(16*m+4*k+64)*unitRoundoff + f.Left.Error}
}

// Contains tells whether ‖M‖ < 1.
func (f *donskerVaradhan) Contains(m *mat.Dense) bool {
	values, _ := dense.Eigen(m)
	return max(-values[0], values[len(values)-1]) < 1
}

// tilted is the law of x and y weighed by e^{xᵀMy}, in the eigenvectors of M.
type tilted struct {
	of     *donskerVaradhan
	m      *mat.Dense
	turn   *mat.Dense // the eigenvectors
	means  *mat.Dense // m×K, μ_k in them
	g, h   []float64
	masses *mat.Dense // K×K, π, of sum 1
	log    float64    // log Σ π as it was
	widest float64    // the largest size of an exponent, and of 1/(1 − |m|)
	ab, aa *mat.Dense // E_π[abᵀ], and E_π[aaᵀ] = E_π[bbᵀ]
}

func (f *donskerVaradhan) At(m *mat.Dense) (Point, error) {
	values, turn := dense.Eigen(m)
	if size := max(-values[0], values[len(values)-1]); !(size < 1) {
		return nil, fmt.Errorf("%w: E exp(xᵀMy) is infinite at ‖M‖ = %.6g ≥ 1", descent.ErrSteep, size)
	}
	t := &tilted{of: f, m: m, turn: turn, means: dense.Times(turn.T(), f.Left.Means)}
	var logs float64
	for _, x := range values {
		rest := (1 - x) * (1 + x)
		logs -= math.Log(rest) / 2
		t.g, t.h = append(t.g, 1/rest), append(t.h, x/rest)
		t.widest = max(t.widest, 1/rest)
	}
	exponents := exponentsOf(t.means, f.logs, func(i int) (ofSquares, ofProduct float64) { return values[i] * t.h[i] / 2, t.h[i] })
	flat := exponents.RawMatrix().Data
	t.widest = max(t.widest, floats.Norm(flat, math.Inf(1)))
	log := floats.LogSumExp(flat)
	for i, x := range flat {
		flat[i] = math.Exp(x - log)
	}
	t.masses, t.log = exponents, logs+log
	t.ab, t.aa = t.products(t.masses)
	return t, nil
}

// exponentsOf returns log w_j w_k + Σ_i (s_i(u_ij² + u_ik²) + p_i u_ij u_ik), K×K, of the columns u.
func exponentsOf(u *mat.Dense, logs []float64, factors func(i int) (ofSquares, ofProduct float64)) *mat.Dense {
	rows, k := u.Dims()
	out := mat.NewDense(k, k, nil)
	for i := range rows {
		squares, product := factors(i)
		row := u.RawRowView(i)
		for j, x := range row {
			for l, y := range row {
				out.Set(j, l, out.At(j, l)+squares*(x*x+y*y)+product*x*y)
			}
		}
	}
	for j, x := range logs {
		for l, y := range logs {
			out.Set(j, l, out.At(j, l)+x+y)
		}
	}
	return out
}

// products returns Σ π_jk abᵀ and Σ π_jk aaᵀ of symmetric masses, of which Σ π μ_jμ_jᵀ and Σ π μ_jμ_kᵀ tell all.
func (t *tilted) products(masses *mat.Dense) (ab, aa *mat.Dense) {
	k, _ := masses.Dims()
	sums := make([]float64, k)
	for j := range sums {
		sums[j] = floats.Sum(masses.RawRowView(j))
	}
	own := dense.Times(dense.WeightedColumns(t.means, sums), t.means.T())
	cross := dense.Times(dense.Times(t.means, masses), t.means.T())
	ab, aa = new(mat.Dense), new(mat.Dense)
	ab.Apply(func(i, j int, x float64) float64 {
		return (t.g[i]*t.h[j]+t.h[i]*t.g[j])*x + (t.g[i]*t.g[j]+t.h[i]*t.h[j])*cross.At(i, j)
	}, own)
	aa.Apply(func(i, j int, x float64) float64 {
		return (t.g[i]*t.g[j]+t.h[i]*t.h[j])*x + (t.g[i]*t.h[j]+t.h[i]*t.g[j])*cross.At(i, j)
	}, own)
	return ab, aa
}

// back returns a matrix of the eigenvectors' coordinates in the others.
func (t *tilted) back(a *mat.Dense) *mat.Dense {
	return dense.Times(dense.Times(t.turn, a), t.turn.T())
}

func (t *tilted) Gradient() *mat.Dense {
	out := mat.DenseCopyOf(t.ab)
	for i, h := range t.h {
		out.Set(i, i, out.At(i, i)+h)
	}
	out = t.back(out)
	out.Sub(out, t.of.target)
	return out
}

func (t *tilted) Modulus() float64 { return 1 }

func (t *tilted) Value() (value, size float64) {
	pull := dense.Inner(t.m, t.of.target)
	return t.log - pull, 1 + math.Abs(t.log) + math.Abs(pull) + t.widest
}

// Errors knows of exponents, and of 1/(1 − m²) near the border, that they magnify relative errors by their size.
func (t *tilted) Errors() (err, moved float64) {
	return 0, (1 + t.widest) * (dense.Norm(t.aa) + floats.Norm(t.h, 2) + dense.Norm(t.of.target))
}

// Apply writes D²f(M)[V] for a symmetric V.
func (t *tilted) Apply(into, v *mat.Dense) {
	v = dense.Times(dense.Times(t.turn.T(), v), t.turn)
	// aᵀVb = q_j + q_k + c_jk with q = μᵀ gVh μ and c = μ_jᵀ(gVg + hVh)μ_k.
	mixed, even := new(mat.Dense), new(mat.Dense)
	mixed.Apply(func(i, j int, x float64) float64 { return (t.g[i]*t.h[j] + t.h[i]*t.g[j]) / 2 * x }, v)
	even.Apply(func(i, j int, x float64) float64 { return (t.g[i]*t.g[j] + t.h[i]*t.h[j]) * x }, v)
	scores := dense.Times(dense.Times(t.means.T(), even), t.means)
	image := dense.Times(mixed, t.means)
	k, _ := scores.Dims()
	own := make([]float64, k)
	for j := range own {
		own[j] = mat.Dot(t.means.ColView(j), image.ColView(j))
	}
	scores.Apply(func(j, l int, x float64) float64 { return x + own[j] + own[l] }, scores)
	mean := dense.Inner(t.masses, scores)
	scores.Apply(func(j, l int, x float64) float64 { return t.masses.At(j, l) * (x - mean) }, scores)
	out, _ := t.products(scores)
	out.Add(out, even)
	for _, part := range []struct {
		of   *mat.Dense
		with []float64
	}{{t.aa, t.g}, {t.ab, t.h}} {
		half := dense.WeightedColumns(dense.Times(part.of, v), part.with)
		out.Add(out, half)
		out.Add(out, half.T())
	}
	into.Copy(t.back(out))
}

// DonskerVaradhanOf is the function at M = 1 of a side in r dimensions, +Inf where E exp(uᵀv) is, and the size of its terms. In the eigenvectors of
// the covariance x ∼ N(a, s) and y ∼ N(b, s) have
//
//	E e^{xy} = (1 − s²)^{−½} exp((ab + ½s(a² + b²))/(1 − s²)).
func DonskerVaradhanOf(weights, logWeights []float64, delta float64, side Seen) (value, size float64) {
	if side.Own != nil {
		return ownDonskerVaradhanOf(weights, logWeights, delta, side)
	}
	spectrum, turn := dense.Eigen(side.Covariance)
	if !(spectrum[len(spectrum)-1] < 1) {
		return math.Inf(1), 1
	}
	u := dense.Times(turn.T(), side.Means)
	exponents := exponentsOf(u, logWeights, func(i int) (ofSquares, ofProduct float64) {
		s := max(0, spectrum[i])
		return s / (2 * (1 - s) * (1 + s)), 1 / ((1 - s) * (1 + s))
	}).RawMatrix().Data
	value, size = floats.LogSumExp(exponents), 1+floats.Norm(exponents, math.Inf(1))
	for _, s := range spectrum {
		value -= math.Log1p(-s*s) / 2
		size += 1 / (1 - s)
	}
	pull := mat.Trace(gmm.CrossMoment(weights, u, Law{Weights: weights, Delta: delta, Right: Side{Means: u}}.partners()))
	return value - pull, size + math.Abs(pull)
}
