package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// steepness bounds, at every M, |D²f[V, V]| (second) and |D³f[V, V, V]| (third) for |V| = 1.
//
// Given x, u = α + yᵀv with y = γMx is normal, of mean m and deviation σ = √τ|y|, and so is X = zᵀv beside it. Let N = |m|/σ, b the mean of v and ℓ = |b|/√τ. At u = 0 the mean of X is
// zᵀb − (zᵀy/|y|²)m, at most √τ|z|(ℓ + N) in size, and its variance at most τ|z|²; the mean moves with u at a rate of at most |z|/|y| = √τ|z|/σ. The density of u at 0 is
// φ(N)/σ, its derivative there Nφ(N)/σ² in size, and as α = m − yᵀb ≤ σ(N + ℓ),
//
//	1/σ ≤ (N + ℓ)/α:
//
// that is what the margin is for. With P = N + ℓ therefore
//
//	E δ(u)X²   ≤ (φ(N)/σ)  τ|z|² (P² + 1)                            ≤ (τ/α) |z|² S₂(ℓ),         S₂ = sup_N φ(N) P(P² + 1)
//	|E δ′(u)X³| ≤ (φ(N)/σ²) τ^{3/2}|z|³ (N(P³ + 3P) + 3(P² + 1))      ≤ (τ^{3/2}/α²) |z|³ S₃(ℓ),  S₃ = sup_N φ(N) P²(N(P³ + 3P) + 3(P² + 1))
//
// for z = γVᵀx, |z| ≤ γ|x|: E|x|² and E|x|³ are what remains. The same holds given v, with 1 for τ and ℓ the length of the mean of x. Along any line these are the derivatives of the
// mean given x, which is smooth even where y = 0, as u = α > 0 there; D²f is therefore Lipschitz everywhere with the constant of D³f.
type steepness struct{ second, third float64 }

func (h *Hinge) steepness() steepness {
	var out steepness
	for c, p := range h.probabilities {
		x, v := h.sides(c)
		_, ofX, cubeOfX, _ := x.moment()
		_, ofV, cubeOfV, _ := v.moment()
		out.second += p * min(ofX*peak(secondSlope, v.mean, 0), ofV*peak(secondSlope, x.mean, 0))
		out.third += p * min(cubeOfX*peak(thirdSlope, v.mean, 0), cubeOfV*peak(thirdSlope, x.mean, 0))
	}
	gain := h.gain * math.Sqrt(h.spread)
	return steepness{roundedUp * gain * gain / h.margin * out.second, roundedUp * gain * gain * gain / (h.margin * h.margin) * out.third}
}

// steepnessWithin bounds |D³f[V, V, V]|, |V| = 1, at matrices no further than a radius from M.
func (h *Hinge) steepnessWithin(radius float64) float64 {
	slope := func(inverse float64) func(n, l float64) float64 {
		return func(n, l float64) float64 {
			steep := min((n+l)/h.margin, inverse)
			return steep * steep * thirdTurn(n, l)
		}
	}
	var sum float64
	for c, p := range h.probabilities {
		x, v := h.sides(c)
		_, _, cubeOfX, rootOfX := x.moment()
		_, _, cubeOfV, rootOfV := v.moment()
		sum += p * min(h.within(c, x, v, radius, cubeOfX, rootOfX, slope), h.within(c, v, x, radius, cubeOfV, rootOfV, slope))
	}
	gain := h.gain * math.Sqrt(h.spread)
	return roundedUp * gain * gain * gain * sum
}

// extent is x or v/√τ: the length of its mean and of the image of that by M√τγ, both with what they may be off by, and its dimension.
type extent struct{ mean, off, image, dim float64 }

// sides are both points of a label.
func (h *Hinge) sides(c int) (x, v extent) {
	root := math.Sqrt(h.spread)
	of := func(mean *mat.Dense, off, deviation float64) extent {
		var square, image float64
		for i, s := range h.s {
			y := mean.At(i, c) / deviation
			square, image = square+y*y, image+s*s*y*y
		}
		off /= deviation
		return extent{math.Sqrt(square) + off, off, root * (math.Sqrt(image) + largest(h.s)*off), float64(len(h.s))}
	}
	return of(h.x, h.offX[c], 1), of(h.v, h.offV[c], root)
}

