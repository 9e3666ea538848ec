package own

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// Change encloses a bound of |uᵀ(∇f(M) − ∇f(M′))v| / r for all M, M′ inside S_F with ‖M‖, ‖M′‖ ≤ √square and ‖M − M′‖ ≤ r, in the Frobenius norm of
// coordinates in which Σ̄ is I.
//
// Between them D²f[Δ, D] = E_x Cov(xᵀΔy_x, xᵀDy_x), D = sym uvᵀ, is at most √(E(xᵀΔy_x)² E(xᵀDy_x)²), where y_x is, given x and its component k, whose
// probability is p_k ≤ 1, N(μ_k + Σ_kMx, Σ_k). Lengths of t = Vᵀx and of forms being those of the metric G⁻¹, write τ_j = E_j|t|² = |b_j|² + tr G⁻¹G_j, c_k = tr G⁻¹G_k, ν² = square and
// u_j = E_j(uᵀx)². For jointly Gaussian vectors E|x|⁴ ≤ 3(E|x|²)², so E_j[(uᵀx)²|t|²] ≤ 3u_jτ_j, and
//
//	E (uᵀx vᵀy_x)² ≤ Σ_j w_j Σ_k E_j[(uᵀx)²((vᵀμ_k + vᵀΣ_kMx)² + vᵀΣ_kv)] ≤ B(u, v) = Σ_j w_j u_j Σ_k (vᵀΣ_kv + 2(vᵀμ_k)² + 6|VᵀΣ_kv|²ν²τ_j)
//	E (xᵀΔy_x)²/r² ≤ Σ_j w_j Σ_k E_j[|t|²(2|b_k|² + 2c_k²ν²|t|² + c_k)] ≤ B₀ = Σ_j w_j Σ_k (τ_j(2|b_k|² + c_k) + 6c_k²ν²τ_j²),
//
// as |vᵀΣ_kMx| = |(VᵀΣ_kv)ᵀNt| ≤ |VᵀΣ_kv| ν |t|, and the operator norm of G_k is at most c_k. The bound is √(B₀ (B(u, v) + B(v, u))/2).
func (l Law) Change(c *interval.Context, u, v Direction, square *big.Rat) interval.Interval {
	inverse := rational.Inverse(l.Metric)
	nu := c.FromRat(square)
	length := func(x []*big.Rat) interval.Interval { return c.FromRat(inverse.Form(x, x)) }
	var points, spreads, tau []interval.Interval // |b_k|², c_k, τ_k
	for k, b := range l.Means {
		points = append(points, length(b))
		spreads = append(spreads, c.FromRat(inverse.Times(l.Spreads[k]).Trace()))
		tau = append(tau, c.Add(points[k], spreads[k]))
	}
	form, one, two := c.NewSum(), c.NewSum(), c.NewSum()
	for j, w := range l.Weights {
		weight := c.FromRat(w)
		for k := range l.Weights {
			slant := c.Mul(c.FromInt(6), c.Mul(nu, c.Mul(c.Sqr(spreads[k]), c.Sqr(tau[j]))))
			form.AddMul(weight, c.Add(slant, c.Mul(tau[j], c.Add(c.Ldexp(points[k], 1), spreads[k]))))
		}
		product := func(u, v Direction) interval.Interval {
			sum := c.FromInt(0)
			for k := range l.Weights {
				slant := c.Mul(c.FromInt(6), c.Mul(nu, c.Mul(length(v.Cross[k]), tau[j])))
				level := c.Add(c.FromRat(v.Variance[k]), c.Ldexp(c.Sqr(c.FromRat(v.Mean[k])), 1))
				sum = c.Add(sum, c.Add(level, slant))
			}
			return c.Mul(sum, c.Add(c.Sqr(c.FromRat(u.Mean[j])), c.FromRat(u.Variance[j])))
		}
		one.AddMul(weight, product(u, v))
		two.AddMul(weight, product(v, u))
	}
	return c.Sqrt(c.Mul(form.Interval(), c.Ldexp(c.Add(one.Interval(), two.Interval()), -1)))
}
