package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// Descent encloses κ′ of Slope by values of the loss: (L_in − L(diag(1, ε)))/ε is known to an error of the values over ε, and differs from κ′ by remainder(ε)/ε at most. ε is the power of 2 for which
// both together are about least.
func Descent(l line.Mixture, temperature float64) (Enclosure, error) {
	x, k := newLaw(l), 1/temperature
	_, right, left, _ := x.signs()
	rarer := math.Min(right, left)
	const largest, smallest, usual = 8, 34, 4e-13 // the usual error of values, over 1 + k
	noise, least := 0.0, math.Inf(1)
	for power := largest; power <= smallest; power++ {
		at := math.Ldexp(1, -power)
		if both := (remainder(k, rarer, at) + usual*(1+k)) / at; both < least {
			noise, least = at, both
		}
	}
	if noise == 0 {
		return Enclosure{Error: math.Inf(1)}, nil
	}
	inside := insideInfoNCE(l, temperature)
	outside, err := outsideInfoNCE(l, noise, temperature, fine)
	return Enclosure{(inside.Value - outside.Value) / noise, (inside.Error + outside.Error + remainder(k, rarer, noise)) / noise}, err
}

// meanTurn and meanNoise bound E(1 − |cos θ|)/ε and E sin²θ/ε of any mixture: √(2/π)·2·0.399 and √(2/π)·π·0.399.
const meanTurn, meanNoise = 0.637, 1.001

// remainder bounds |L(diag(1, ε)) − L_in + κ′ε| for ε ≤ 1, rarer being min(p₊, p₋); +Inf where it is not known.
//
// Let (t, ν) be x in whitened coordinates, z = ε|ν|, c = t/√(t² + z²), g² = 1 − c², s = sign t and η = |s − c| ≤ min(1, z²/2t²). Densities of t are at most 0.399, with a slope of at most 0.242, so that with ℓ = log 1/ε
//
//	H = meanTurn·ε ≥ E η,   G = meanNoise·ε ≥ E g²,   D = (0.473 + 0.242ℓ)ε² ≥ E_ν ∫₀^∞ min(0.484t, 0.399) η dt,
//
// as ∫₀^∞ (1 − t/√(t² + z²)) dt = z, ∫ z²/(t² + z²) dt = πz and E ν² log⁺ 1/|ν| ≤ 0.126. Let Y(c) = p₊e^(kc) + p₋e^(−kc), ρ(c) = E_y[e^(kcs′) − e^(kcc′)] and p = rarer; Y(c) ≥ pe^(k|c|), so that |ρ|/Y ≤ kH/p, |ρ′|/Y ≤ k(1 + k)H/p, and |Y′| ≤ kY. If kH/p ≤ ½:
//
//   - E[c | k] changes by D at most, and −k E cc′ by 2kD; E gg′ = 0.
//   - Z ≥ Y − ρ ≥ ½Y, and 0 ≤ log Z − log(Y − ρ) ≤ E_y e^(kcc′)(cosh kgg′ − 1)/(½Y) ≤ k²g²e^k E g′²/p, as cc′ + |gg′| ≤ |c| + |gg′|: k²e^k G²/p in all.
//   - |log(1 − ρ/Y) + ρ/Y| ≤ (kH/p)².
//   - E log Y(c) − E log Y(s) is the first integral of κ′, times −ε, but for 2kD, as the density of t at ±t is g₀ but for min(0.242t, 0.399).
//   - E ρ(c)/Y(c) is p₊ρ(1)/Y(1) + p₋ρ(−1)/Y(−1) but for k(1 + 2k)H²/p, and that the second term of κ′ but for 4kD, as p₊/Y(1) + p₋/Y(−1) ≤ 2e^(−k).
func remainder(k, rarer, noise float64) float64 {
	h, g := meanTurn*noise, meanNoise*noise
	d := (0.473 - 0.242*math.Log(noise)) * noise * noise
	if !(k*h <= rarer/2) || noise > 1 {
		return math.Inf(1)
	}
	return 8*k*d + k*k*math.Exp(k)*g*g/rarer + k*h/rarer*(k*h/rarer) + k*(1+2*k)*h*h/rarer
}