// within bounds E |x|ᵏ sup φ(N) slope of one label, given x or v and what 1/σ is at most beside P/α, at matrices no further than a radius from M, by E|x|ᵏ and √(E|x|²ᵏ).
//
// Given x no further than R from its mean, N is at least N_R = (|α + āᵀγMb| − R|γMb|)/(√τ(|γMā| + R|γM|)), from where on the supremum is taken, and 1/σ at most
// 1/(√τ(|γMā| − R|γM|)); x is further with a probability of at most exp(−½(R − √m)²), as |x − ā| has a mean of at most √m and is Lipschitz in m independent normal
// numbers, and there E|x|ᵏ is at most √(E|x|²ᵏ) times the root of it. Where means are far apart, whole labels are far from the margin: that is what makes this smaller by orders of magnitude.
func (h *Hinge) within(c int, given, beside extent, radius, mean, rootOfSquare float64, slope func(inverse float64) func(n, l float64) float64) float64 {
	root := math.Sqrt(h.spread)
	score, moved := h.margin, root*h.gain*radius
	for i, s := range h.s {
		score += s * h.x.At(i, c) * h.v.At(i, c)
	}
	// what the means, and M, may be off by
	least := math.Abs(score) - given.off*beside.image - beside.off*given.image - moved*given.mean*beside.mean
	pull, image, norm := beside.image+moved*beside.mean, given.image+moved*given.mean, root*largest(h.s)+moved
	anywhere := peak(slope(math.Inf(1)), beside.mean, 0)
	best := mean * anywhere
	const further, furthest = 0.5, 12
	for deviations := further; deviations <= furthest; deviations += further {
		r := math.Sqrt(given.dim) + deviations
		from, inverse := max(0, (least-r*pull)/(image+r*norm)), math.Inf(1)
		if narrow := given.image - 2*root*largest(h.s)*given.off - moved*given.mean - r*norm; narrow > 0 {
			inverse = 1 / narrow
		}
		if from == 0 && math.IsInf(inverse, 1) {
			break
		}
		beyond := math.Exp(-deviations * deviations / 4)
		best = min(best, mean*peak(slope(inverse), beside.mean, from)+rootOfSquare*beyond*anywhere)
	}
	return best
}

// moment is E|x|² with bounds of E|x| and E|x|³, and √(E|x|⁶): |x|² is a noncentral χ², with the cumulants m + λ, 2(m + 2λ) and 8(m + 3λ).
func (p extent) moment() (first, second, third, rootOfSixth float64) {
	l := p.mean * p.mean
	second = p.dim + l
	variance, skew := 2*(p.dim+2*l), 8*(p.dim+3*l)
	return math.Sqrt(second), second, math.Pow(second*second+variance, 0.75), math.Sqrt(skew + 3*variance*second + second*second*second)
}

// The polynomials of N and ℓ beside φ(N), with coefficients that are not negative.
func secondSlope(n, l float64) float64 {
	p := n + l
	return p * (p*p + 1)
}

func thirdSlope(n, l float64) float64 {
	p := n + l
	return p * p * thirdTurn(n, l)
}

func thirdTurn(n, l float64) float64 {
	p := n + l
	return n*(p*p*p+3*p) + 3*(p*p+1)
}

func turnSlope(n, l float64) float64 { return n + l + 1 }

func moveTurn(n, l float64) float64 {
	p := n + l
	return n*(p*p+1) + 2*p + 2*(p+1)
}

// peak bounds φ(N) slope(N, ℓ) from an N on for a polynomial of a degree of at most 6 in N with coefficients that are not negative, or the least of several: on cells up to √6 by their
// ends, as it increases; from there on each of its powers decreases beside φ.
func peak(slope func(n, l float64) float64, l, from float64) float64 {
	const cell, decreasing = 1.0 / 16, 2.5
	most := math.Exp(-from*from/2) * slope(from, l)
	for n := from; n < decreasing; n += cell {
		most = max(most, math.Exp(-n*n/2)*slope(n+cell, l))
	}
	return roundedUp * most / math.Sqrt(2*math.Pi)
}

// offBy bounds what the errors of the points, and of M's eigenvectors, do to the gradient without γ (first) and to the curvature without γ² (second). Given v, a mean of x that is off by e
// moves u by at most |e||γMv| = |e|σ, so that in the notation of steepness, X = xᵀZv with |Z| = 1,
//
//	|E δ(u) eᵀγMv X|   ≤ |e||v| φ(N)(P + 1)
//	|E δ′(u) eᵀγMv X²| ≤ |e||v|² (φ(N)/σ)(N(P² + 1) + 2P),   |E δ(u) 2X eᵀZv| ≤ 2|e||v|² (φ(N)/σ)(P + 1),
//
// beside |e||v| of x itself; and for v given x. An M that is off by e moves them by the steepness times e, the gradient by Steepest.
func (h *Hinge) offBy() moments {
	dim, steep := float64(len(h.s)), h.steepness()
	turning := 16 * dim * math.Sqrt(dim) * dense.Roundoff * largest(h.s) / h.gain
	out := moments{first: turning * h.Steepest() / h.gain, second: turning * steep.third / (h.gain * h.gain)}
	root := math.Sqrt(h.spread)
	at := func(slope func(n, l float64) float64) func(float64) func(n, l float64) float64 {
		return func(float64) func(n, l float64) float64 { return slope }
	}
	move := func(inverse float64) func(n, l float64) float64 {
		return func(n, l float64) float64 { return min((n+l)/h.margin, inverse) * moveTurn(n, l) }
	}
	for c, p := range h.probabilities {
		x, v := h.sides(c)
		ofX, squareOfX, cubeOfX, _ := x.moment()
		ofV, squareOfV, cubeOfV, _ := v.moment()
		out.first += p * root * (x.off*(ofV+h.within(c, v, x, 0, ofV, ofV, at(turnSlope))) + v.off*(ofX+h.within(c, x, v, 0, ofX, ofX, at(turnSlope))))
		out.second += p * h.spread * (x.off*h.within(c, v, x, 0, squareOfV, math.Pow(cubeOfV, 2.0/3), move) + v.off*h.within(c, x, v, 0, squareOfX, math.Pow(cubeOfX, 2.0/3), move))
	}
	return out
}
