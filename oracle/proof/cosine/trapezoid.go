package cosine

import (
	"fmt"
	"math/big"

	"contrastcheck/oracle/interval"
)

// trapezoid encloses the loss at diag(1, ε) by n nodes θ_j = 2πj/n. The angle θ of (x₁, εx₂) has, given component k, the density
//
//	p_k(θ) = e^(−a²/2)[1 + √(2π) D e^(D²/2) Φ(D)]/(2πεA),   A = cos²θ + ε⁻² sin²θ,   D = a cos θ/√A,
//
// which is even in θ, so that L = −κ E f·f̂ + ∫ p log Z with, as e^(κ cos t) = Σ_n I_n(κ)e^(int),
//
//	Z(θ) = ∫ p(φ) e^(κ cos(θ − φ)) dφ = I₀(κ) + 2 Σ_{n≥1} I_n(κ) cos nθ ∫ p(φ) cos nφ dφ.
//
// The rule's error of all coefficients of Z together is that of an integrand of at most sup |p| · Σ_n I_n(κ) e^(nb) = sup |p| · e^(κ cosh b). Where nodes are squeezed, it is ψ_j = 2πj/n with tan θ = q tan ψ, p dθ is the density of ψ, which
// is that of the angle of (x₁, (ε/q)x₂), and the strip of θ is wider.
func (x law) trapezoid(r Refutation) (interval.Interval, error) {
	s, err := x.strip(r)
	if err != nil {
		return interval.Interval{}, err
	}
	half := r.Nodes / 2
	step := x.Quo(x.Ldexp(x.Pi(), 1), x.FromInt(int64(r.Nodes)))
	at := nodes{law: x, count: r.Nodes, squeezed: r.Squeeze != nil, cos: make([]interval.Interval, half+1)}
	given := make([][]interval.Interval, len(x.means)) // of both θ_j and −θ_j, which are one at the ends
	mass := make([]interval.Interval, half+1)
	for j := range half + 1 {
		sin, cos := x.SinCos(x.Mul(step, x.FromInt(int64(j))))
		for k := range x.means {
			p := x.Mul(step, x.density(k, s, cos, sin))
			if j > 0 && j < half {
				p = x.Ldexp(p, 1)
			}
			given[k] = append(given[k], p)
		}
		mass[j] = x.mean(func(k int) interval.Interval { return given[k][j] })
		if at.cos[j] = cos; at.squeezed {
			at.cos[j] = x.Quo(cos, x.Sqrt(x.Add(x.Sqr(cos), x.Sqr(x.Mul(x.FromRat(r.Squeeze), sin)))))
		}
		if x.Err() != nil {
			return interval.Interval{}, x.Err()
		}
	}
	c := make([]interval.Interval, len(x.means))
	for k := range c {
		sum := x.NewSum()
		for j, p := range given[k] {
			sum.AddMul(p, at.cos[j])
		}
		c[k] = x.AddError(sum.Interval(), x.Mul(x.Mul(s.missed, s.densities[k]), s.cosh))
	}
	bessel, tail := x.bessel()
	if x.Err() != nil {
		return interval.Interval{}, x.Err()
	}
	modes := at.harmonics(mass, len(bessel)) // c₀, and then I₀c₀, and 2I_n c_n for n ≥ 1
	for n, of := range bessel {
		modes[n] = x.Mul(of, modes[n])
		if n > 0 {
			modes[n] = x.Ldexp(modes[n], 1)
		}
	}
	inner := x.Add(x.Mul(x.Mul(s.missed, s.density), x.Exp(x.Mul(x.scale, s.cosh))), tail)
	total := x.NewSum()
	for i := range half + 1 {
		z := x.NewSum()
		for n, cos := range at.multiples(i, len(modes)) {
			z.AddMul(modes[n], cos)
		}
		total.AddMul(mass[i], x.Log(x.AddError(z.Interval(), inner)))
		if x.Err() != nil {
			return interval.Interval{}, x.Err()
		}
	}
	outer := x.Mul(x.Mul(s.missed, s.density), x.Add(x.Mul(x.scale, s.cosh), x.FromRat(logarithm)))
	return x.Sub(x.AddError(total.Interval(), outer), x.attraction(c)), x.Err()
}

// stripe has what bounds the errors of the rule.
type stripe struct {
	inverse   interval.Interval   // ε⁻², of the ε that the density of nodes has
	front     []interval.Interval // e^(−a_k²/2)/(2πε)
	cosh      interval.Interval   // of the half-width of the strip of θ: cosh b where nodes are not squeezed
	densities []interval.Interval // sup |p_k| on the strip
	density   interval.Interval   // Σ_k w_k of them
	missed    interval.Interval   // 4π/(e^(nb) − 1)
}

// The strip is such that κ sinh b ≤ arc. Then e^(κ cos(θ − φ)) has an argument within ±3/2 for every real φ and |Im θ| ≤ b, so that cos(3/2) E e^(κ Re cos) ≤ |Z| ≤ E e^(κ Re cos) and
//
//	|log Z| ≤ κ cosh b − log cos(3/2) + 3/2 < κ cosh b + logarithm.
var arc, logarithm = big.NewRat(3, 2), big.NewRat(83, 20)

