package own

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
)

// rule is a tensor trapezoidal rule for ∫ p_k(ξ) ξ^m φ(ξ) dξ over R^s, m of a degree of at most 2, φ the standard normal density: ξ_i = n h_i,
// |n| ≤ half_i.
//
// Its error. Along ξ_i, the other coordinate real, the logits' phases at x + iy differ by at most yρ, where
//
//	ρ = D_i + Σ_l Q_il |ξ_l|, with x for ξ_i,   D_i, Q_il the ranges over k of β_ki and of Q_k,il,
//
// since the imaginary part of a quadratic at x + iy is y times its slope at x. Up to y = π/(2ρ) they lie within a right angle, so that
// |Σe_k| ≥ Σ|e_k|/√2: p_k is analytic there, and |p_k| ≤ √2. By the residue theorem, for every contour x ± iη(x) with 0 < η ≤ π/(2ρ),
//
//	|Σ h g(nh) − ∫g| ≤ Σ_± ∫ |g(x ± iη)| (1 + |η′|)/(e^{2πη/h} − 1) dx,
//
// as 1/(e^{−2πiz/h} − 1) has the residues of the sum and is at most 1/(e^{2πη/h} − 1) on it (Trefethen and Weideman, SIAM Review 56 (2014), prove it so for a
// constant η, theorem 5.1). Take η = min(a, π/(2ρ)), which has |η′| ≤ (2/π)η²Q_ii. As |φ(x + iη)| = φ(x)e^{η²/2} and |ξ^m| ≤ Π(1 + |ξ_l|²),
//
//	error along ξ_i ≤ 2√2 ∫∫ (1 + (|x| + η)²)(1 + ξ_l²) e^{η²/2} (1 + (2/π)η²Q_ii)/(e^{2πη/h} − 1) φ φ.
//
// Coordinates are replaced one after the other, so the other one is integrated or summed already. The integral is bounded by a sum over cells, the products
// of bins [u, v) of |x| and of |ξ_l|, each factor at its worst. Of either sign, a bin has at most the mass (v − u + h)φ(u), integrated or summed. The last
// bin is [U, ∞): there 1/(e^{2πη/h} − 1) ≤ h/(2πη) ≤ h/(2π) (1/a + 2ρ/π) makes every factor a polynomial with coefficients ≥ 0, of a degree of at most 3 in either coordinate,
// hence at most (x/U)³ times its value at U; and both ∫_U^∞ (x/U)³φ ≤ 2φ(U)/U and its sum, which is at most hφ(U) more, are at most 2φ(U) for U ≥ 3, h ≤ 1, as
// ∫_U^∞ x³φ = U²φ(U) + 2∫_U^∞ xφ = (U² + 2)φ(U).
//
// Leaving out |ξ_i| > T = half_i h_i ≥ 3 errs by at most 4^(s−1) · 4(1 + T²)φ(T): the sum of (1 + x²)φ is, in the same way, at most 2φ(T)(1 + T²) on either side, and the sum of
// h(1 + x²)φ over all nodes is at most 4, its integral 2 and four monotone pieces no higher than 2φ(1) < ½.
type rule struct {
	axes  []axis
	error interval.Interval
}

// axis is the rule along ξ_i, with its nodes and their weights.
type axis struct {
	step   *big.Rat // h ≤ 1
	half   int
	height *big.Rat // a
	nodes  []interval.Interval
	weight []interval.Interval // h φ(nh)
}

// bounds are D_i and Q_il.
type bounds struct {
	linear []interval.Interval
	bend   [][]interval.Interval
}

func (x softmax) bounds() (b bounds) {
	c, k := x.context, len(x.constant)
	for i := range x.start {
		b.linear = append(b.linear, spread(c, func(k int) interval.Interval { return x.linear[k][i] }, k))
		var row []interval.Interval
		for l := range x.start {
			row = append(row, spread(c, func(k int) interval.Interval { return x.bend[k][i][l] }, k))
		}
		b.bend = append(b.bend, row)
	}
	return b
}

