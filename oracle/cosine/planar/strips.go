package planar

import "math"

// strip bounds what the rules on the sphere integrate where t or γ is complex: with A = cos²γ + sin²γ/ρ of the real part of γ, and f and d those of sphere,
//
//	‖Im f‖² ≤ bend,   |d|² ≤ ‖m‖² reach,   |D^(−½)G|^(−3) ≤ size (A + sinh²t/ε)^(−3/2) of the real part of t.
//
// As ∫cosh t (A + sinh²t/ε)^(−3/2) dt = 2√ε/A and A ≥ 1, the modulus of an integrand that is at most 1 beside the density p has an integral over t of at most (2/√ρ) size sup|p|.
// Strips are such that ‖Im f‖ ≤ min(1, arc/κ).
type strip struct{ bend, reach, size float64 }

// upwards is the strip |Im t| ≤ y, false where there are no bounds. With s = sin²y, a = s/ε, b = εs/ρ, c = cos 2y and B = cos²γ + ρ sin²γ ≥ ρ,
//
//	|A + sinh²t/ε| ≥ (1 − a)A + c sinh²(Re t)/ε,   |B + ε sinh²t| ≥ (1 − b)B + cε sinh²(Re t),
//
// and as f·f = 1, 1 + 2‖Im f‖² = ‖f‖² = (B + ε|sinh t|²)/|B + ε sinh²t|, with |sinh t|² = sinh²(Re t) + s: at most the larger of (1 + b)/(1 − b) and 1/c.
func (n Noisy) upwards(y float64) (strip, bool) {
	s, c := math.Sin(y)*math.Sin(y), math.Cos(2*y)
	a, b := s/n.Noise, n.Noise*s/n.Ratio
	if !(a < 1 && b < 1 && c > 0) {
		return strip{}, false
	}
	return strip{math.Max(b/(1-b), s/c), 1 / (1 - a), math.Pow(math.Min(1-a, c), -1.5)}, true
}

// aside is the strip |Im γ| ≤ y. With S = sinh²y and a = (1/ρ − 1)S
//
//	|cos²γ + sin²γ/ρ| ≥ Re ≥ (1 + 2S)A − (1 + 1/ρ)S ≥ (1 − a)A,   |cos γ|² + |sin γ|²/ρ ≤ A + (1 + 1/ρ)S,
//
// and ρ in the place of 1/ρ for f: 1 + 2‖Im f‖² ≤ (ρ + (1 + ρ)S)/(ρ − (1 − ρ)S).
func (n Noisy) aside(y float64) (strip, bool) {
	s := math.Sinh(y) * math.Sinh(y)
	a := (1/n.Ratio - 1) * s
	if !(a < 1) {
		return strip{}, false
	}
	return strip{s / (n.Ratio * (1 - a)), (1 + (1+1/n.Ratio)*s) / (1 - a), math.Pow(1-a, -1.5)}, true
}
