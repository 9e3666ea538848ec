package information

import (
	"math"

	"contrastcheck/oracle"
	"contrastcheck/oracle/internal/cores"
)

// axis is the trapezoidal rule along a coordinate.
type axis struct {
	first, step float64
	count       int
	spread      float64 // R, the range of the means
	strip       float64 // a, half the width of the strip of analyticity that its bound uses
	tail        float64 // T, how far nodes reach beyond the means
}

// wide is the part of π/R that a strip takes: beyond π/R, ρ may vanish.
const wide = 0.95

// widest is the largest step: sums of normal densities are then 1 to 6e-9.
const widest = 1.0

// newAxis is a rule that is meant to be exact to e^−digits.
func (l law) newAxis(j int, digits float64) axis {
	low, high := l.reach(j)
	a := axis{spread: high - low, strip: math.Sqrt(2 * digits)}
	if a.spread > 0 {
		a.strip = min(a.strip, wide*math.Pi/a.spread)
	}
	a.step = min(widest, 2*math.Pi*a.strip/(digits+a.strip*a.strip/2))
	a.tail = math.Sqrt(2*digits) + a.step
	a.count = int(math.Ceil((a.spread+2*a.tail)/a.step)) + 1
	a.first = (low+high)/2 - a.step*float64(a.count-1)/2
	return a
}

// node is a point of the rule with its probability together with each component, Σ_k given_k = weight.
type node struct {
	joint  []float64 // K
	weight float64
}

// Digits, as natural logarithms, that are tried in turn, and the pairs of nodes that a limit of 1 allows.
var digits = []float64{34, 30, 26, 22, 18, 14}

const pairs = 2e7

// light is the probability below which nodes are left out; what they weigh is in the bound.
const light = 1e-17

// most nodes of a product of rules, of which most are left out as a rule.
const most = 4e5

// integrated is I by the finest trapezoidal rule that the limit allows; false if there is none.
func (l law) integrated(limit float64) (Value, bool) {
	for _, d := range digits {
		axes := make([]axis, l.dimension())
		all := 1.0
		for j := range axes {
			axes[j] = l.newAxis(j, d)
			all *= float64(axes[j].count)
		}
		if all > most*limit {
			continue
		}
		nodes, left, exponent := l.nodes(axes)
		if n := float64(len(nodes)); n*n > pairs*limit {
			continue
		}
		return Value{l.sum(nodes), l.bound(axes, left, exponent, len(nodes)), oracle.Bounded, len(nodes)}, true
	}
	return Value{}, false
}

// nodes are those of the product of rules, the weight of those left out, and the largest exponent of a density.
func (l law) nodes(axes []axis) (nodes []node, left, exponent float64) {
	at := make([]float64, len(axes))
	var visit func(j int)
	visit = func(j int) {
		if j < len(axes) {
			for i := range axes[j].count {
				at[j] = axes[j].first + float64(i)*axes[j].step
				visit(j + 1)
			}
			return
		}
		n := node{joint: make([]float64, len(l.means))}
		for k, m := range l.means {
			square, scale := 0.0, l.weights[k]
			for j, x := range at {
				square += (x - m[j]) * (x - m[j])
				scale *= axes[j].step / math.Sqrt(2*math.Pi)
			}
			n.joint[k] = scale * math.Exp(-square/2)
			n.weight += n.joint[k]
			exponent = max(exponent, square/2)
		}
		if n.weight < light {
			left += n.weight
			return
		}
		nodes = append(nodes, n)
	}
	visit(0)
	return nodes, left, exponent
}

// sum is Σ F(x)F(y) ρ log ρ, each pair of nodes seen once.
func (l law) sum(nodes []node) float64 {
	rows := make([]float64, len(nodes))
	scaled := make([][]float64, len(nodes)) // √δ p(k|x)/√w_k
	for i, n := range nodes {
		scaled[i] = make([]float64, len(n.joint))
		for k, g := range n.joint {
			scaled[i][k] = g / n.weight * math.Sqrt(l.delta/l.weights[k])
		}
	}
	cores.Each(len(nodes), func(i int) {
		x, total := scaled[i], 0.0
		for j := range i + 1 {
			ratio := 1 - l.delta
			for k, y := range scaled[j] {
				ratio += x[k] * y
			}
			if ratio <= 0 { // ρ log ρ → 0
				continue
			}
			term := nodes[j].weight * ratio * math.Log(ratio)
			if j < i {
				term *= 2
			}
			total += term
		}
		rows[i] = nodes[i].weight * total
	})
	value := 0.0
	for _, r := range rows {
		value += r
	}
	return value
}

// bound bounds the error of sum, in which nodes of the weight left are missing.
//
// Let L = log(δ/min w + 1 − δ) ≥ log ρ; as ρ(log ρ)₋ ≤ 1/e, F̂|log ρ| ≤ L F̂ + FF/e everywhere. Move one coordinate of x by ib, |b| ≤ a < π/R, R the range
// of the means along it. Both ρ's numerator and its denominator, Σ_k w_k e^{μ_k·x − |μ_k|²/2} τ_k with τ_k > 0, turn by phases within bR of each other: their
// absolute values are at least cos(bR/2) of what they were, their arguments within bR/2 of a common one. So F̂ log ρ is analytic there, and at most
// e^{a²/2}(F̂|log ρ| + F̂(−log cos(aR/2) + aR)). The trapezoidal rule with step h is then off by 2/(e^{2πa/h} − 1) times the integral of that (Trefethen and Weideman,
// SIAM Review 2014, theorem 5.1). Coordinates are summed one after another; sums of normal densities are at most 1 + η, η = 2Σ_m e^{−2π²m²/h²}. What lies T beyond the means is cut off, of a probability
// 2Φ(h − T) on each coordinate. Rounding: a density is known to its exponent's 2⁻⁵³s. Last, with the whitened means off by e, dI = ∫ dF̂ log ρ, at most
// 2e√(E log²ρ) ≤ 2e√(L² + 4/e²).
func (l law) bound(axes []axis, left, exponent float64, nodes int) float64 {
	largest := l.largest()
	size := largest + 2/math.E // ≥ E|log ρ|, and ≥ L + 1/e
	grown := 1.0
	for _, a := range axes {
		q := math.Exp(-2 * math.Pi * math.Pi / (a.step * a.step))
		eta := 2 * q / (1 - q)
		grown *= (1 + eta) * (1 + eta)
	}
	total := 2 * left * size
	for _, a := range axes {
		turned := a.strip * a.spread
		strip := 2 / math.Expm1(2*math.Pi*a.strip/a.step) * math.Exp(a.strip*a.strip/2) * (size - math.Log(math.Cos(turned/2)) + turned)
		total += 2 * (strip + math.Erfc((a.tail-a.step)/math.Sqrt2)*size) // of x and of x̂
	}
	const unit = 0x1p-53
	density := (4*exponent + 4*float64(len(axes)) + 6) * unit
	ratio := 4*density + float64(len(l.weights)+8)*unit
	total += ratio*(1+size) + 2*float64(nodes)*unit*size
	return total*grown + 2*l.meanError*math.Sqrt(largest*largest+4/(math.E*math.E))
}