// coarse is the precision of bounds of errors, in bits.
const coarse = 32

// newRule plans steps for errors of about accuracy; bound says what they are worth. most is how many nodes it may have.
func (x softmax) newRule(b bounds, accuracy, most float64) (r rule, err error) {
	c := x.context
	work := 1.0
	for i := range x.start {
		a := b.plan(i, accuracy)
		r.axes = append(r.axes, a)
		work *= float64(2*a.half + 1)
	}
	if work > most {
		return rule{}, Nodes(work)
	}
	r.error = c.FromInt(0)
	for i, a := range r.axes {
		r.axes[i] = a.tabulated(c)
	}
	return r, c.Err()
}

// bound encloses a bound of the error.
func (r rule) bound(b bounds) (interval.Interval, error) {
	c := interval.NewContext(coarse)
	sum := c.FromInt(0)
	for i, a := range r.axes {
		sum = c.Add(sum, c.Add(b.strip(c, r.axes, i), a.tail(c, len(r.axes))))
	}
	return sum, c.Err()
}

// Nodes is the error of a rule that needs more nodes than it may have.
type Nodes float64

func (n Nodes) Error() string {
	return fmt.Sprintf("own: a trapezoidal rule of %.2g nodes", float64(n))
}

// binWidth is that of the bins, in standard deviations.
const binWidth = 0.25

// plan chooses h, T and a in floating point: h so that no cell contributes more than about the accuracy.
func (b bounds) plan(i int, accuracy float64) axis {
	const spare = 1e4 // polynomials and the number of cells
	digits := math.Log(spare / accuracy)
	reach := math.Sqrt(2 * digits)
	float := func(x interval.Interval) float64 { f, _ := x.Upper().Float64(); return f }
	linear, own, other := float(b.linear[i]), float(b.bend[i][i]), 0.0
	for l, x := range b.bend[i] {
		if l != i {
			other = float(x)
		}
	}
	best, height := 0.0, 0.0
	for a := 16.0; a > 1e-7; a *= 0.8 {
		h := 1.0
		for x := 0.0; x < reach; x += binWidth {
			for y := 0.0; y < reach && (other > 0 || y == 0); y += binWidth {
				eta := min(a, math.Pi/2/(linear+own*(x+binWidth)+other*(y+binWidth)+1e-300))
				if needed := digits - (x*x+y*y)/2 + eta*eta/2; needed > 0 {
					h = min(h, 2*math.Pi*eta/needed)
				}
			}
		}
		const nearly = 0.98
		if h >= nearly*best { // the lowest contour that serves
			best, height = math.Max(h, best), a
		}
	}
	const narrowest = 1e-6 // far beyond what limits allow
	best = max(best, narrowest)
	step := shortened(best)
	h, _ := step.Float64()
	return axis{step: step, height: shortened(height + narrowest), half: int(math.Ceil(max(3, reach) / h))}
}

// shortened returns a dyadic number of 20 bits that is at most x > 0.
func shortened(x float64) *big.Rat {
	const bits = 20
	r, _ := new(big.Float).SetPrec(bits).SetMode(big.ToZero).SetFloat64(x).Rat(nil)
	return r
}

// density encloses φ(u).
func density(c *interval.Context, u interval.Interval) interval.Interval {
	return c.Quo(c.Exp(c.Neg(c.Ldexp(c.Sqr(u), -1))), c.Sqrt(c.Ldexp(c.Pi(), 1)))
}

// bin is [low, high), or [low, ∞) with high = low, of |ξ|, with what its mass is at most.
type bin struct {
	low, high, mass interval.Interval
	last            bool
}

