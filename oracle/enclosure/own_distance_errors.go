package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// arithmetic is what the effect of rounding, and of the errors of the view's means and covariances, on the gradient is made of: bounds of the sizes of S_k, J_k and K_k, and of what they and the
// shifts are off by. With the errors δT of T_k, and to first order,
//
//	δS = J δT Jᵀ,   δJ = −J δT K,   δK = −K δT K,   δ½log|I + MT| = ½⟨K, δT⟩;
//
// ‖K‖|δT| ≤ ¼ keeps what is of higher order below that.
type arithmetic struct {
	spread, shrink, kernel          float64
	offS, offJ, offK, offShift      float64
	largest, condition, meanOff, of float64 // ‖T_k‖ and its condition; what means and T_k are off by
}

func (d *OwnDistance) arithmetic() arithmetic {
	dim, _ := d.Means.Dims()
	n, norm, unit := float64(dim), mat.Norm(d.m, 2), float64(8*dim)*dense.Roundoff
	a := arithmetic{of: d.SpreadError}
	var longest float64
	for k, p := range d.posteriors {
		longest = max(longest, mat.Norm(d.Means.ColView(k), 2))
		a.largest = max(a.largest, mat.Norm(d.Covariances[k], 2))
		spread, shrink, kernel := mat.Norm(p.covariance, 2), mat.Norm(p.shrink, 2), mat.Norm(p.kernel, 2)
		offJ := norm*p.off + unit*(math.Sqrt(n)+spread*norm) // of I − SM
		a.offS = max(a.offS, p.off+shrink*shrink*a.of)
		a.offJ = max(a.offJ, offJ+shrink*kernel*a.of)
		a.offK = max(a.offK, norm*offJ+unit*norm*shrink+kernel*kernel*a.of) // of MJ
		a.offShift = max(a.offShift, p.offShift+math.Sqrt(n)*kernel*a.of/2)
		a.spread, a.shrink, a.kernel = max(a.spread, spread), max(a.shrink, shrink), max(a.kernel, kernel)
	}
	a.condition, a.meanOff = max(1, a.largest/d.Own.Modulus), d.MeanError*longest
	return a
}

// errorFrom bounds the error of what component j sees, but for the rule's: means over t of polynomials of degree at most 6 in |t| with coefficients ≥ 0 are at most their values at
// r = (E|t|⁶)^⅙. With |μ_j − μ_k + Kt| ≤ X, |h_k| ≤ h, sizes |g_k| ≤ g of the integrand and |φ_k| ≤ φ of the logits
//
//	|δφ| ≤ |δshift| + ½|δK_k|X² + ‖K_k‖X|δx| + γφ,   |δg_k| ≤ 2|δS| + 2h(|δJ|X + ‖J‖|δx|) + γg,   |δ Σ p_kg_k| ≤ |δg| + 2g|δφ|,
//
// δx being that of the points. K = T_jRΛ⁻ᵀ is off by T_j's error and by γ of its size, times the condition of T_j, of what logits see, RᵀK = Λ, times the root of that.
func (d *OwnDistance) errorFrom(a arithmetic, s *apart, levels int) float64 {
	dim, k := d.Means.Dims()
	gamma := float64(levels+8*dim+4*k+64) * dense.Roundoff
	exact := a.offS + 2*a.shrink*a.largest*a.offJ + a.shrink*a.shrink*a.of + gamma*(a.spread+a.shrink*a.shrink*a.largest)
	if s == nil {
		return exact
	}
	q := float64(len(s.linear[0]))
	r := math.Pow(q*(q+2)*(q+4), 1.0/6)
	b := s.bound()
	var reach, phi float64
	for i := range s.constant {
		var apart mat.VecDense
		apart.SubVec(d.Means.ColView(s.j), d.Means.ColView(i))
		reach = max(reach, mat.Norm(&apart, 2))
		terms := math.Abs(d.LogWeights[i]) + math.Abs(d.posteriors[i].shift) + a.kernel*math.Pow(mat.Norm(&apart, 2), 2)/2
		phi = max(phi, 1+terms+floats.Norm(s.linear[i], 2)*r+mat.Norm(s.quadratic[i], 2)*r*r/2)
	}
	along := mat.Norm(s.along, 2)
	x, h, g := reach+along*r, b.x0+b.x1*r, b.size(r)
	rounding := float64(16*dim) * dense.Roundoff
	root := math.Sqrt(a.condition)
	moved := a.of / math.Sqrt(d.Own.Modulus)
	seen := 2*a.meanOff + (moved+rounding*root*along)*r
	whole := 2*a.meanOff + (moved*(1+root)+rounding*a.condition*along)*r
	dphi := a.offShift + a.offK*x*x/2 + a.kernel*x*seen + gamma*phi
	dg := 2*a.offS + 2*h*(a.offJ*x+a.shrink*whole) + gamma*g
	return exact + dg + 2*g*dphi
}

