package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// law is a mixture on a line in float64.
type law struct {
	weights, means []float64
	delta          float64
	farthest       float64
}

func newLaw(l line.Mixture) law {
	var x law
	x.weights, x.means, x.delta = l.Floats()
	x.farthest = l.Farthest()
	return x
}

// density is that of the angle of y ∼ N((a, 0), I₂) in the plane, on (−π, π], an even function of α (K. V. Mardia, P. E. Jupp, Directional Statistics, 2000, section 3.5.6),
//
//	p(α) = (1/2π) ∫₀^∞ r e^(−r²/2 + ra cos α − a²/2) dr = (1/2π) [e^(−a²/2) + √(2π) D e^(−a² sin²α/2) Φ(D)],   D = a cos α,
//
// to a relative error of (a² + 2)(6a² + 24) roundings: exponentials and Φ err by some a² + 4, and where D < 0 the sum is at least (D² + 2)⁻¹ of its first term.
func density(a, cos, sin float64) float64 {
	const none = -30 // e^(−D²/2) is 1e-196
	d := a * cos
	if d < none {
		return 0
	}
	across := a * sin
	return (math.Exp(-a*a/2) + math.Sqrt(2*math.Pi)*d*math.Exp(-across*across/2)*math.Erfc(-d/math.Sqrt2)/2) / (2 * math.Pi)
}

// densityBound bounds |p| on the ellipse of a panel. There Re D ≤ R = max a cos x · cosh y, x and y being the largest real and imaginary parts, so that the integral over r
// is at most 1 + √(2π) R e^(R²/2), or 1 where R ≤ 0.
func densityBound(a float64, p panel) float64 {
	from, to := p.extended()
	r := math.Max(0, largestCosine(a, from, to)*math.Cosh(p.height()))
	return (math.Exp(-a*a/2) + math.Sqrt(2*math.Pi)*r*math.Exp((r*r-a*a)/2)) / (2 * math.Pi)
}

// slowly tells that |p| varies by no more than some e² on the ellipse of a panel.
func slowly(a float64, p panel) bool {
	const most = 4
	from, to := p.extended()
	high := math.Max(0, largestCosine(a, from, to)*math.Cosh(p.height()))
	low := math.Max(0, -largestCosine(-a, p.from, p.to))
	return high*high-low*low <= most
}

// turn bounds |dθ/dα| = ε/|cos²α + ε² sin²α| on the box about the ellipse of a panel, θ being the angle of (cos α, ε sin α): with 2α = x + iy,
//
//	|cos²α + ε² sin²α| ≥ ½[(1 + ε²) + (1 − ε²) cos x cosh y];
//
// +Inf where that is not positive.
func turn(noise float64, p panel) float64 {
	from, to := p.extended()
	c := 1 - noise*noise
	least := -largestCosine(-c, 2*from, 2*to)
	if least < 0 {
		least *= math.Cosh(2 * p.height())
	}
	if least += 1 + noise*noise; least <= 0 {
		return math.Inf(1)
	}
	return 2 * noise / least
}
