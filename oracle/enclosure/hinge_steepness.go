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
		x, v := h.lengths(c)
		tau, dim := h.spread, float64(len(h.s))
		// in units of the deviations both points have the variance 1
		one, other := powersOf(x, dim), powersOf(v, dim)
		out.second += p * tau / h.margin * min(one.second*peak(secondSlope, v), other.second*peak(secondSlope, x))
		out.third += p * math.Pow(tau, 1.5) / (h.margin * h.margin) * min(one.third*peak(thirdSlope, v), other.third*peak(thirdSlope, x))
	}
	return steepness{roundedUp * h.gain * h.gain * out.second, roundedUp * h.gain * h.gain * h.gain * out.third}
}

// lengths are those of the means of x and of v/√τ.
func (h *Hinge) lengths(c int) (x, v float64) {
	return mat.Norm(h.x.ColView(c), 2), mat.Norm(h.v.ColView(c), 2) / math.Sqrt(h.spread)
}

// powersOf bounds E|y|, E|y|² and E|y|³ of y ∼ N(mean, I) by its length and dimension.
func powersOf(length, dim float64) (m struct{ first, second, third float64 }) {
	m.second = length*length + dim
	fourth := m.second*m.second + 2*dim + 4*length*length
	m.first, m.third = math.Sqrt(m.second), math.Pow(fourth, 0.75)
	return m
}

// The polynomials of N and ℓ beside φ(N), with coefficients that are not negative.
func secondSlope(n, l float64) float64 { p := n + l; return p * (p*p + 1) }
func thirdSlope(n, l float64) float64 {
	p := n + l
	return p * p * (n*(p*p*p+3*p) + 3*(p*p+1))
}
func turnSlope(n, l float64) float64 { return n + l + 1 }
func moveSlope(n, l float64) float64 {
	p := n + l
	return p * (n*(p*p+1) + 2*p + 2*(p+1))
}

// peak bounds sup_N φ(N) slope(N, ℓ) for a polynomial of a degree of at most 6 in N: on a cell by its ends, as the polynomial increases, and from N = √6 on each of its powers decreases
// beside φ.
func peak(slope func(n, l float64) float64, l float64) float64 {
	const cell, cells = 1.0 / 16, 40 // up to 2.5
	var most float64
	for i := range cells {
		n := float64(i) * cell
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
// beside |e||v| of x itself; and for v given x. An M that is off by e moves them by the steepness times e.
func (h *Hinge) offBy() moments {
	dim := float64(len(h.s))
	var norm float64
	for _, s := range h.s {
		norm = max(norm, math.Abs(s)/h.gain)
	}
	turning, steep := 16*dim*dense.Roundoff*norm*math.Sqrt(dim), h.steepness()
	out := moments{first: turning * steep.second / h.gain, second: turning * steep.third / (h.gain * h.gain)}
	for c, p := range h.probabilities {
		x, v := h.lengths(c)
		one, other, root := powersOf(x, dim), powersOf(v, dim), math.Sqrt(h.spread)
		dx, dv := h.offX[c], h.offV[c]/root
		out.first += p * root * (dx*other.first*(1+peak(turnSlope, x)) + dv*one.first*(1+peak(turnSlope, v)))
		out.second += p * h.spread / h.margin * (dx*other.second*peak(moveSlope, x) + dv*one.second*peak(moveSlope, v))
	}
	return out
}
