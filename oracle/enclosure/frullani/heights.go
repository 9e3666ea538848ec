package frullani

import "math"

// heights is the trapezoidal rule for τ, of step h on the integers times h.
//
// For points and x that stay as they are let y_i = e^{s_i+τ}, Y = Σ y_i and z_i = xᵀV(u_i − c). The gradient and D² are sums over τ of
//
//	Σ_i y_i e^{−Y} x(u_i − c)ᵀ   and   Σ_i y_i e^{−Y} z_i² − (Σ_i y_i z_i)² e^{−Y}.
//
// As h Σ y_i e^{−Y} = p_i h Σ Ye^{−Y} and h Σ y_i y_l e^{−Y} = p_i p_l h Σ Y²e^{−Y}, by Poisson's formula they are p_i and p_i p_l times 1 + ε, with
//
//	|ε| ≤ 2 Σ_{l≥1} |Γ(1 + iω_l)| and 2 Σ |Γ(2 + iω_l)|,   ω_l = 2πl/h, |Γ(1 + iω)|² = πω/sinh πω, |Γ(2 + iω)| = √(1 + ω²)|Γ(1 + iω)|.
//
// Below a node e^τ Σ_i E[e^{s_i}|x] = η the gradient loses at most E[Σ y_i |u_i − c|] summed, a geometric series, and D² at most 2|x|²E[R² min(1, Y)] ≤ 2|x|²√(E R⁴ · η). Above a node of
// F = E[e^{−Y}|x], what is lost of h Σ Ye^{−Y} is at most 3e^{−Y}: where Y ≥ 1 it falls, so that the sum is below the integral, which is that without the 3, and elsewhere it is at most
// 1 + ε. So the gradient loses at most 3|x|√(E R² · F), as (e^{−Y})² ≤ e^{−Y}; and as (1 + Y)e^{−Y/2} ≤ 1.22, D² at most 8|x|²√(E R⁴ · E e^{−Y}).
type heights struct {
	step          float64
	first, second float64 // |ε|
}

// newHeights chooses the widest step whose |ε|, of the order asked for, is at most tolerance.
func newHeights(tolerance float64, order int) heights {
	const widest, narrowest, gently = 1.0, 0.2, 0.96
	for step := widest; ; step *= gently {
		h := heights{step: step}
		for l := 1.0; l < 4; l++ { // the rest is far below rounding
			omega := 2 * math.Pi * l / step
			size := math.Sqrt(2*math.Pi*omega) * math.Exp(-math.Pi*omega/2) * 1.0001
			h.first += 2 * size
			h.second += 2 * size * math.Sqrt(1+omega*omega)
		}
		aim := h.first
		if order == 2 {
			aim += h.second
		}
		if aim <= tolerance || step < narrowest {
			return h
		}
	}
}
