package cosine

import "contrastcheck/oracle/interval"

// series bounds the loss at the identity from above. With c_n = E cos nθ, as the law of θ is even, and e^(κ cos t) = Σ_n I_n(κ)e^(int), Jensen's inequality has
//
//	L ≤ −κ E f·f̂ + log E Z(θ),   E Z = I₀(κ) + 2 Σ_{n≥1} I_n(κ) c_n².
func (x law) series() (interval.Interval, error) {
	bessel, tail := x.bessel()
	total := bessel[0]
	for n := 1; n < len(bessel) && x.Err() == nil; n++ {
		c := x.harmonics(n)
		square := x.Sqr(x.mean(func(k int) interval.Interval { return c[k] }))
		total = x.Add(total, x.Mul(x.Ldexp(bessel[n], 1), square))
	}
	total = x.AddError(total, tail)
	value := x.Log(total)
	if err := x.Err(); err != nil {
		return interval.Interval{}, err
	}
	return x.Sub(value, x.attraction(x.harmonics(1))), x.Err()
}

// bessel are I₀(κ) … I_N(κ), and tail encloses 2 Σ_{n>N} I_n(κ) ≤ 4I_{N+1}(κ), as I_{n+1}/I_n ≤ κ/(2(n+1)) ≤ ½ from n = κ on.
func (x law) bessel() (values []interval.Interval, tail interval.Interval) {
	scale, _ := x.scale.Magnitude().Float64()
	square := x.Sqr(x.Ldexp(x.scale, -1))
	front := x.FromInt(1) // (κ/2)ⁿ/n!
	for n := int64(0); x.Err() == nil; n++ {
		if n > 0 {
			front = x.Quo(x.Mul(front, x.Ldexp(x.scale, -1)), x.FromInt(n))
		}
		value := x.Mul(front, x.positive(square, func(j int64) (int64, int64) { return 1, n + 1 + j }))
		if x.Err() == nil && float64(n-1) >= scale && value.Magnitude().MantExp(nil) < -int(x.precision) {
			return values, x.Ldexp(value, 2)
		}
		values = append(values, value)
	}
	return values, tail
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

// positive returns Σ_{j≥0} t_j, t_0 = 1 and t_{j+1} = t_j · ratio(j) · z/(j+1) with a ratio, of two numbers, in (0, 1], such that ratio(j)/(j+1) decreases: what follows t_j is at most t_j once
// t_{j+1} ≤ t_j/2. z is 0 of a mean that is.
func (x law) positive(z interval.Interval, ratio func(j int64) (numerator, denominator int64)) interval.Interval {
	sum, term := x.FromInt(1), x.FromInt(1)
	if z.Magnitude().Sign() == 0 {
		return sum
	}
	size, _ := z.Magnitude().Float64()
	for j := int64(0); x.Err() == nil; j++ {
		numerator, denominator := ratio(j)
		const half = 2.001 // for the rounding of size
		halved := half*size*float64(numerator) <= float64(denominator)*float64(j+1)
		if halved && (term.Magnitude().Sign() == 0 || term.Magnitude().MantExp(nil) < sum.Magnitude().MantExp(nil)-int(x.precision)) {
			return x.AddError(sum, term)
		}
		term = x.Quo(x.Mul(x.Mul(term, z), x.FromInt(numerator)), x.FromInt(denominator*(j+1)))
		sum = x.Add(sum, term)
	}
	return sum
}