// scatterError bounds that of I + (1−δ)B.
func (d *OwnDistance) scatterError(a arithmetic) float64 {
	dim, k := d.Means.Dims()
	var longest float64
	for i := range k {
		longest = max(longest, mat.Norm(d.Means.ColView(i), 2))
	}
	return 4*longest*a.meanOff + float64(8*dim+4*k+64)*dense.Roundoff*(4*longest*longest+math.Sqrt(float64(dim)))
}

// Scale is the size of the gradient's terms.
func (d *OwnDistance) Scale() float64 {
	if d.failure != nil {
		return 1
	}
	second, _ := d.Moments()
	shrink := d.largest(func(p posterior) *mat.Dense { return p.shrink })
	return math.Sqrt(float64(len(d.W))) + second + shrink*shrink*second
}

// Steepest bounds the second derivative at matrices that rounding cannot tell from M.
func (d *OwnDistance) Steepest() float64 {
	if d.failure != nil {
		return math.Inf(1)
	}
	const near = 0.01
	return d.steepAlong(dense.Identity(len(d.W)), nil, near)
}

// Lipschitz bounds ‖D²f(M′)[V]‖_F beside ‖V‖_F for V along orthonormal columns P, q of them, as M is, and M′ = M + such a matrix of Frobenius norm at most radius, which it returns too. By the
// Cauchy–Schwarz inequality of the form D²f it is at most the root of a bound of D²f[U,U] beside ‖U‖_F², U any matrix, times one of U along P.
//
// Under component j x = μ_j + K_jt + e, t ∼ N(0, I_q) telling Px, and e independent of it with the covariance N_j and J_ke = e. So x − y ∼ N(h_k + e, S_k) given x and the component k
// of y, h_k = J_k(μ_j − μ_k + K_jt), and as eᵀUe is the same for all k, with |h_k| ≤ ρ_j + κ_j|t|, s = max ‖S_k‖, σ = max ‖S_k − S_1‖_F and n = tr N_j,
//
//	4 D²f[U,U] ≤ Σ_j w_j [ 2s² + 4s(E|h|² + n) + (σ + (E|h|⁴)^½ + 2(nE|h|²)^½)² ] ‖U‖²,
//
// the variances given k and Minkowski's inequality for that of their means. Along P it is the same for Ph_k, PS_kP and n = 0. At M′ S_k and J_k are (I + S_kV)⁻¹ times what they are at M:
// no more than 1/(1 − s·radius) times as long, along P too, as Pᵀ(I + S_kV)⁻¹ = (I + PᵀS_kVP)⁻¹Pᵀ; and S_k moves by s times that part.
func (d *OwnDistance) Lipschitz(along *mat.Dense) (most, radius float64) {
	if d.failure != nil {
		return math.Inf(1), 0
	}
	const part = 0.05
	radius = part / d.longest(dense.Identity(len(d.W)))
	const margin = 1.001 // for the errors of means and covariances, which are below 1e-6, and rounding
	return margin * math.Sqrt(d.steepAlong(along, nil, part)*d.steepAlong(along, along, part)), radius
}

