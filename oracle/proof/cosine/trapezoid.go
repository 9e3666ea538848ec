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
// The rule's error of all coefficients of Z together is that of an integrand of at most sup |p| · Σ_n I_n(κ) e^(nb) = sup |p| · e^(κ cosh b).
func (x law) trapezoid(r Refutation) (interval.Interval, error) {
	s, err := x.strip(r)
	if err != nil {
		return interval.Interval{}, err
	}
	half := r.Nodes / 2
	step := x.Quo(x.Ldexp(x.Pi(), 1), x.FromInt(int64(r.Nodes)))
	cos := make([]interval.Interval, half+1)
	given := make([][]interval.Interval, len(x.means)) // of both θ_j and −θ_j, which are one at the ends
	mass := make([]interval.Interval, half+1)
	for j := range half + 1 {
		var sin interval.Interval
		sin, cos[j] = x.SinCos(x.Mul(step, x.FromInt(int64(j))))
		for k := range x.means {
			p := x.Mul(step, x.density(k, s, cos[j], sin))
			if j > 0 && j < half {
				p = x.Ldexp(p, 1)
			}
			given[k] = append(given[k], p)
		}
		mass[j] = x.mean(func(k int) interval.Interval { return given[k][j] })
		if x.Err() != nil {
			return interval.Interval{}, x.Err()
		}
	}
	harmonic := func(p []interval.Interval, n int) interval.Interval { // Σ_j p_j cos nθ_j
		sum := x.NewSum()
		for j := range p {
			sum.AddMul(p[j], cos[folded(n*j, r.Nodes)])
		}
		return sum.Interval()
	}
	c := make([]interval.Interval, len(x.means))
	for k := range c {
		c[k] = x.AddError(harmonic(given[k], 1), x.Mul(x.Mul(s.missed, s.densities[k]), s.cosh))
	}
	bessel, tail := x.bessel()
	modes := make([]interval.Interval, len(bessel)) // I₀c₀, and 2I_n c_n for n ≥ 1
	for n, of := range bessel {
		modes[n] = x.Mul(of, harmonic(mass, n))
		if n > 0 {
			modes[n] = x.Ldexp(modes[n], 1)
		}
	}
	inner := x.Add(x.Mul(x.Mul(s.missed, s.density), x.Exp(x.Mul(x.scale, s.cosh))), tail)
	total := x.NewSum()
	for i := range half + 1 {
		z := x.NewSum()
		for n, m := range modes {
			z.AddMul(m, cos[folded(n*i, r.Nodes)])
		}
		total.AddMul(mass[i], x.Log(x.AddError(z.Interval(), inner)))
		if x.Err() != nil {
			return interval.Interval{}, x.Err()
		}
	}
	outer := x.Mul(x.Mul(s.missed, s.density), x.Add(x.Mul(x.scale, s.cosh), x.FromRat(logarithm)))
	return x.Sub(x.AddError(total.Interval(), outer), x.attraction(c)), x.Err()
}

// folded is the j in [0, n/2] with cos 2πj/n = cos 2πi/n, i ≥ 0, n even.
func folded(i, n int) int {
	i %= n
	return min(i, n-i)
}

// stripe has what bounds the errors of the rule.
type stripe struct {
	noise, inverse interval.Interval   // ε and ε⁻²
	front          []interval.Interval // e^(−a_k²/2)/(2πε)
	cosh           interval.Interval   // cosh b
	densities      []interval.Interval // sup |p_k| on |Im θ| ≤ b
	density        interval.Interval   // Σ_k w_k of them
	missed         interval.Interval   // 4π/(e^(nb) − 1)
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
func (x law) strip(r Refutation) (stripe, error) {
	one, two := x.FromInt(1), x.FromInt(2)
	b := x.FromRat(r.Strip)
	grown, shrunk := x.Exp(b), x.Exp(x.Neg(b))
	s := stripe{noise: x.FromRat(r.Noise), cosh: x.Ldexp(x.Add(grown, shrunk), -1)}
	s.inverse = x.Quo(one, x.Sqr(s.noise))
	turned := x.Mul(x.scale, x.Ldexp(x.Sub(grown, shrunk), -1))
	if x.Err() == nil && x.Sub(x.FromRat(arc), turned).Sign() <= 0 {
		return s, fmt.Errorf("%w: expected a strip with sinh(b)/τ < %s", ErrUndecided, arc.RatString())
	}
	double := x.Sub(x.Mul(two, x.Sqr(s.cosh)), one)
	least := x.Ldexp(x.Sub(x.Add(one, s.inverse), x.Mul(x.Abs(x.Sub(one, s.inverse)), double)), -1)
	around := x.Ldexp(x.Pi(), 1)
	s.missed = x.Quo(x.Ldexp(around, 1), x.Sub(x.Exp(x.Mul(b, x.FromInt(int64(r.Nodes)))), one))
	steep := x.Quo(x.Sqr(s.cosh), least)
	if r.Noise.Cmp(big.NewRat(1, 1)) > 0 {
		steep = x.Min(steep, x.Quo(x.Add(one, x.Quo(s.inverse, least)), x.Sub(one, s.inverse)))
	}
	for _, square := range x.squares {
		front := x.Quo(x.Exp(x.Neg(x.Ldexp(square, -1))), x.Mul(around, s.noise))
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
