package enclosure

import (
	"fmt"
	"math"
	"math/cmplx"
	"sort"

	"contrastcheck/oracle/internal/dense"
)

// contour is the midpoint rule of step h for s ∈ [−nh, nh] on ω = κ sinh(s + iφ), of which the half s > 0 is taken, as E[X e^{iωu}] is
// conjugate at −ω̄, with bounds of what it leaves of the means of x vᵀ, beside a step, and of (xᵀVv)², |V| = 1, beside a δ.
type contour struct {
	kappa, phi, h     float64
	n                 int
	gradient, hessian float64
}

// node returns ω and the weights of the two integrals: those whose imaginary part, of the first, is taken, and i times that whose real part is of the second.
func (r contour) node(k int) (omega, overOmega, along complex128) {
	z := complex((float64(k)+0.5)*r.h, r.phi)
	sinh, cosh := cmplx.Sinh(z), cmplx.Cosh(z)
	weight := complex(r.h/math.Pi, 0)
	return complex(r.kappa, 0) * sinh, weight * cosh / sinh, weight * complex(r.kappa, 0) * cosh
}

// line bounds the mean of e^{iωt} and of products on ω = κ sinh(s + iθ), for all real s.
//
// With v' = v/√τ and c = √τ|s_i|, ½(x_i + v'_i)² and ½(x_i − v'_i)² are, in some order, of means p²/2 and n²/2 and t = Σ ½c(P² − N²), P ∼ N(p, 1) and
// N ∼ N(n, 1) independent. Im ω = y > 0, so that P has factors of a size of at most 1: (1 − iωc)^{−½} exp(½p²(1/(1 − iωc) − 1)) with |1 − iωc| ≥ 1. Those of N are
// (1 + iωc)^{−½} exp(½n²(1/(1 + iωc) − 1)). With q = 1 − cy and k = cot²θ, |1 + iωc|² = D(q) = q² + k((1 − q)² − y₀²) on the line, y₀ = cκ sin θ < 1 being
// the least of cy, and
//
//	D ≥ cos²θ(1 − c²κ²)                                              at q = cos²θ, if that is at most 1 − y₀,
//	Re 1/(1 + iωc) = q/D ≤ sin²θ/(2 cos θ(√(1 − y₀²) − cos θ))      at q = cos θ √(1 − y₀²), if so,
//
// where D′ = 0, respectively D = qD′; else both are monotone along the line, and D ≥ (1 − y₀)², q/D ≤ 1/(1 − y₀).
type line struct {
	growth float64 // of the logarithm of the mean of e^{iωt}
	first  float64 // of |E x vᵀ| under the weight
	second float64 // of |E (xᵀVv)²| under the weight, |V| = 1
}

func (h *Hinge) line(c int, kappa, theta float64) line {
	sin, cos := math.Sincos(theta)
	var out line
	var length, spread, widest float64
	root := math.Sqrt(h.spread)
	for i, s := range h.s {
		slope := root * math.Abs(s)
		x, v := h.x.At(i, c), h.v.At(i, c)/root
		p, n := (x+v)/math.Sqrt2, (x-v)/math.Sqrt2
		if s < 0 {
			p, n = n, p
		}
		start := slope * kappa * sin
		if start >= 1 {
			return line{growth: math.Inf(1)}
		}
		nearest, inverse := (1-start)*(1-start), 1/(1-start)
		if cos*cos <= 1-start {
			nearest = cos * cos * (1 - slope*slope*kappa*kappa)
		}
		if edge := math.Sqrt((1 - start) * (1 + start)); cos*edge <= 1-start {
			inverse = sin * sin / (2 * cos * (edge - cos))
		}
		out.growth += n*n/2*(inverse-1) - math.Log(nearest)/4
		far := 1 / math.Sqrt(nearest)
		mean, own := (math.Abs(p)+math.Abs(n)*far)/math.Sqrt2, (1+far)/2
		length, spread, widest = length+mean*mean, spread+own*own, max(widest, own)
	}
	out.first = root * (length + math.Sqrt(spread))
	out.second = out.first*out.first + h.spread*(4*length*widest+2*widest*widest)
	return out
}

// How contours are tried: by what the angle, and the start on the imaginary axis, let E e^{iωt} grow, in exponents.
var (
	byAngle = [...]float64{32, 8, 2, 0.5}
	byStart = [...]float64{8, 2, 0.5}
)

const (
	contours      = 3 * len(byAngle) * len(byStart) // lines
	mostOfContour = 1 << 14
)