// longest is max ‖AᵀS_kA‖.
func (d *OwnDistance) longest(a *mat.Dense) float64 {
	var most float64
	for _, p := range d.posteriors {
		values, _ := dense.Eigen(dense.Symmetric(dense.Congruent(p.covariance, a)))
		most = max(most, values[len(values)-1])
	}
	return most
}

// steepAlong bounds D²f[U,U] beside ‖U‖_F², U along orthonormal columns, any where these are nil.
func (d *OwnDistance) steepAlong(seen, along *mat.Dense, part float64) float64 {
	_, q := seen.Dims()
	all := along == nil
	if all {
		along = dense.Identity(len(d.W))
	}
	grown := 1 / (1 - part)
	s := grown * d.longest(along)
	var sigma float64
	for _, p := range d.posteriors {
		var off mat.Dense
		off.Sub(p.covariance, d.posteriors[0].covariance)
		sigma = max(sigma, mat.Norm(dense.Congruent(&off, along), 2))
	}
	sigma += 2 * part * s
	var sum float64
	for j, w := range d.Weights {
		k, _, err := seenAlong(d.Own, seen, j)
		if err != nil {
			return math.Inf(1)
		}
		var rho, kappa, n float64
		for i, p := range d.posteriors {
			var distance, shift mat.VecDense
			var turned, slope mat.Dense
			distance.SubVec(d.Means.ColView(j), d.Means.ColView(i))
			turned.Mul(along.T(), p.shrink)
			shift.MulVec(&turned, &distance)
			slope.Mul(&turned, k)
			rho, kappa = max(rho, grown*mat.Norm(&shift, 2)), max(kappa, grown*dense.SingularValues(&slope)[0])
		}
		if all {
			n = max(0, mat.Trace(d.Covariances[j])-math.Pow(mat.Norm(k, 2), 2))
		}
		dims := float64(q)
		second, fourth := math.Pow(rho+kappa*math.Sqrt(dims), 2), math.Pow(rho+kappa*math.Pow(dims*(dims+2), 0.25), 4)
		sum += w * (2*s*s + 4*s*(second+n) + math.Pow(sigma+math.Sqrt(fourth)+2*math.Sqrt(n*second), 2))
	}
	return sum / 4
}

// Modulus is a c such that the minimiser over symmetric matrices, or those ⪰ 0, is at most gradient/c away, in Frobenius norm, where that is the norm of the gradient or of what the
// KKT conditions leave of it, and the loss at most gradient²/2c above its minimum. 0 is none.
//
// Given the component k of y, x − y ∼ N(m_k, S_k), so that the variance of (x − y)ᵀV(x − y) is at least 2‖S_k^½VS_k^½‖_F² ≥ 2λ_min(S_k)²‖V‖_F², and 1/λ_min(S_k) = λ_max(T_k⁻¹ + M) ≤
// a = 1/c + λ_max(M)⁺ at M, T_k ⪰ cI, and at most a + s‖V‖ at M + sV: D²f[V,V] = ¼E Var ≥ ½‖V‖²/(a + s‖V‖)². With r = ‖V‖/a, M + V the minimiser, and ε = a‖∇‖,
//
//	εr ≥ −⟨∇, V⟩ ≥ ½r² ∫₀¹ ds/(1 + sr)² = ½r²/(1 + r),   r ≤ 2ε/(1 − 2ε) where ε < ½,
//
// and what follows for the loss is as of Distance.
func (d *OwnDistance) Modulus(gradient float64) float64 {
	if d.failure != nil {
		return 0
	}
	dim := len(d.W)
	values, _ := dense.Eigen(d.m)
	a := roundedUp * (1/d.Own.Modulus + max(0, values[dim-1]) + float64(16*dim)*dense.Roundoff*mat.Norm(d.m, 2))
	return max(0, 1-2*a*gradient*roundedUp) / (2 * a * a * roundedUp)
}
