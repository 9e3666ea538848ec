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

// Angles of y ∼ N((a, 0), I₂) are measured from the line y₁ = 0 between the classes: y = r(sin β, ±cos β), β in [−½π, ½π], so that they are known to a small relative error near that line.

// density is that of β, of both signs together,
//
//	p(β) = (1/π) ∫₀^∞ r e^(−r²/2 + ra sin β − a²/2) dr = (1/π) [e^(−a²/2) + √(2π) D e^(−a² cos²β/2) Φ(D)],   D = a sin β
//
// (the offset normal law: K. V. Mardia, P. E. Jupp, Directional Statistics, 2000, section 3.5.6).
func density(a, sin, cos float64) float64 {
	const none = -30 // e^(−D²/2) is 1e-196
	d := a * sin
	if d < none {
		return 0
	}
	across := a * cos
	return (math.Exp(-a*a/2) + math.Sqrt(2*math.Pi)*d*math.Exp(-across*across/2)*math.Erfc(-d/math.Sqrt2)/2) / math.Pi
}

// densityBound bounds |p| on the ellipse of a panel. There Re D ≤ R = max a sin x · cosh y, x and y being the largest real and imaginary parts, so that the integral over r
// is at most 1 + √(2π) R e^(R²/2), or 1 where R ≤ 0.
func densityBound(a float64, p panel) float64 {
	from, to := p.extended()
	r := math.Max(0, largestSine(a, from, to)*math.Cosh(p.height()))
	return (math.Exp(-a*a/2) + math.Sqrt(2*math.Pi)*r*math.Exp((r*r-a*a)/2)) / math.Pi
}

// slowly tells that |p| varies by no more than some e² on the ellipse of a panel.
func slowly(a float64, p panel) bool {
	const most = 4
	from, to := p.extended()
	high := math.Max(0, largestSine(a, from, to)*math.Cosh(p.height()))
	low := math.Max(0, -largestSine(-a, p.from, p.to))
	return high*high-low*low <= most
}

// turn bounds |dγ/dβ| = ε/|sin²β + ε² cos²β| on the box about the ellipse of a panel, γ being the angle of (sin β, ε cos β) from the second axis: with β = x + iy,
//
//	Re sin²β ≥ sin²x − sinh²y,   Re cos²β ≥ cos²x − sinh²y,   sin²β + ε² cos²β = ε² + (1 − ε²) sin²β = 1 + (ε² − 1) cos²β;
//
// +Inf where that is not positive.
func turn(noise float64, p panel) float64 {
	from, to := p.extended()
	sinh := math.Sinh(p.height())
	floor, more := noise*noise, 1-noise*noise
	f := math.Sin
	within := from <= 0 && 0 <= to
	if noise > 1 {
		floor, more = 1, noise*noise-1
		f = math.Cos
		within = from <= -math.Pi/2 || math.Pi/2 <= to
	}
	least := math.Min(math.Abs(f(from)), math.Abs(f(to)))
	if within {
		least = 0
	}
	least = floor + more*(least-sinh)*(least+sinh)
	if least <= 0 {
		return math.Inf(1)
	}
	return noise / least
}

// largestSine is max c·sin x over [from, to].
func largestSine(c, from, to float64) float64 {
	peak := math.Pi / 2
	if c < 0 {
		peak = -peak
	}
	if peak+2*math.Pi*math.Ceil((from-peak)/(2*math.Pi)) <= to {
		return math.Abs(c)
	}
	return math.Max(c*math.Sin(from), c*math.Sin(to))
}