// plan chooses the contour of a label, of the fewest nodes whose bound of the gradient is about tolerance.
//
// As a function of s the integrands are analytic for θ₀ ≤ φ + Im s ≤ θ₁, 0 < θ₀ < φ < θ₁ < ½π and κ sin θ₁ below all 1/c: ω = κ sinh(s + iθ) is not 0, and
// 1 ± iωc is 0 on the imaginary axis only, where s = 0. Hence (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1)
//
//	|h Σ F − ∫ F| ≤ (∫|F(s + i(θ₀ − φ))| ds + ∫|F(s + i(θ₁ − φ))| ds)/(e^{2πd/h} − 1),   d = φ − θ₀ = θ₁ − φ.
//
// With z = ακ sin θ, |e^{iωα}| = e^{−z cosh s}, |coth(s + iθ)| ≤ max(1, cot θ), and ∫ e^{−z cosh s} ds ≤ e^{−z}√(2π/z), as cosh s ≥ 1 + ½s²;
// |κ cosh(s + iθ)| ≤ κ cosh s, and ∫ cosh s e^{−z cosh s} ds = 2K₁(z) ≤ 2e^{−z}(1 + 1/z). As e^{−z cosh s} decreases, the nodes from the n-th on sum to at most
// its integral from S = (n − ½)h on, which is at most e^{−z cosh S}/(z sinh S), as the exponent is convex; with cosh s it is at most coth S e^{−z cosh S}/z.
func (h *Hinge) plan(c int, tolerance float64) (contour, error) {
	root, steepest, against, pull := math.Sqrt(h.spread), 0.0, 0.0, 0.0
	for i, s := range h.s {
		slope := root * math.Abs(s)
		n := h.x.At(i, c) - math.Copysign(1, s)*h.v.At(i, c)/root // √2 times that of line
		steepest, against, pull = max(steepest, slope), against+n*n/2, pull+slope*n*n/4
	}
	best := contour{n: mostOfContour}
	for _, growth := range byAngle {
		const widest = 15.0 / 32 * math.Pi
		high := min(widest, math.Acos(against/(against+4*growth)))
		for _, start := range byStart {
			const nearest, slowest = 0.9, 32 // to the edge, and of e^{−αy} where there is none
			y := min(slowest/h.margin, start/pull, nearest/steepest)
			if r := h.ruled(c, y/math.Sin(high), high, tolerance, best.n); r.n < best.n {
				best = r
			}
		}
	}
	if best.h == 0 {
		return best, fmt.Errorf("%w: scores too steep", ErrGrid)
	}
	return best, nil
}

// ruled is the rule of a contour with the upper line at an angle, of most nodes if it takes no fewer.
func (h *Hinge) ruled(c int, kappa, high, tolerance float64, most int) contour {
	low := high / 16
	r := contour{kappa: kappa, phi: (high + low) / 2, n: most}
	var gradient, hessian float64
	for _, theta := range []float64{low, high} {
		on, z := h.line(c, kappa, theta), h.margin*kappa*math.Sin(theta)
		size := math.Exp(on.growth-z) / (2 * math.Pi)
		gradient += size * on.first * max(1, 1/math.Tan(theta)) * math.Sqrt(2*math.Pi/z)
		hessian += size * on.second * 2 * kappa * (1 + 1/z)
	}
	d := (high - low) / 2
	const coarsest = 1 // where next to nothing is asked
	step := min(coarsest, 2*math.Pi*d/math.Log1p(2*gradient/tolerance))
	on, z := h.line(c, kappa, r.phi), h.margin*kappa*math.Sin(r.phi)
	const growth, roundings = 2, 1e3 // what is lost to rounding in any case, or is not seen beside the tolerance
	if !(step > 0) || on.growth > max(growth, math.Log(tolerance/(4*on.first*roundings*dense.Roundoff))) {
		return r
	}
	size := math.Exp(on.growth) / math.Pi
	tail := func(s float64) (gradient, hessian float64) {
		sinh, cosh := math.Sinh(s), math.Cosh(s)
		rest := size * math.Exp(-z*cosh) / z
		return rest * on.first * max(1, 1/math.Tan(r.phi)) / sinh, rest * on.second * kappa * cosh / sinh
	}
	n := 1 + sort.Search(most, func(n int) bool {
		beyond, _ := tail((float64(n) + 0.5) * step)
		return beyond <= tolerance/2
	})
	if n >= most {
		return r
	}
	r.h, r.n = step, n
	decay := math.Expm1(2 * math.Pi * d / step)
	beyond, beyondHessian := tail((float64(n) - 0.5) * step)
	r.gradient, r.hessian = gradient/decay+beyond, hessian/decay+beyondHessian
	return r
}
