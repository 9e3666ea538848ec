package cosine

import (
	"math"
	"slices"

	"contrastcheck/oracle/line"
)

// Enclosure is a number that is known up to an error.
type Enclosure struct{ Value, Error float64 }

// Lower and Upper are bounds of the number.
func (e Enclosure) Lower() float64 { return math.Nextafter(e.Value-e.Error, math.Inf(-1)) }

// Upper is the bound from above.
func (e Enclosure) Upper() float64 { return math.Nextafter(e.Value+e.Error, math.Inf(1)) }

// plane is the law of the angle θ of (x₁, εx₂) on a rule. As the law is even in θ, nodes lie in [0, π] and stand for ±θ. They are found as γ = ½π − θ, the angle from the second axis, tan γ = tan β/ε.
type plane struct {
	law
	order    int         // nodes of a panel
	scale    float64     // κ = 1/τ
	cos, sin []float64   // of θ, at N nodes
	given    [][]float64 // K×N: the probability of each node, given each component
	mass     []float64   // N: Σ_k w_k given

	// outer bounds Σ of |density| over the ellipses, each times its panel's width and the truncation: the error of the integral of a function that is at most 1 there.
	outer float64
	// each is the largest of the same sums of one component's density.
	each float64
	// inner bounds the relative error of Σ_j mass_j e^(κ cos(θ − θ_j)), at each real θ: an ellipse's bound over the part of its panel, or where that has next to no mass, over all, as e^(κ cos) varies by e^(2κ).
	inner float64
	// density bounds the relative error of given and mass by rounding, and by that of the means and weights, where they count.
	density float64
	// angle bounds κ times the rounding of θ.
	angle float64
	// sum bounds the relative error of sums over nodes.
	sum float64
}

// The panels are such that κ|θ(z) − θ(x)| ≤ ½ for any z on the ellipse and the x of the panel nearest to it, by a bound of |dθ/dβ|, and |θ(z) − θ(x)| ≤ 1. Then
//
//   - κ sinh|Im θ| ≤ 0.6, so that e^(κ cos(θ(z) − φ)) has an argument within ±0.6 for every real φ, and a positive real part;
//   - |e^(κ cos(φ − θ(z)))| ≤ e^(κ cos(φ − θ(x′))) · steep for every x′ of the panel, which is 2w long: |θ(z) − θ(x′)| ≤ (1 + 2/above)/(2κ), and
//     |cos(φ − a) − cos(φ − b)| ≤ |a − b| cosh|Im| with cosh ≤ 1.2 on the first part of that way.
const (
	nothing  = unit / 64 // of densities times e^(2κ): no part of Z, at any θ
	mostTurn = 0.5
	steep    = 7.2 // e^(½·1.2 + 4/3)
)

// onPlane returns the law of angles of diag(1, ε), ε > 0, or ErrPanels.
func onPlane(l line.Mixture, noise, temperature float64, rule gauss) (*plane, error) {
	p := &plane{law: newLaw(l), scale: 1 / temperature, order: len(rule.at)}
	done, err := panels(-math.Pi/2, math.Pi/2, func(q panel) bool {
		d := q.height() * turn(noise, q)
		if !(d <= 1 && p.scale*d <= mostTurn) {
			return false
		}
		for _, a := range p.means {
			if !slowly(a, q) && !(densityBound(a, q)*math.Exp(2*p.scale) < nothing) {
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
	each := make([]float64, len(p.means))
	for _, q := range done {
		largest, total := 0.0, 0.0
		for k, a := range p.means {
			bound := densityBound(a, q)
			largest += p.weights[k] * bound
			each[k] += rule.truncation() * q.half() * bound
		}
		for i := range rule.at {
			beta, weight := rule.on(q, i)
			sin, cos := math.Sincos(beta)
			length := math.Hypot(sin, noise*cos)
			p.cos, p.sin = append(p.cos, sin/length), append(p.sin, noise*cos/length)
			mass := 0.0
			for k, a := range p.means {
				given := weight * density(a, sin, cos)
				p.given[k] = append(p.given[k], given)
				mass += p.weights[k] * given
			}
			p.mass = append(p.mass, mass)
			total += mass
		}
		missed := rule.truncation() * q.half() * largest
		p.outer += missed
		if of := steep * missed * math.Exp(2*p.scale); of < unit {
			negligible += of
		} else {
			p.inner = math.Max(p.inner, steep*missed/total)
		}
	}
	p.inner += negligible
	p.each = slices.Max(each)
	p.bounds(noise)
	return p, nil
}

// bounds sets the bounds of rounding. A density is e^(−t), t = a² cos²β/2, times what varies less, or below e^(−a²/2): where it is no part of Z, which varies by e^(2κ), its rounding is none either, so that t counts up to 45 + 2κ, and a²
// likewise as b² = min(a², 90 + 4κ) in what has e^(−a²/2). Exponentials and Φ err by some b² + 4 units, and where D < 0 the sum is at least (D² + 2)⁻¹ of its first term. With the mean a component's density changes by
// ∂ log p/∂a = E[r | β] sin β − a = −a cos²β + h sin β, 0 ≤ h ≤ 1.26 + |a|1{D < 0}, r having the density ∝ r e^(−(r − D)²/2), and with β by a cos β E[r | β]; means err by 2 units of their size, β by 4, weights by 3 and those of the rule by 8.
//
// β is known to some units of its size or of a panel's half-width, which is at most ε where that of β is less, and so is tan β. So γ errs by 8 units, but for cos β, which counts where ε > 1, by that times ε.
func (p *plane) bounds(noise float64) {
	a := p.farthest
	b := math.Min(a, math.Sqrt(90+4*p.scale))
	p.density = unit * ((b*b+2)*(6*b*b+24) + 4*b*(a+1.26) + 4*b*(b+1.26) + 4*a + 16)
	p.angle = unit * p.scale * (8*math.Max(1, noise) + 4)
	p.sum = unit * float64(p.order+len(p.cos)/p.order+8)
}

// cosines are E[cos θ | k], with a bound of their errors.
func (p *plane) cosines() ([]float64, float64) {
	out := make([]float64, len(p.means))
	for k, given := range p.given {
		out[k] = p.sumOver(func(j int) float64 { return given[j] * p.cos[j] })
	}
	const high = 1.6 // |cos θ| where |Im θ| ≤ 1
	return out, high*p.each + 2*(p.density+p.sum) + p.angle/p.scale
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

// sumOver sums f(j) over nodes, a panel after the other.
func (p *plane) sumOver(f func(j int) float64) (total float64) {
	for from := 0; from < len(p.cos); from += p.order {
		part := 0.0
		for j := from; j < from+p.order; j++ {
			part += f(j)
		}
		total += part
	}
	return total
}