// bins cover |ξ_l|.
func (a axis) bins(c *interval.Context) (out []bin) {
	step := c.FromRat(a.step)
	reach, _ := new(big.Rat).Mul(a.step, big.NewRat(int64(a.half), 1)).Float64()
	height, _ := a.height.Float64()
	count := int(math.Ceil((math.Hypot(reach, height) + 1) / binWidth)) // U ≥ T ≥ 3
	width := new(big.Rat).SetFloat64(binWidth)
	edge := func(n int) interval.Interval {
		return c.FromRat(new(big.Rat).Mul(width, big.NewRat(int64(n), 1)))
	}
	both := func(mass interval.Interval) interval.Interval { return c.Ldexp(mass, 1) } // signs
	for n := range count {
		low, high := edge(n), edge(n+1)
		mass := c.Mul(c.Add(c.FromRat(width), step), density(c, low))
		out = append(out, bin{low, high, both(mass), false})
	}
	last := edge(count)
	return append(out, bin{last, last, both(c.Ldexp(density(c, last), 1)), true})
}

// strip bounds the error of the rule along axis i.
func (b bounds) strip(c *interval.Context, axes []axis, i int) interval.Interval {
	one := c.FromInt(1)
	others := []bin{{c.FromInt(0), c.FromInt(0), one, false}} // of no other coordinate
	other := c.FromInt(0)
	for l, a := range axes {
		if l != i {
			others, other = a.bins(c), b.bend[i][l]
		}
	}
	height, step := c.FromRat(axes[i].height), c.FromRat(axes[i].step)
	halfPi, twoPi := c.Ldexp(c.Pi(), -1), c.Ldexp(c.Pi(), 1)
	least := c.Ldexp(one, -coarse/2)
	slope := func(x, y interval.Interval) interval.Interval { // ρ, or a little more than 0
		return c.Add(c.Add(b.linear[i], least), c.Add(c.Mul(b.bend[i][i], x), c.Mul(other, y)))
	}
	narrow := func(rho interval.Interval) interval.Interval { return c.Min(height, c.Quo(halfPi, rho)) }
	shallow := c.FromInt(1) // below which 1/(e^y − 1) ≤ 1/y is no worse
	sum := c.FromInt(0)
	for _, x := range axes[i].bins(c) {
		for _, y := range others {
			steepest := slope(x.high, y.high)
			upper, decay := narrow(slope(x.low, y.low)), c.Quo(c.Mul(twoPi, narrow(steepest)), step)
			var factor interval.Interval
			if x.last || y.last || c.Sub(decay, shallow).Sign() <= 0 {
				inverse := c.Add(c.Quo(one, height), c.Quo(steepest, halfPi))
				factor = c.Quo(c.Mul(step, inverse), twoPi)
			} else {
				left := c.Exp(c.Neg(decay))
				factor = c.Quo(left, c.Sub(one, left))
			}
			square := c.Sqr(upper)
			term := c.Mul(c.Mul(x.mass, y.mass), factor)
			term = c.Mul(term, c.Add(one, c.Sqr(c.Add(x.high, upper))))
			term = c.Mul(term, c.Add(one, c.Sqr(y.high)))
			term = c.Mul(term, c.Exp(c.Ldexp(square, -1)))
			term = c.Mul(term, c.Add(one, c.Quo(c.Mul(square, b.bend[i][i]), halfPi)))
			sum = c.Add(sum, term)
		}
	}
	return c.Mul(c.Sqrt(c.FromInt(8)), sum)
}

// tail bounds what is left out beyond T.
func (a axis) tail(c *interval.Context, coordinates int) interval.Interval {
	reach := c.FromRat(new(big.Rat).Mul(a.step, big.NewRat(int64(a.half), 1)))
	return c.Ldexp(c.Mul(c.Add(c.FromInt(1), c.Sqr(reach)), density(c, reach)), 2*coordinates)
}

// tabulated returns the axis with its nodes.
func (a axis) tabulated(c *interval.Context) axis {
	step := c.FromRat(a.step)
	for n := -a.half; n <= a.half; n++ {
		node := c.FromRat(new(big.Rat).Mul(a.step, big.NewRat(int64(n), 1)))
		a.nodes = append(a.nodes, node)
		a.weight = append(a.weight, c.Mul(step, density(c, node)))
	}
	return a
}
