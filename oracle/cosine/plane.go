package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// Enclosure is a number that is known up to an error.
type Enclosure struct{ Value, Error float64 }

// Lower and Upper are bounds of the number.
func (e Enclosure) Lower() float64 { return math.Nextafter(e.Value-e.Error, math.Inf(-1)) }

// Upper is the bound from above.
func (e Enclosure) Upper() float64 { return math.Nextafter(e.Value+e.Error, math.Inf(1)) }

// plane is the law of the angle θ of (x₁, εx₂) on a rule. As the law is even in θ, nodes lie in [0, π] and stand for ±θ.
type plane struct {
	law
	scale    float64     // κ = 1/τ
	cos, sin []float64   // of θ, at N nodes
	given    [][]float64 // K×N: the probability of each node, given each component
	mass     []float64   // N: Σ_k w_k given

	// outer bounds Σ of |density| over the ellipses, each times its panel's width and the truncation: the error of the integral of a function that is at most 1 there.
	outer float64
	// inner bounds the relative error of Σ_j mass_j e^(κ cos(θ − θ_j)), at each real θ: an ellipse's bound over the part of its panel, or where that has next to no mass, over all, as e^(κ cos) varies by e^(2κ).
	inner float64
	// density bounds the relative error of given and mass by rounding, and by that of the means and weights.
	density float64
	// angle bounds κ times the rounding of θ.
	angle float64
	// sum bounds the relative error of sums over nodes.
	sum float64
}

// The panels are such that κ|θ(z) − θ(x)| ≤ ½ for any z on the ellipse and the x of the panel nearest to it, by a bound of |dθ/dα|, and |θ(z) − θ(x)| ≤ 1. Then
//
//   - κ sinh|Im θ| ≤ 0.6, so that e^(κ cos(θ(z) − φ)) has an argument within ±0.6 for every real φ, and a positive real part;
//   - |e^(κ cos(φ − θ(z)))| ≤ e^(κ cos(φ − θ(x′))) · steep for every x′ of the panel, which is 2w long: |θ(z) − θ(x′)| ≤ (1 + 2/above)/(2κ), and
//     |cos(φ − a) − cos(φ − b)| ≤ |a − b| cosh|Im| with cosh ≤ 1.2 on the first part of that way.
const (
	mostTurn = 0.5
	steep    = 7.2 // e^(½·1.2 + 4/3)
)

// onPlane returns the law of angles of diag(1, ε), ε > 0, or ErrPanels.
func onPlane(l line.Mixture, noise, temperature float64) (*plane, error) {
	p := &plane{law: newLaw(l), scale: 1 / temperature}
	done, err := panels(math.Pi, func(q panel) bool {
		d := q.height() * turn(noise, q)
		if !(d <= 1 && p.scale*d <= mostTurn) {
			return false
		}
		for _, a := range p.means {
			if !slowly(a, q) {
				return false
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	p.given = make([][]float64, len(p.means))
	negligible := 0.0
	for _, q := range done {
		largest, total := 0.0, 0.0
		for k, a := range p.means {
			largest += p.weights[k] * densityBound(a, q)
		}
		for i := range order {
			alpha, weight := q.at(i)
			sin, cos := math.Sincos(alpha)
			length := math.Hypot(cos, noise*sin)
			p.cos, p.sin = append(p.cos, cos/length), append(p.sin, noise*sin/length)
			mass := 0.0
			for k, a := range p.means {
				given := 2 * weight * density(a, cos, sin)
				p.given[k] = append(p.given[k], given)
				mass += p.weights[k] * given
			}
			p.mass = append(p.mass, mass)
			total += mass
		}
		missed := 2 * truncation * q.half() * largest
		p.outer += missed
		if of := steep * missed * math.Exp(2*p.scale); of < unit {
			negligible += of
		} else {
			p.inner = math.Max(p.inner, steep*missed/total)
		}
	}
	p.inner += negligible
	p.bounds(noise)
	return p, nil
}

// bounds sets the bounds of rounding. The nodes α err by 4 units, those of the panels' ends included, θ by that times max(ε, 1/ε) ≥ |dθ/dα| and 4 more. The density of a component changes by a factor
// of e^±(|a| + 1.26)|Δa| with its mean, as ∂ log p/∂a = E[r | α] cos α − a, where r has the density ∝ r e^(−(r − D)²/2) and so a mean within [0, 1.26 + max(D, 0)], and by
// e^±(|a| + 1.26)|a||Δα| with α; means err by 2 units of their size, weights by 3 and the rule's by 8.
func (p *plane) bounds(noise float64) {
	a := p.farthest
	p.density = unit * ((a*a+2)*(6*a*a+24) + 6*a*(a+1.26) + 16)
	p.angle = unit * p.scale * (4*math.Max(noise, 1/noise) + 4)
	p.sum = unit * float64(order+len(p.cos)/order+8)
}

// cosines are E[cos θ | k], with a bound of their errors.
func (p *plane) cosines() ([]float64, float64) {
	out := make([]float64, len(p.means))
	for k, given := range p.given {
		out[k] = blocks(len(given), func(j int) float64 { return given[j] * p.cos[j] })
	}
	const high = 1.6 // |cos θ| where |Im θ| ≤ 1
	least := 1.0
	for _, w := range p.weights {
		least = math.Min(least, w)
	}
	return out, high*p.outer/least + 2*(p.density+p.sum) + p.angle/p.scale
}

// attraction is E cos(θ − θ̂) = δ Σ_k w_k c_k² + (1 − δ)(Σ_k w_k c_k)², c_k = E[cos θ | k], as E[sin θ | k] = 0.
func (x law) attraction(c []float64, err float64) Enclosure {
	same, mean := 0.0, 0.0
	for k, w := range x.weights {
		same += w * c[k] * c[k]
		mean += w * c[k]
	}
	few := float64(len(c) + 8)
	return Enclosure{x.delta*same + (1-x.delta)*mean*mean, 2*err + err*err + few*4*unit}
}

// blocks sums f(0), …, f(n−1), a panel after the other.
func blocks(n int, f func(j int) float64) (total float64) {
	for from := 0; from < n; from += order {
		part := 0.0
		for j := from; j < min(from+order, n); j++ {
			part += f(j)
		}
		total += part
	}
	return total
}
