package enclosure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// quadraticLogits are a_k + b_kᵀt + ½tᵀQ_kt, as one component sees them, t ∼ N(0, I_q).
type quadraticLogits struct {
	constant  []float64    // K, a_k
	linear    [][]float64  // K×q, b_k
	quadratic []*mat.Dense // K, Q_k, q×q
}

// quadraticBound is what planQuadratic needs to know of logits and of an integrand
// g(t) = Σ_k p_k(t) g_k(t): |g(t)| ≤ (c + (x₀ + x₁|t|)(y₀ + y₁|t|)) Σ|p_k|.
type quadraticBound struct {
	c, x0, x1, y0, y1 float64

	linear    []float64   // q, D_i = range over k of b_k
	quadratic [][]float64 // q×q, Q_il = range over k of Q_k
}

// ranges are those of logits, without the integrand.
func (s *quadraticLogits) ranges() quadraticBound {
	q := len(s.linear[0])
	b := quadraticBound{linear: make([]float64, q)}
	values := make([]float64, len(s.constant))
	over := func(of func(k int) float64) float64 {
		for k := range values {
			values[k] = of(k)
		}
		return slices.Max(values) - slices.Min(values)
	}
	for i := range q {
		b.linear[i] = over(func(k int) float64 { return s.linear[k][i] })
		row := make([]float64, q)
		for l := range q {
			row[l] = over(func(k int) float64 { return s.quadratic[k].At(i, l) })
		}
		b.quadratic = append(b.quadratic, row)
	}
	return b
}

// size bounds |g| where Σ|p_k| = 1.
func (b quadraticBound) size(t float64) float64 { return b.c + (b.x0+b.x1*t)*(b.y0+b.y1*t) }

// planQuadratic chooses a tensor trapezoidal rule whose error bound is at most
// tolerance, within the limit of nodes, or ErrGrid.
//
// Along t_i, the other coordinates real, the phases of the exponentials at
// t_i + iη differ by at most η ρ(t), ρ = D_i + Σ_l Q_il|t_l|, t being the real parts: the
// imaginary part of a quadratic logit is η times its slope there. Up to
// η = π/(2ρ) they lie within a right angle, so that g is analytic and Σ|p_k| ≤ √2.
// The strip narrows as |t| grows, but so does the Gaussian: on the contours
// t_i ± iη(t), η = min(a, π/(2ρ)), of slope |η'| ≤ (2/π)η²Q_ii,
//
//	|Σ h g φ − ∫ g φ| ≤ 2 ∫ √2 |g| φ e^{η²/2} (1 + |η'|) / (e^{2πη/h} − 1) dt_i
//
// by the residue theorem, as for a strip of constant width (Trefethen and Weideman,
// SIAM Review 56 (2014), theorem 5.1), for any a > 0. The integral over all t is
// bounded by a sum over bins of |t_1|, …, |t_q|, each factor at its worst in a bin.
// Coordinates are replaced one after the other, the earlier summed, the later
// integrated; a bin's mass bounds both its sum and its integral.
func planQuadratic(b quadraticBound, tolerance, limit float64) (grid, error) {
	q := len(b.linear)
	g := grid{step: make([]float64, q), half: make([]int, q)}
	if q > mostQuadratic {
		return g, fmt.Errorf("%w: own covariances in %d directions", ErrGrid, q)
	}
	bins := newBins(q)
	share := tolerance / float64(2*q)
	for i := range q {
		step, strip := b.chooseStep(bins, i, share)
		reach, tail := b.chooseReach(bins, i, share)
		g.step[i], g.half[i] = step, int(math.Ceil(reach/step))
		g.bound += strip + tail
		if !(strip <= share) {
			return g, fmt.Errorf("%w: details finer than %.2g standard deviations", ErrGrid, step)
		}
	}
	if !(g.nodes() <= limit) {
		return g, fmt.Errorf("%w: %.2g points in %d directions", ErrGrid, g.nodes(), q)
	}
	return g, nil
}

// mostQuadratic bounds q, as bins are a tensor product too.
const mostQuadratic = 4

// levels is the number of additions that an average's nested sums see.
func (g grid) levels() int {
	var n int
	for _, half := range g.half {
		n += 2*half + 1
	}
	return n
}

// bins are intervals [edge_n, edge_{n+1}) of |t_l|, each of q coordinates. mass bounds
// both 2∫φ and the sum of hφ(nh) over the nodes within, of either sign, for any
// h ≤ 1: as φ falls, a sum is at most its first term and the integral.
type bins struct {
	q     int
	edges []float64
	mass  []float64
}

func newBins(q int) bins {
	const last = 12                                    // P(|t| > 12) is below 1e-32
	const beyond = 40                                  // float64 cannot tell φ(40) from 0
	width := [...]float64{0.125, 0.25, 0.75, 1.5}[q-1] // as fine as their number allows
	b := bins{q: q}
	for edge := 0.0; edge <= last; edge += width {
		b.edges = append(b.edges, edge)
	}
	b.edges = append(b.edges, beyond)
	for n, edge := range b.edges[:len(b.edges)-1] {
		integral := (math.Erfc(edge/math.Sqrt2) - math.Erfc(b.edges[n+1]/math.Sqrt2)) / 2
		b.mass = append(b.mass, 2*(integral+math.Exp(-edge*edge/2)/math.Sqrt(2*math.Pi)))
	}
	return b
}

