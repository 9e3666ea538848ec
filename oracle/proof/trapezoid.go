package proof

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
)

// rule is a tensor trapezoidal rule for ∫ g(t) φ(t) dt over R^q, φ the standard normal
// density, for the functions g of one softmax: t_i = n h_i with |n| ≤ half_i. With tables of what the nodes
// have in common.
//
// Its error. Write D_i for the range of the logits' slopes along t_i. Let the other coordinates
// be real and |Im t_i| ≤ a_i ≤ π/(2D_i). The phases of the exponentials then lie within a
// right angle, so |Σ_k e_k| ≥ Σ_k|e_k|/√2. Hence p_k is analytic there with |p_k| ≤ √2, and
// S = Σ_k p_k/p_j has |S(t)|/√2 ≤ |S(t + ib)| ≤ S(t), |arg S| ≤ π/2, so that
//
//	|log S(t + ib)| ≤ log S(t) + ½ log 2 + π/2 ≤ 2 + log S(0) + Σ_l D_l|t_l|.
//
// As |φ(t + ib)| = φ(t)e^{b²/2}, the bounds
//
//	N_i = R_i e^{a_i²/2},   R_i = 2(1 + a_i) for p_k and t_l p_k,   R = 2 + log S(0) + Σ_l D_l for log S
//
// hold for ∫|g φ| along every line of the strip once the other coordinates are averaged over N(0, 1), since
// ∫φ = 1 and ∫|t|φ < 1. Coordinates are replaced one after the other. If some of the others are summed already,
// the averages of 1 and |t| are at most 2: h Σ_n ψ(nh) ≤ ∫ψ + h max ψ for ψ = φ, and with
// twice the maximum for |t|φ, is below 2 for h ≤ 1. So the step h_i errs by at most
//
//	2^(q−1) R_i 2e^{a_i²/2}/(e^{2πa_i/h_i} − 1)
//
// (Trefethen and Weideman, SIAM Review 56 (2014), theorem 5.1). Leaving out |t_i| > T_i = half_i h_i ≥ 1, where
// φ and tφ decrease, errs by at most 2^(q−1) R_i ∫_{|t|>T} max(1, |t|)φ ≤ 2^(q−1) R_i 2φ(T_i) ≤ 2^(q−1) R_i e^{−T_i²/2}.
type rule struct {
	context     *interval.Context
	axes        []axis
	momentError interval.Interval // of E p_k and of E t_i p_k
	ranges      []interval.Interval
}

// axis is the rule along t_i, with its tables over the nodes.
type axis struct {
	step    *big.Rat              // h ≤ 1
	half    int                   // nodes are n h, |n| ≤ half
	strip   *big.Rat              // a
	density []interval.Interval   // h φ(nh)
	first   []interval.Interval   // nh · h φ(nh)
	factor  [][]interval.Interval // exp(ℓ_ki √D_i nh), a row a node
}

// mostNodes limits the work of one softmax for a Limit of 1, in nodes times components²: a million take some ten seconds.
const mostNodes = 2e6

// newRule plans steps and tails for errors of about accuracy, and bounds them. It fails with
// ErrNotProved and gmm.ErrCost where that takes more evaluations than the softmax's limit.
func newRule(c *interval.Context, s softmax, accuracy float64) (rule, error) {
	r := rule{context: c, ranges: s.ranges(c)}
	work := float64(len(s.weights) * len(s.weights))
	for _, d := range r.ranges {
		upper, _ := d.Upper().Float64()
		a := planAxis(upper, accuracy, len(r.ranges))
		work *= float64(2*a.half + 1)
		r.axes = append(r.axes, a)
	}
	if err := c.Err(); err != nil {
		return rule{}, err
	}
	if work > s.limit.evaluations() {
		return rule{}, s.limit.outOfReach("", work)
	}
	r.momentError = c.FromInt(0)
	for i, a := range r.axes {
		if err := a.check(c, r.ranges[i]); err != nil {
			return rule{}, err
		}
		strip := c.FromRat(a.strip)
		share := c.Mul(c.Ldexp(c.Add(c.FromInt(1), strip), 1), a.error(c))
		r.momentError = c.Add(r.momentError, c.Ldexp(share, len(r.axes)-1))
		r.axes[i].tabulate(c, s, i)
	}
	return r, c.Err()
}

// planAxis chooses h, T and a in floating point; a.error bounds what they are worth.
func planAxis(slopes, accuracy float64, q int) axis {
	widest := math.Inf(1)
	if slopes > 0 {
		widest = math.Pi / 2 / slopes
	}
	digits := math.Log(8*float64(q)*math.Exp2(float64(q))) - math.Log(accuracy)
	// Without a limit a = 2π/h is best.
	h := min(1, math.Pi*math.Sqrt(2/digits))
	a := 2 * math.Pi / h
	if a > widest {
		a = widest
		h = min(1, 2*math.Pi*a/(digits+a*a/2))
	}
	const most = 1e6 // mostNodes refuses far less
	h = max(h, 1/most)
	step, strip := shortened(h), shortened(a)
	h, _ = step.Float64()
	return axis{step: step, strip: strip, half: int(math.Ceil(math.Sqrt(2*digits) / h))}
}

// shortened returns a dyadic number of 20 bits a little less than x > 0.
func shortened(x float64) *big.Rat {
	const bits = 20
	f := new(big.Float).SetPrec(bits).SetMode(big.ToZero).SetFloat64(x * (1 - 1.0/1024))
	r, _ := f.Rat(nil)
	return r
}

