package cosine

import "math"

// Angle is the density at an angle θ, of period 2π, of (x₁, εx₂), x₁ ∼ N(a, 1) and x₂ ∼ N(0, 1): what the angle of an embedding by diag(1, ε) has, whitened, given a component of mean a e₁. With
// A = cos²θ + ε⁻² sin²θ it is that of the angle of (x₁, x₂) at the (cos θ, ε⁻¹ sin θ)/√A that θ comes from, times dφ/dθ = 1/(εA); ε > 0.
func Angle(a, noise, angle float64) float64 {
	sin, cos := math.Sincos(angle)
	sin /= noise
	length := math.Hypot(sin, cos)
	return density(a, cos/length, sin/length) / (2 * noise * length * length)
}