// each visits the products of bins: where they begin and end, and their mass.
func (b bins) each(visit func(low, high []float64, mass float64)) {
	low, high := make([]float64, b.q), make([]float64, b.q)
	var descend func(depth int, mass float64)
	descend = func(depth int, mass float64) {
		if depth == b.q {
			visit(low, high, mass)
			return
		}
		for n, m := range b.mass {
			low[depth], high[depth] = b.edges[n], b.edges[n+1]
			descend(depth+1, mass*m)
		}
	}
	descend(0, 1)
}

// slope is ρ = D_i + Σ_l Q_il|t_l|.
func (b quadraticBound) slope(i int, t []float64) float64 {
	sum := b.linear[i]
	for l, q := range b.quadratic[i] {
		sum += q * t[l]
	}
	return sum
}

// strip bounds the error along direction i of step h, for contours no higher than a.
func (b quadraticBound) strip(in bins, i int, h, a float64) float64 {
	var sum float64
	in.each(func(low, high []float64, mass float64) {
		upper, lower := a, a
		if slope := b.slope(i, low); slope > 0 {
			upper = min(a, math.Pi/(2*slope))
		}
		if slope := b.slope(i, high); slope > 0 {
			lower = min(a, math.Pi/(2*slope))
		}
		bend := 1 + 2/math.Pi*upper*upper*b.quadratic[i][i]
		decay := 2 * math.Pi * lower / h
		sum += mass * b.size(floats.Norm(high, 2)+upper) * bend * math.Exp(upper*upper/2-decay) / -math.Expm1(-decay)
	})
	return 2 * math.Sqrt2 * sum
}

// chooseStep narrows the step gently until the bound of the strip meets its share.
func (b quadraticBound) chooseStep(in bins, i int, share float64) (h, bound float64) {
	const gently = 0.85
	for h = 1; ; h *= gently {
		bound = math.Inf(1)
		for a := 2 * math.Pi / h; a > 2*math.Pi/h/64; a /= 1.5 {
			bound = min(bound, b.strip(in, i, h, a))
		}
		if bound <= share || h < narrowestQuadratic {
			return h, bound
		}
	}
}

// narrowestQuadratic ends the search: 24 / 1e-3 nodes in one direction.
const narrowestQuadratic = 1e-3

// chooseReach returns the first edge T for which leaving out |t_i| > T errs by at most
// the share.
func (b quadraticBound) chooseReach(in bins, i int, share float64) (reach, bound float64) {
	beyond := make([]float64, len(in.edges)) // by bins of |t_i|
	in.each(func(low, high []float64, mass float64) {
		n, _ := slices.BinarySearch(in.edges, low[i])
		beyond[n] += mass * b.size(floats.Norm(high, 2))
	})
	n := len(in.mass) - 1
	for bound = beyond[n]; n > 1 && bound+beyond[n-1] <= share; n-- {
		bound += beyond[n-1]
	}
	return in.edges[n], bound
}

// quadraticSums are averages of p_k, t p_k and ttᵀp_k: 1 + q + q² numbers for each k.
type quadraticSums struct {
	q      int
	values []float64
}

func (s quadraticSums) of(k int) (zeroth float64, first *mat.VecDense, second *mat.Dense) {
	n := 1 + s.q + s.q*s.q
	own := s.values[k*n:][:n]
	return own[0], mat.NewVecDense(s.q, own[1:][:s.q]), mat.NewDense(s.q, s.q, own[1+s.q:])
}

// sums integrates by the grid. Sums are nested, one level a coordinate, so that their
// rounding grows with the number of nodes a coordinate only.
func (g grid) sums(s *quadraticLogits) quadraticSums {
	q, k := len(g.step), len(s.constant)
	n := 1 + q + q*q
	t, p := make([]float64, q), make([]float64, k)
	levels := make([][]float64, q+1)
	for depth := range levels {
		levels[depth] = make([]float64, k*n)
	}
	var descend func(depth int)
	descend = func(depth int) {
		own := levels[depth]
		if depth == q {
			s.softmax(t, p)
			for i, x := range p {
				monomials(own[i*n:][:n], t, x)
			}
			return
		}
		clear(own)
		for node := range 2*g.half[depth] + 1 {
			x := g.node(depth, node)
			t[depth] = x
			descend(depth + 1)
			w := g.step[depth] * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
			for i, y := range levels[depth+1] {
				own[i] += w * y
			}
		}
	}
	descend(0)
	return quadraticSums{q, levels[0]}
}

// softmax writes p_k(t), whatever the size of the logits.
func (s *quadraticLogits) softmax(t, p []float64) {
	largest := math.Inf(-1)
	for k, a := range s.constant {
		for i, x := range t {
			slope := s.linear[k][i]
			for l, y := range t {
				slope += s.quadratic[k].At(i, l) * y / 2
			}
			a += x * slope
		}
		p[k] = a
		largest = math.Max(largest, a)
	}
	for k, a := range p {
		p[k] = math.Exp(a - largest)
	}
	normalise(p, p)
}

// monomials writes x times 1, t and ttᵀ.
func monomials(into, t []float64, x float64) {
	q := len(t)
	into[0] = x
	for i, y := range t {
		into[1+i] = x * y
		for l, z := range t {
			into[1+q+i*q+l] = x * y * z
		}
	}
}
