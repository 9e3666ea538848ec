package frullani

import "math"

// spread is how far the points lie along one coordinate, and what a rule in that coordinate of x leaves.
//
// Let the points u_i stay as they are, R = max_i |u_i − c| and R_c = max_i |(u_i − c)_c|. As a function of the coordinate t_c of x = μ_j + t alone the softmax of the
// scores xᵀM(u_i − c) is analytic for |Im t_c| ≤ a where a|s_c|R_c ≤ θ < ½π: the phases of its exponentials lie within ±θ, so that Σ|p_i| ≤ 1/cos θ. There the terms x Σ p_i(u_i − c)ᵀ of the gradient
// are at most (|x| + a)R/cos θ, and those xᵀV(u_i − c) of the variance under the softmax, which D² is the mean of, make at most (|x| + a)²R²(1 + 1/cos θ)/cos θ. With
// |φ(t + ia)| = φ(t)e^{a²/2} the trapezoidal rule of step h errs, in the mean over the other coordinates, by at most (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1)
//
//	R^n f(R_c),   f(r) = min over a ≤ θ/(|s_c| r) of 2B(L + a)ⁿ e^{a²/2}/(e^{2πa/h} − 1),   n = 1, 2,
//
// L bounding √E|x|², or by R^n · 3Lⁿ anyway. f increases, and in the mean over the points, with T(r) ≥ E[Rⁿ; R_c > r] and r_0 < r_1 < …,
//
//	E Rⁿ f(R_c) ≤ f(r_0)T(0) + Σ_b (f(r_{b+1}) − f(r_b)) T(r_b).
//
// As one of the points at least is beyond r where R_c is,
//
//	T(r) = min(E Rⁿ, Σ_k (π_k + N w_k)(E_k[|u − c|ⁿ; |(u − c)_c| > r] + E Rⁿ P_k(|(u − c)_c| > r))).
type spread struct {
	order  int       // n
	slope  float64   // |s_c|
	radii  []float64 // r_b
	beyond []float64 // T(r_b)
	length float64   // L
	most   float64   // E Rⁿ
}

// theta is θ.
const theta = 1.15

// newSpread tabulates T.
func newSpread(p points, coordinate, order int, slope, length, farthest float64) spread {
	s := spread{order: order, slope: slope, length: length, most: farthest}
	const least, ratio = 0.25, 1.1
	for r := least; ; r *= ratio {
		var sum float64
		for k, count := range p.count {
			d := math.Abs(p.mean[k][coordinate])
			across := math.Sqrt(math.Max(0, p.far[k]*p.far[k]-d*d) + float64(p.m-1))
			probability := upper(r-d) + upper(r+d)
			first := d*probability + firstBeyond(r-d) + firstBeyond(r+d)
			moment := first + across*probability
			if order == 2 {
				moment = 2*d*d*probability + 2*(secondBeyond(r-d)+secondBeyond(r+d)) + across*across*probability
			}
			sum += count * (moment + farthest*probability)
		}
		s.radii, s.beyond = append(s.radii, r), append(s.beyond, min(farthest, sum))
		const none = 1e-25
		if sum < none*farthest {
			return s
		}
	}
}

// upper is P(ξ > y), firstBeyond bounds E[|ξ|; ξ > y] and secondBeyond E[ξ²; ξ > y].
func upper(y float64) float64 { return math.Erfc(y/math.Sqrt2) / 2 }

func firstBeyond(y float64) float64 {
	if y < 0 {
		return 0.8
	}
	return density(y)
}

func secondBeyond(y float64) float64 {
	if y < 0 {
		return 1
	}
	return y*density(y) + upper(y)
}

func density(y float64) float64 { return math.Exp(-y*y/2) / math.Sqrt(2*math.Pi) }

// bound is the mean of Rⁿ f(R_c) for a step.
func (s spread) bound(h float64) float64 {
	cosine := math.Cos(theta)
	factor := 2 / cosine
	if s.order == 2 {
		factor *= 1 + 1/cosine
	}
	n := float64(s.order)
	var sum float64
	last := len(s.radii) - 1
	next := 3 * math.Pow(s.length, n) // beyond the last radius
	for b := last; b >= 0; b-- {
		here := next
		if a := min(theta/(s.slope*s.radii[b]), 2*math.Pi/h); a > 0 {
			here = min(next, factor*math.Pow(s.length+a, n)*aliased(a, h))
		}
		sum += (next - here) * s.beyond[b]
		next = here
	}
	return sum + next*s.most
}

// aliased is e^{a²/2}/(e^{2πa/h} − 1), for 0 < a ≤ 2π/h, each part of which can be beyond float64.
func aliased(a, h float64) float64 {
	turn := 2 * math.Pi * a / h
	return math.Exp(a*a/2-turn) / -math.Expm1(-turn)
}

// axis is a rule along one coordinate: t = n·step for |n| ≤ half.
type axis struct {
	step float64
	half int
}

// Coordinates are replaced one after the other, and a sum in the place of an integral has up to this times its mass and second moment: by Poisson's formula
// 1 + 2 Σ max(1, ω² − 1)e^{−ω²/2}, ω = 2πn/h, at the widest step.
const widest, inflation = 1.4, 1.002

// newAxis chooses the coarsest rule along a coordinate whose errors are at most the share each, and returns them together. Leaving out |t| > T errs by at most
// E Rⁿ times the mean of |x|ⁿ there, |x| ≤ L + |t|.
func newAxis(s spread, share, farthest float64) (axis, float64) {
	const gently, narrowest, longest = 0.94, 1e-3, 13
	a := axis{step: widest}
	off := s.bound(a.step)
	for off > share && a.step > narrowest {
		a.step *= gently
		off = s.bound(a.step)
	}
	for t := 1.5; ; t += a.step / 2 {
		mass, second := 2*upper(t), 2*secondBeyond(t)
		tail := farthest * (s.length*mass + 2*density(t))
		if s.order == 2 {
			tail = farthest * 2 * (s.length*s.length*mass + second)
		}
		if tail *= inflation; tail <= share || t > longest {
			a.half = int(math.Ceil(t / a.step))
			return a, off + tail
		}
	}
}

// grid is a tensor rule under one component.
type grid struct {
	axes   []axis
	active []int // coordinates of the axes; along the others nothing but x itself depends on x
	err    float64
}

func (g grid) nodes() float64 {
	n := 1.0
	for _, a := range g.axes {
		n *= float64(2*a.half + 1)
	}
	return n
}

// grid plans a rule for an anchor of component j for the gradient, order 1, or D², order 2, whose error is about tolerance.
func (l Law) grid(j, order int, p points, tolerance float64) grid {
	m, _ := l.dims()
	var g grid
	length := math.Sqrt(l.anchor(j, 2) * math.Pow(inflation, float64(m)))
	farthest := p.farthest(float64(order))
	for i, s := range l.S {
		if s != 0 {
			g.active = append(g.active, i)
		}
	}
	for _, i := range g.active {
		a, off := newAxis(newSpread(p, i, order, math.Abs(l.S[i]), length, farthest), tolerance/float64(2*len(g.active)), farthest)
		g.axes = append(g.axes, a)
		g.err += off * math.Pow(inflation, float64(len(g.active)))
	}
	return g
}

// node writes t of the n-th node and returns its weight.
func (g grid) node(n int, t []float64) float64 {
	clear(t)
	weight := 1.0
	for d, a := range g.axes {
		width := 2*a.half + 1
		x := a.step * float64(n%width-a.half)
		n /= width
		t[g.active[d]] = x
		weight *= a.step * density(x)
	}
	return weight
}
