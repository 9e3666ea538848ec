package frullani

import (
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// conditional is E[log Z | x], Z = e^{s_0} + Σ_{i≤N} e^{s_i}, as a function of the means a_k = xᵀMμ_k of the scores with points of the
// components and of their standard deviation b = |Mx|, any κ being the mean of one score that Z is compared with: s_0 has the mean a_k with the probability π_k, and s_i with w_k. With
// G(c, b) = E exp(−e^{c+bξ}), P = −∂G/∂c and their derivatives in c by primes,
//
//	E[log Z | x] = κ + ∫ (G(τ + κ, b) − φ₀φ^N) dτ,      φ = Σ_k w_k G(τ + a_k, b), φ₀ = Σ_k π_k G(τ + a_k, b)
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
	tolerance float64
	deviates  *deviates
	kernels   []kernel // K
	single    kernel   // of the one score

	below                 []float64    // 1 − G
	derivatives           [4][]float64 // P, P′, P″, P‴
	value, slope, defect  float64      // E[log Z|x], r, |Σ q_k − 1|
	shares                []float64    // q
	bend                  *mat.Dense   // S
	direct, indirect, one []float64    // Ψ, Ψ₀, and memory for one more
}

func newConditional(weights []float64, negatives int, dimension int, tolerance float64) *conditional {
	k := len(weights)
	c := &conditional{negatives: float64(negatives), weights: weights, tolerance: tolerance / 8, deviates: newDeviates(tolerance/8, negatives), kernels: make([]kernel, k),
		below: make([]float64, k), shares: make([]float64, k), bend: mat.NewDense(dimension, dimension, nil),
		direct: make([]float64, dimension), indirect: make([]float64, dimension), one: make([]float64, dimension)}
	for i := range c.derivatives {
		c.derivatives[i] = make([]float64, k)
	}
	return c
}

// at evaluates value, shares and slope for the means and the deviation of the scores, of the given probabilities of the positive's components. Where points
// are given, m×K, it evaluates S, too, with v.
func (c *conditional) at(means []float64, deviation float64, partners []float64, points *mat.Dense, v []float64) {
	kappa, largest := c.centre(means, deviation, partners)
	for k, a := range means {
		c.deviates.kernel(&c.kernels[k], a, deviation)
	}
	middle := kappa - deviation*deviation/2
	c.deviates.kernel(&c.single, middle, deviation)
	c.value, c.slope = middle, 0
	clear(c.shares)
	orders := 2
	if points != nil {
		orders = 4
		c.bend.Zero()
	}
	n := c.negatives
	rule := c.heights(kappa, largest, deviation)
	end := int(math.Ceil((highest + c.deviates.reach*deviation - min(middle, floats.Min(means))) / rule.step)) // functions have their limits there
	for height := rule.first; height <= end; height++ {
		single, double := rule.weights(height)
		var missing, missingFirst float64 // 1 − φ, 1 − φ₀
		for k := range means {
			c.transform(k, height, rule, orders)
			missing += c.weights[k] * c.below[k]
			missingFirst += partners[k] * c.below[k]
		}
		missing, missingFirst = min(1, missing), min(1, missingFirst)
		first := 1 - missingFirst
		// φ may be 0 where its last digits are: φ₀ is nearly that, then
		inside := 1 - missing
		power := 1.0 // φ^{N−1}
		if n > 1 {
			power = math.Exp((n - 1) * math.Log1p(-missing))
		}
		whole := first * power * inside
		var of [functions]float64
		c.deviates.average(&of, &c.single, height<<rule.doublings, float64(height)*rule.step, 1)
		alone := 1 - of[0]
		c.value += double * (alone - whole)
		for k, e := range c.derivatives[0] {
			a := single * (partners[k]*power*inside + n*c.weights[k]*first*power)
			c.shares[k] += a * e
			c.slope += a * c.derivatives[1][k] / 2
			if points != nil {
				c.addDirect(k, a, points, v)
			}
		}
		if points != nil && power > 0 && inside > 0 {
			c.addPairs(double, first, power, inside, partners, points, v)
		}
		if rest := 8 * max(c.tolerance, finest); !(whole > rest || alone > rest) {
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

// centre returns κ = log E[Z|x] and the largest mean.
func (c *conditional) centre(means []float64, deviation float64, partners []float64) (kappa, largest float64) {
	largest = math.Inf(-1)
	for _, a := range means {
		largest = max(largest, a)
	}
	var sum float64
	for k, a := range means {
		sum += (partners[k] + c.negatives*c.weights[k]) * math.Exp(a-largest)
	}
	return largest + math.Log(sum) + deviation*deviation/2, largest
}

// transform evaluates 1 − G, P and so many derivatives for component k at a height.
func (c *conditional) transform(k, height int, rule heights, orders int) {
	var out [functions]float64
	c.deviates.average(&out, &c.kernels[k], height<<rule.doublings, float64(height)*rule.step, 1+orders)
	c.below[k] = out[0]
	for i := range orders {
		c.derivatives[i][k] = out[1+i]
	}
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

// heights is the trapezoidal rule for τ, n·step, of a step that is the deviates' times a power of two.
type heights struct {
	step      float64
	doublings int
	first     int
}

// heights chooses the rule. For scores that are fixed a step of π²/L leaves e^{−L} or so; where they vary widely φ is as smooth as a normal distribution function of that
// deviation, and φ^N varies on its extremes' scale.
//
// To the left what is averaged is ∝ e^{τ+κ}, and the rest of its sum over τ a geometric series, but for its square and the like: with e^{b²} for the moments; where b is so large that these mean nothing, normal
// tails end it earlier.
func (c *conditional) heights(kappa, largest, b float64) heights {
	level := -math.Log(c.tolerance)
	out := heights{step: c.deviates.step}
	for out.step < b/4/(1+math.Sqrt(2*math.Log(c.negatives))) {
		out.step *= 2
		out.doublings++
	}
	rare := 2 * (level + math.Log1p(c.negatives))
	lowest := -kappa - min(level, level/2+b*b/2)
	if b*b > rare {
		lowest = -largest - b*math.Sqrt(rare) - 1
	}
	out.first = int(math.Floor(lowest / out.step))
	return out
}

// weights of a height: of what falls like e^τ to the left of the first, and of what falls like e^{2τ}.
func (h heights) weights(height int) (single, double float64) {
	if height > h.first {
		return h.step, h.step
	}
	return h.step / -math.Expm1(-h.step), h.step / -math.Expm1(-2*h.step)
}