// strip bounds the densities on |Im θ| ≤ b. There
//
//	|A| ≥ A₀ = ½[(1 + ε⁻²) − |1 − ε⁻²| cosh 2b],   Re D ≤ |D| ≤ R = |a|√Q,   |p_k| ≤ e^(−a²/2)[1 + √(2π) R e^(R²/2)]/(2πεA₀)
//
// where A₀ > 0, as 1 + √(2π) D e^(D²/2) Φ(D) = ∫₀^∞ r e^(−r²/2 + rD) dr, and with Q = min(cosh²b/A₀, (1 + ε⁻²/A₀)/|1 − ε⁻²|) ≥ |cos²θ/A|, as A = ε⁻² + (1 − ε⁻²) cos²θ; the latter is for ε > 1. A function of period 2π that is analytic and at most M on the strip is integrated by n nodes to within 4πM/(e^(nb) − 1) (L. N. Trefethen,
// J. A. C. Weideman, The exponentially convergent trapezoidal rule, SIAM Review 56, 2014, theorem 3.2).
//
// Of squeezed nodes that is |Im ψ| ≤ b, and ε is ε/q. With w = e^(2iψ) and ρ = (1 − q)/(1 + q), e^(2iθ) = (w + ρ)/(1 + ρw) maps circles |w| = R < 1/ρ to circles about a point of the real line,
// which it maps to itself: |e^(2iθ)| is largest at w = −R, where it is (R − ρ)/(1 − ρR), and least at w = R, at its inverse for 1/R. So |Im θ| ≤ η with tanh η = q⁻¹ tanh b, if that is less than 1.
func (x law) strip(r Refutation) (stripe, error) {
	one, two := x.FromInt(1), x.FromInt(2)
	noise := r.seen()
	b := x.FromRat(r.Strip)
	grown, shrunk := x.Exp(b), x.Exp(x.Neg(b))
	cosh, sinh := x.Ldexp(x.Add(grown, shrunk), -1), x.Ldexp(x.Sub(grown, shrunk), -1)
	s := stripe{inverse: x.Quo(one, x.Sqr(x.FromRat(noise))), cosh: cosh}
	if r.Squeeze != nil {
		tanh := x.Quo(x.Quo(sinh, cosh), x.FromRat(r.Squeeze))
		left := x.Sub(one, x.Sqr(tanh))
		if x.Err() == nil && left.Sign() <= 0 {
			return s, fmt.Errorf("%w: expected a strip with tanh(b) < %s", ErrUndecided, r.Squeeze.RatString())
		}
		s.cosh = x.Quo(one, x.Sqrt(left))
		sinh = x.Mul(tanh, s.cosh)
	}
	turned := x.Mul(x.scale, sinh)
	if x.Err() == nil && x.Sub(x.FromRat(arc), turned).Sign() <= 0 {
		return s, fmt.Errorf("%w: expected a strip with sinh(b)/τ < %s", ErrUndecided, arc.RatString())
	}
	double := x.Sub(x.Mul(two, x.Sqr(cosh)), one)
	least := x.Ldexp(x.Sub(x.Add(one, s.inverse), x.Mul(x.Abs(x.Sub(one, s.inverse)), double)), -1)
	around := x.Ldexp(x.Pi(), 1)
	s.missed = x.Quo(x.Ldexp(around, 1), x.Sub(x.Exp(x.Mul(b, x.FromInt(int64(r.Nodes)))), one))
	steep := x.Quo(x.Sqr(cosh), least)
	if noise.Cmp(big.NewRat(1, 1)) > 0 {
		steep = x.Min(steep, x.Quo(x.Add(one, x.Quo(s.inverse, least)), x.Sub(one, s.inverse)))
	}
	for _, square := range x.squares {
		front := x.Quo(x.Exp(x.Neg(x.Ldexp(square, -1))), x.Mul(around, x.FromRat(noise)))
		s.front = append(s.front, front)
		reach := x.Mul(square, steep) // R²
		grow := x.Mul(x.Sqrt(x.Mul(around, reach)), x.Exp(x.Ldexp(reach, -1)))
		s.densities = append(s.densities, x.Quo(x.Mul(front, x.Add(one, grow)), least))
	}
	s.density = x.mean(func(k int) interval.Interval { return s.densities[k] })
	return s, nil
}

// density is p_k(θ) at a real θ: √(2π) e^(D²/2) = 1/φ(D).
func (x law) density(k int, s stripe, cos, sin interval.Interval) interval.Interval {
	a := x.Add(x.Sqr(cos), x.Mul(s.inverse, x.Sqr(sin)))
	d := x.Quo(x.Mul(x.means[k], cos), x.Sqrt(a))
	phi, below := x.Normal(d)
	return x.Quo(x.Mul(s.front[k], x.Add(x.FromInt(1), x.Quo(x.Mul(d, below), phi))), a)
}