// check tells whether the bound of the error applies: h ≤ 1, half h ≥ 1, 2 a D ≤ π.
func (a axis) check(c *interval.Context, slopes interval.Interval) error {
	one := big.NewRat(1, 1)
	tail := new(big.Rat).Mul(a.step, big.NewRat(int64(a.half), 1))
	twice := c.Ldexp(c.Mul(c.FromRat(a.strip), slopes), 1)
	if a.step.Sign() <= 0 || a.step.Cmp(one) > 0 || tail.Cmp(one) < 0 || c.Sub(c.Pi(), twice).Sign() <= 0 {
		return fmt.Errorf("%w: a trapezoidal rule of step %s, %d nodes a side, in a strip of %s is not one that the bound covers",
			ErrNotProved, a.step.RatString(), a.half, a.strip.RatString())
	}
	return nil
}

// error encloses 2e^{a²/2}/(e^{2πa/h} − 1) + e^{−T²/2}.
func (a axis) error(c *interval.Context) interval.Interval {
	strip, step := c.FromRat(a.strip), c.FromRat(a.step)
	tail := c.Mul(step, c.FromInt(int64(a.half)))
	growth := c.Exp(c.Ldexp(c.Sqr(strip), -1))
	decay := c.Sub(c.Exp(c.Quo(c.Ldexp(c.Mul(c.Pi(), strip), 1), step)), c.FromInt(1))
	left := c.Exp(c.Neg(c.Ldexp(c.Sqr(tail), -1)))
	return c.Add(c.Quo(c.Ldexp(growth, 1), decay), left)
}

// logError encloses the bound of the error for log S, given an enclosure of log S(0).
func (r rule) logError(atZero interval.Interval) interval.Interval {
	c := r.context
	size := c.Add(c.FromInt(2), atZero)
	for _, d := range r.ranges {
		size = c.Add(size, d)
	}
	total := c.FromInt(0)
	for _, a := range r.axes {
		total = c.Add(total, a.error(c))
	}
	return c.Ldexp(c.Mul(size, total), max(0, len(r.axes)-1))
}

// tabulate fills the tables of axis i.
func (a *axis) tabulate(c *interval.Context, s softmax, i int) {
	height := c.Quo(c.FromRat(a.step), c.Sqrt(c.Ldexp(c.Pi(), 1)))
	slopes := make([]interval.Interval, len(s.weights))
	for k := range slopes {
		slopes[k] = s.slope(c, k, i)
	}
	nodes := 2*a.half + 1
	a.density, a.first = make([]interval.Interval, nodes), make([]interval.Interval, nodes)
	a.factor = make([][]interval.Interval, nodes)
	for n := range a.half + 1 {
		t := c.FromRat(new(big.Rat).Mul(a.step, big.NewRat(int64(n), 1)))
		density := c.Mul(height, c.Exp(c.Neg(c.Ldexp(c.Sqr(t), -1)))) // φ is even
		a.tabulateNode(c, a.half+n, t, density, slopes)
		a.tabulateNode(c, a.half-n, c.Neg(t), density, slopes)
	}
}

// tabulateNode fills the row of the node t, with h φ(t).
func (a *axis) tabulateNode(c *interval.Context, row int, t, density interval.Interval, slopes []interval.Interval) {
	a.density[row], a.first[row] = density, c.Mul(t, density)
	a.factor[row] = make([]interval.Interval, len(slopes))
	for k, slope := range slopes {
		a.factor[row][k] = c.Exp(c.Mul(slope, t))
	}
}

// integrate returns the rule's sums for g(e) and then for t_i g(e), i = 0 … q−1, where e_k(t) =
// start_k exp(slope_kᵀt).
func (r rule) integrate(start []interval.Interval, g func(e []interval.Interval) []interval.Interval) [][]interval.Interval {
	return r.descend(0, start, g)
}

// descend sums over the coordinates from depth on, nested, so that rounding grows with the
// nodes of a coordinate only.
func (r rule) descend(depth int, e []interval.Interval, g func([]interval.Interval) []interval.Interval) [][]interval.Interval {
	if depth == len(r.axes) {
		return [][]interval.Interval{g(e)}
	}
	c, a := r.context, r.axes[depth]
	var sums [][]*interval.Sum // g, t_depth g, and the later t_i g
	below := make([]interval.Interval, len(e))
	for n, density := range a.density {
		for k := range e {
			below[k] = c.Mul(e[k], a.factor[n][k])
		}
		inner := r.descend(depth+1, below, g)
		if sums == nil {
			sums = newSums(c, len(inner)+1, len(inner[0]))
		}
		for k, x := range inner[0] {
			sums[0][k].AddMul(density, x)
			sums[1][k].AddMul(a.first[n], x)
		}
		for i, row := range inner[1:] {
			for k, x := range row {
				sums[2+i][k].AddMul(density, x)
			}
		}
	}
	return enclosures(sums)
}

func newSums(c *interval.Context, rows, columns int) [][]*interval.Sum {
	sums := make([][]*interval.Sum, rows)
	for i := range sums {
		for range columns {
			sums[i] = append(sums[i], c.NewSum())
		}
	}
	return sums
}

func enclosures(sums [][]*interval.Sum) [][]interval.Interval {
	values := make([][]interval.Interval, len(sums))
	for i, row := range sums {
		for _, sum := range row {
			values[i] = append(values[i], sum.Interval())
		}
	}
	return values
}
