package frullani

import (
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// conditional is E[log Z | x], Z = e^{s_0} + Σ_{i≤N} e^{s_i}, as a function of the means a_k = xᵀMμ_k of the scores with points of the
// components and of their standard deviation b = |Mx|: s_0 has the mean a_k with the probability π_k, and s_i with w_k. With
// G(c, b) = E exp(−e^{c+bξ}), P = −∂G/∂c and their derivatives in c by primes,
//
//	E[log Z | x] = κ + ∫ (exp(−e^{τ+κ}) − φ₀φ^N) dτ,   φ = Σ_k w_k G(τ + a_k, b), φ₀ = Σ_k π_k G(τ + a_k, b)
//	∂/∂a_k       = q_k = ∫ A_k P_k dτ,                  A_k = π_k φ^N + N w_k φ₀ φ^{N−1},   Σ q_k = 1
//	∂/∂b²        = r = ½ Σ_k ∫ A_k P′_k dτ,             as ∂G/∂b² = ½G″.
//
// For x ∈ R^m and points that the means μ_k say, in coordinates of unit variance, the second derivative in u = Mx as it moves the scores is a matrix
//
//	S = Σ_k ∫ A_k [P′_k μ_kμ_kᵀ + ½P″_k(μ_k vᵀ + vμ_kᵀ) + ¼P‴_k vvᵀ] dτ + 2r I
//	    − ∫ [Nφ^{N−1}(ΨΨ₀ᵀ + Ψ₀Ψᵀ) + N(N−1)φ₀φ^{N−2}ΨΨᵀ] dτ,   v = 2Mx, Ψ = Σ w_k(P_kμ_k + ½P′_k v), Ψ₀ with π_k,
//
// the mean of the covariance of the points under the softmax: D²[V, V] = E (Vx)ᵀ S Vx.
type conditional struct {
	negatives float64
	weights   []float64
	heights   heights
	deviates  deviates

	factors               []float64    // e^{bξ} of the nodes of ξ
	shifted               []float64    // e^{a_k − κ}
	below                 []float64    // 1 − G
	derivatives           [4][]float64 // P, P′, P″, P‴
	value, slope, defect  float64      // E[log Z|x], r, |Σ q_k − 1|
	shares                []float64    // q
	bend                  *mat.Dense   // S
	direct, indirect, one []float64    // Ψ, Ψ₀, and memory for one more
}

func newConditional(weights []float64, negatives int, dimension int, tolerance float64) *conditional {
	k := len(weights)
	c := &conditional{negatives: float64(negatives), weights: weights, heights: newHeights(tolerance), deviates: newDeviates(tolerance, negatives),
		shifted: make([]float64, k), below: make([]float64, k), shares: make([]float64, k), bend: mat.NewDense(dimension, dimension, nil),
		direct: make([]float64, dimension), indirect: make([]float64, dimension), one: make([]float64, dimension)}
	for i := range c.derivatives {
		c.derivatives[i] = make([]float64, k)
	}
	return c
}

// at evaluates value, shares and slope for the means and the deviation of the scores, of the given probabilities of the positive's components. Where points
// are given, m×K, it evaluates S, too, with v.
func (c *conditional) at(means []float64, deviation float64, partners []float64, points *mat.Dense, v []float64) {
	kappa := c.centre(means, deviation, partners)
	rule := c.deviates.of(deviation)
	c.factors = c.factors[:0]
	for _, xi := range rule.Nodes {
		c.factors = append(c.factors, math.Exp(deviation*xi))
	}
	c.value, c.slope = kappa, 0
	clear(c.shares)
	orders := 2
	if points != nil {
		orders = 4
		c.bend.Zero()
	}
	n := c.negatives
	for height := 0; ; height++ {
		t, weight := c.heights.at(height)
		var missing, missingFirst float64 // 1 − φ, 1 − φ₀
		for k, e := range c.shifted {
			c.transform(k, t*e, rule.Weights, orders)
			missing += c.weights[k] * c.below[k]
			missingFirst += partners[k] * c.below[k]
		}
		first := 1 - missingFirst
		// φ may be 0 where its last digits are: φ₀ is nearly that, then
		inside := 1 - missing
		power := math.Exp((n - 1) * math.Log1p(-missing)) // φ^{N−1}
		whole := first * power * inside
		c.value += weight * (math.Exp(-t) - whole)
		for k, e := range c.derivatives[0] {
			a := weight * (partners[k]*power*inside + n*c.weights[k]*first*power)
			c.shares[k] += a * e
			c.slope += a * c.derivatives[1][k] / 2
			if points != nil {
				c.addDirect(k, a, points, v)
			}
		}
		if points != nil && power > 0 {
			c.addPairs(weight, first, power, inside, partners, points, v)
		}
		if t > 1 && !(whole > c.heights.tolerance) {
			break
		}
	}
	var sum float64
	for _, q := range c.shares {
		sum += q
	}
	c.defect = math.Abs(sum - 1)
	if points != nil {
		dense.Symmetrise(c.bend)
		for i := range v {
			c.bend.Set(i, i, c.bend.At(i, i)+2*c.slope)
		}
	}
}

// centre sets the shifted means and returns κ = log E[Z|x].
func (c *conditional) centre(means []float64, deviation float64, partners []float64) float64 {
	largest := math.Inf(-1)
	for _, a := range means {
		largest = max(largest, a)
	}
	var sum float64
	for k, a := range means {
		sum += (partners[k] + c.negatives*c.weights[k]) * math.Exp(a-largest)
	}
	kappa := largest + math.Log(sum) + deviation*deviation/2
	for k, a := range means {
		c.shifted[k] = math.Exp(a - kappa)
	}
	return kappa
}

// transform evaluates 1 − G, P and so many derivatives for component k at e^c. With z = e^s,
//
//	P = E ze^{−z}, P′ = E z(1 − z)e^{−z}, P″ = E z(1 − 3z + z²)e^{−z}, P‴ = E z(1 − 7z + 6z² − z³)e^{−z}.
func (c *conditional) transform(k int, e float64, weights []float64, orders int) {
	const large, small = 745, 0.03
	var below, d0, d1, d2, d3 float64
	for n, f := range c.factors {
		z, w := e*f, weights[n]
		if z > large {
			below += w
			continue
		}
		var lost float64
		if z < small { // keeps all digits
			lost = z * (1 - z/2*(1-z/3*(1-z/4*(1-z/5*(1-z/6*(1-z/7))))))
		} else {
			lost = 1 - math.Exp(-z)
		}
		below += w * lost
		w *= z * (1 - lost)
		d0 += w
		d1 += w * (1 - z)
		if orders > 2 {
			d2 += w * (1 + z*(z-3))
			d3 += w * (1 + z*(-7+z*(6-z)))
		}
	}
	c.below[k], c.derivatives[0][k], c.derivatives[1][k], c.derivatives[2][k], c.derivatives[3][k] = below, d0, d1, d2, d3
}

// addDirect adds A_k [P′μμᵀ + P″μvᵀ + ¼P‴vvᵀ], not symmetric.
func (c *conditional) addDirect(k int, a float64, points *mat.Dense, v []float64) {
	d1, d2, d3 := a*c.derivatives[1][k], a*c.derivatives[2][k], a*c.derivatives[3][k]/4
	for i := range v {
		mu, row := points.At(i, k), c.bend.RawRowView(i)
		for l, x := range v {
			row[l] += d1*mu*points.At(l, k) + (d2*mu+d3*v[i])*x
		}
	}
}

// addPairs takes away what pairs of points do together.
func (c *conditional) addPairs(weight, first, power, inside float64, partners []float64, points *mat.Dense, v []float64) {
	clear(c.direct)
	clear(c.indirect)
	for k, p := range c.derivatives[0] {
		half := c.derivatives[1][k] / 2
		for i, x := range v {
			psi := p*points.At(i, k) + half*x
			c.direct[i] += c.weights[k] * psi
			c.indirect[i] += partners[k] * psi
		}
	}
	n := c.negatives
	for i := range c.one { // N(N−1)φ₀φ^{N−2}Ψ + 2Nφ^{N−1}Ψ₀
		c.one[i] = n*(n-1)*first*power/inside*c.direct[i] + 2*n*power*c.indirect[i]
	}
	dense.AddOuter(c.bend, -weight, c.direct, c.one)
}

// heights is the trapezoidal rule for τ = v − e^{−(v + bent)}, v equidistant: e^τ falls doubly exponentially to the left, and analytic functions of e^τ stay so
// on nearly as wide a strip as those of τ, as the bend lies where e^τ is small.
type heights struct {
	tolerance float64
	step      float64
	e, weight []float64 // e^τ and dτ
}

const bent = 2

func newHeights(tolerance float64) heights {
	const widest, narrowest = 0.8, 0.25
	return heights{tolerance: tolerance / 8, step: min(widest, max(narrowest, 10/-math.Log(tolerance/16)))}
}

// at is one node.
func (h *heights) at(n int) (e, weight float64) {
	for len(h.e) <= n {
		lowest := -bent - math.Log(3-math.Log(h.tolerance))
		v := lowest + h.step*float64(len(h.e))
		bend := math.Exp(-v - bent)
		h.e, h.weight = append(h.e, math.Exp(v-bend)), append(h.weight, h.step*(1+bend))
	}
	return h.e[n], h.weight[n]
}

// deviates are Gauss–Hermite rules for functions of e^{bξ} as smooth as exp(−e^{bξ}), which grows from |Im bξ| = ½π on.
type deviates struct {
	tolerance float64
	points    []int // for b up to so many grains, once it is known
}

const grain = 1.0 / 32

func newDeviates(tolerance float64, negatives int) deviates {
	return deviates{tolerance: tolerance}
}

// of is the rule for a deviation.
func (d *deviates) of(deviation float64) quadrature.Points {
	n := int(math.Ceil(deviation / grain))
	for len(d.points) <= n {
		width := 2 * grain * math.Max(0.5, float64(len(d.points)))
		points := 2
		for points < quadrature.MostPoints && quadrature.Estimate(width, points) > d.tolerance {
			points++
		}
		d.points = append(d.points, points)
	}
	return quadrature.Hermite(d.points[n])
}
