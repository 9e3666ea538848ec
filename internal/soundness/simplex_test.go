package soundness

import "math"

// simplex is n equally likely components at the corners ρ(e_b − 1/n) of a regular
// simplex, b = 1 … n, in the n − 1 dimensions that they span; text is the size of that of a
// second modality, 0 for one alone. Permutations of the corners leave the mixture alone, so
// that its minimiser is a multiple m of the identity, and E Σ_b p_b ν_b, which they also
// leave alone, is 0 at such a matrix.
type simplex struct {
	n            int
	visual, text float64
	delta        float64
}

// trace is tr of the pull E[x Σ_b p_b ν_bᵀ] of a point x of a simplex of size anchor that
// chooses among the corners of one of size partner by mI. With g_b iid N(0, 1) and x of the first corner the logits
// are s g_b, s = m·partner, and a = s·anchor more for the first, so that by Stein's identity
//
//	tr = partner·(anchor (E p_1 − 1/n) + s (1 − E Σ p_b²)).
func trace(n int, anchor, partner, m float64) float64 {
	s := m * partner
	first, squares := simplexAverages(n, s*anchor, s)
	return partner * (anchor*(first-1/float64(n)) + s*(1-squares))
}

// simplexAverages returns E p_1 and E Σ p_b² for logits a + s g_1, s g_2, …, s g_n. With
// Y = exp(logit) and S = ΣY it is 1/S = ∫ e^{−zS} dz and 1/S² = ∫ z e^{−zS} dz, so that all is
// products of E Y^i e^{−zY}: two trapezoidal rules, over g and over log z, both of entire functions.
func simplexAverages(n int, a, s float64) (first, squares float64) {
	// The trapezoidal rules' errors fall as exp(−2πb/step), b = π/(2s) and π/2.
	step := min(0.25, 0.3/max(s, 0.1))
	half := int(9.5 / step)
	laplace := func(shift, z float64) (m [3]float64) {
		for i := -half; i <= half; i++ {
			g := step * float64(i)
			y := math.Exp(shift + s*g)
			w := step * math.Exp(-g*g/2-z*y) / math.Sqrt(2*math.Pi)
			m[0] += w
			m[1] += w * y
			m[2] += w * y * y
		}
		return m
	}
	const width = 0.25
	rest := float64(n - 1)
	for log := -40 - math.Abs(a); log <= 12; log += width {
		z := math.Exp(log)
		one, other := laplace(a, z), laplace(0, z)
		all := math.Pow(other[0], rest)
		first += width * z * one[1] * all
		squares += width * z * z * (one[2]*all + rest*one[0]*other[2]*math.Pow(other[0], rest-1))
	}
	return first, squares
}

// slope is the derivative of the loss along the identity, at mI. For one modality, with
// c = tr C = ρ²(1 − 1/n), it is −δc + (n−1)m + mc + tr; for two −2 tr X + m(2(n−1) + c_V + c_T) + both traces.
func (b simplex) slope(m float64) float64 {
	dims, share := float64(b.n-1), 1-1/float64(b.n)
	if b.text == 0 {
		c := b.visual * b.visual * share
		return -b.delta*c + m*(dims+c) + trace(b.n, b.visual, b.visual, m)
	}
	squares := (b.visual*b.visual + b.text*b.text) * share
	return -2*b.visual*b.text*share + m*(2*dims+squares) + trace(b.n, b.visual, b.text, m) + trace(b.n, b.text, b.visual, m)
}

// minimise finds m by false position: slope grows by at least n − 1.
func (b simplex) minimise() float64 {
	low, high := 0.0, 1.0
	for b.slope(high) < 0 {
		high *= 2
	}
	atLow, atHigh := b.slope(low), b.slope(high)
	for range 200 {
		m := low - atLow*(high-low)/(atHigh-atLow)
		if !(m > low && m < high) {
			return m
		}
		at := b.slope(m)
		if math.Abs(at) < 1e-14 {
			return m
		}
		if at < 0 { // Illinois: the end that stays counts half
			low, atLow, atHigh = m, at, atHigh/2
		} else {
			high, atHigh, atLow = m, at, atLow/2
		}
	}
	return (low + high) / 2
}
