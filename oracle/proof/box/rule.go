package box

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
)

// rule is a tensor trapezoidal rule for E g(t), t ∼ N(0, I_q), of the functions p_k and p_k p_l of softmaxes whose logits' slopes along t_i have a range of at most D_i.
//
// On |Im t_i| ≤ a_i ≤ π/(2D_i), the other coordinates real, the exponentials' phases lie within a right angle, so that Σ|p_k| ≤ √2: there |p_k| ≤ √2 and |p_k p_l| ≤ ½. As
// |φ(t + ib)| = φ(t)e^{b²/2}, ∫|gφ| along every line of the strip is at most √2 e^{a²/2}, and the step h errs by at most
//
//	2·√2 e^{a²/2}/(e^{2πa/h} − 1)
//
// (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1), and leaving out |t_i| > T ≥ 1 by at most √2·2∫_T^∞ φ ≤ √2 e^{−T²/2}. Coordinates are replaced by sums one after the other; of those that are, h Σ φ(nh) ≤ 1 + h max φ ≤ 2
// for h ≤ 1. So all errors are at most Σ_i 2^{q−1}·√2·[2e^{a²/2}/(e^{2πa/h} − 1) + e^{−T²/2}]. What each sum errs by depends on the mixture; the bound does not.
type rule struct {
	axes  []axis
	error float64
}

// axis is the rule along t_i: nodes nh, |n| ≤ half. The step has few bits, so that nh is exact.
type axis struct {
	step    float64
	half    int
	strip   float64
	density []number // h φ(nh), from −half on
}

// nodes is how many values the rule takes.
func (r rule) nodes() float64 {
	nodes := 1.0
	for _, a := range r.axes {
		nodes *= float64(2*a.half + 1)
	}
	return nodes
}

// mostAlong is how many nodes a side an axis may have.
const mostAlong = 2000

// newRule plans steps and tails for errors of about 2^−accuracy, and bounds them. It fails with ErrOpen where ranges are not bounded, or so large that there would be too many nodes.
func newRule(c *interval.Context, ranges []number, accuracy uint) (rule, error) {
	var r rule
	q := len(ranges)
	sum := c.FromInt(0)
	for _, d := range ranges {
		a, ok := planAxis(d.Hi, accuracy, q)
		if !ok {
			return rule{}, fmt.Errorf("%w: its softmaxes are too steep, or not bounded", ErrOpen)
		}
		sum = c.Add(sum, a.error(c))
		a.tabulate(c)
		r.axes = append(r.axes, a)
	}
	factor := c.Ldexp(c.Sqrt(c.FromInt(2)), max(0, q-1))
	r.error = c.Mul(factor, sum).Double().Hi
	return r, c.Err()
}

// planAxis chooses h, T and a ≤ π/(2D), which error bounds.
func planAxis(slopes float64, accuracy uint, q int) (axis, bool) {
	const wide = 1e6
	if !(slopes < wide) {
		return axis{}, false
	}
	digits := math.Ln2*float64(accuracy) + math.Log(8*float64(q)*math.Exp2(float64(q)))
	h := min(1, math.Pi*math.Sqrt(2/digits))
	a := 2 * math.Pi / h
	const below = 1 - 1.0/1024 // π/2 in float64, with plenty of room
	if widest := math.Pi / 2 * below / slopes; a > widest {
		a = widest
		h = min(1, 2*math.Pi*a/(digits+a*a/2))
	}
	h, a = fewBits(h), fewBits(a)
	half := int(math.Ceil(math.Sqrt(2*digits) / h))
	return axis{step: h, strip: a, half: half}, half <= mostAlong && a > 0 && float64(half)*h >= 1 && 2*a*slopes < math.Pi*below*(1+1e-12)
}

// fewBits rounds a positive number down to 12 bits, so that it times a whole number up to mostAlong is exact.
func fewBits(x float64) float64 {
	const bits = 12
	fraction, exponent := math.Frexp(x)
	return math.Ldexp(math.Floor(math.Ldexp(fraction, bits)), exponent-bits)
}

// error encloses 2e^{a²/2}/(e^{2πa/h} − 1) + e^{−T²/2}.
func (a axis) error(c *interval.Context) interval.Interval {
	strip, step := c.FromFloat(big.NewFloat(a.strip)), c.FromFloat(big.NewFloat(a.step))
	tail := c.Mul(step, c.FromInt(int64(a.half)))
	growth := c.Exp(c.Ldexp(c.Sqr(strip), -1))
	decay := c.Sub(c.Exp(c.Quo(c.Ldexp(c.Mul(c.Pi(), strip), 1), step)), c.FromInt(1))
	left := c.Exp(c.Neg(c.Ldexp(c.Sqr(tail), -1)))
	return c.Add(c.Quo(c.Ldexp(growth, 1), decay), left)
}

// tabulate fills in the densities: e^{−(n+1)²h²/2} = e^{−n²h²/2} · e^{−(2n+1)h²/2}.
func (a *axis) tabulate(c *interval.Context) {
	step := c.FromFloat(big.NewFloat(a.step))
	density := c.Quo(step, c.Sqrt(c.Ldexp(c.Pi(), 1))).Double()
	ratio := c.Exp(c.Neg(c.Ldexp(c.Sqr(step), -1)))
	next, square := ratio.Double(), c.Sqr(ratio).Double()
	a.density = make([]number, 2*a.half+1)
	for n := range a.half + 1 {
		a.density[a.half+n], a.density[a.half-n] = density, density
		density, next = density.Mul(next), next.Mul(square)
	}
}

// powers returns e^{nx} for |n| ≤ half, from −half on.
func powers(c *interval.Context, x number, half int) []number {
	base := c.Exp(c.FromDouble(x)).Double()
	out := make([]number, 2*half+1)
	one := interval.Exactly(1)
	power := one
	for n := range half + 1 {
		out[half+n], out[half-n] = power, one.Quo(power)
		power = power.Mul(base)
	}
	return out
}
