package cosine

import "contrastcheck/oracle/interval"

// series bounds the loss at the identity from above. With c_n = E cos nθ, as the law of θ is even, and e^(κ cos t) = Σ_n I_n(κ)e^(int), Jensen's inequality has
//
//	L ≤ −κ E f·f̂ + log E Z(θ),   E Z = I₀(κ) + 2 Σ_{n≥1} I_n(κ) c_n².
//
// Σ_{n>N} I_n(κ) ≤ 2I_{N+1}(κ) for N ≥ κ, as I_{n+1}/I_n ≤ κ/(2(n+1)), and |c_n| ≤ 1.
func (x law) series() (interval.Interval, error) {
	scale, _ := x.scale.Magnitude().Float64()
	const spare = 40 // I_n(κ) ≤ (eκ/2n)^n is below 2^−precision
	terms := int(2*scale) + spare
	bessel := func(n int) interval.Interval { // (κ/2)^n/n! Σ_j (κ²/4)^j/(j!(n+1)…(n+j))
		front := x.FromInt(1)
		for i := 1; i <= n; i++ {
			front = x.Quo(x.Mul(front, x.Ldexp(x.scale, -1)), x.FromInt(int64(i)))
		}
		return x.Mul(front, x.positive(x.Sqr(x.Ldexp(x.scale, -1)), func(j int64) (int64, int64) { return 1, int64(n) + 1 + j }))
	}
	total := bessel(0)
	var first []interval.Interval
	for n := 1; n <= terms && x.Err() == nil; n++ {
		c := x.harmonics(n)
		if n == 1 {
			first = c
		}
		square := x.Sqr(x.mean(func(k int) interval.Interval { return c[k] }))
		total = x.Add(total, x.Mul(x.Ldexp(bessel(n), 1), square))
	}
	total = x.AddError(total, x.Ldexp(bessel(terms+1), 2))
	value := x.Log(total)
	if err := x.Err(); err != nil {
		return interval.Interval{}, err
	}
	return x.Sub(value, x.attraction(first)), x.Err()
}

// harmonics are E[cos nθ | k] at ε = 1, n ≥ 1: with z = a²/2 (DLMF 13.2.2 and 13.2.39, from the integral of r e^(−r²/2) I_n(ra)),
//
//	c = (±1)ⁿ Γ(n/2 + 1)/n! z^(n/2) e^(−z) Σ_j (n/2+1)…(n/2+j)/((n+1)…(n+j)) zʲ/j!,   ±1 being the sign of a.
func (x law) harmonics(n int) []interval.Interval {
	out := make([]interval.Interval, len(x.means))
	for k, a := range x.means {
		z := x.Ldexp(x.squares[k], -1)
		front := x.Exp(x.Neg(z))
		from := 0
		if n%2 == 1 { // Γ(3/2) z^½ = √π/2 · a/√2
			front, from = x.Mul(front, x.Quo(x.Mul(x.Sqrt(x.Ldexp(x.Pi(), -1)), a), x.FromInt(2))), 1
		}
		for i := from; i < n; i += 2 { // Γ(i/2 + 2)/(i + 2)! = Γ(i/2 + 1)/i! / (2(i + 1))
			front = x.Quo(x.Mul(front, z), x.FromInt(2*int64(i)+2))
		}
		out[k] = x.Mul(front, x.positive(z, func(j int64) (int64, int64) { return int64(n) + 2 + 2*j, 2 * (int64(n) + 1 + j) }))
	}
	return out
}

// positive returns Σ_{j≥0} t_j, t_0 = 1 and t_{j+1} = t_j · ratio(j) · z/(j+1) with a ratio, of two numbers, in (0, 1]: what follows t_j is at most t_j where z ≤ (j+1)/2.
func (x law) positive(z interval.Interval, ratio func(j int64) (numerator, denominator int64)) interval.Interval {
	sum, term := x.FromInt(1), x.FromInt(1)
	size, _ := z.Magnitude().Float64()
	for j := int64(0); x.Err() == nil; j++ {
		if float64(j+1) > 2*size+1 && term.Magnitude().MantExp(nil) < sum.Magnitude().MantExp(nil)-precision {
			return x.AddError(sum, term)
		}
		numerator, denominator := ratio(j)
		term = x.Quo(x.Mul(x.Mul(term, z), x.FromInt(numerator)), x.FromInt(denominator*(j+1)))
		sum = x.Add(sum, term)
	}
	return sum
}
