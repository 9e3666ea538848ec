package oracle

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// roundingError bounds the rounding of the softmax's average, as view.roundingError
// does for one modality.
func (c choice) roundingError(s softmax, g grid) float64 {
	rows, columns := c.m.Dims()
	k := len(c.anchors.weights)
	levels, exponent := 0, 1+c.pullSize()
	for i := range g.half {
		levels += 2*g.half[i] + 1
		exponent += s.ranges[i] * g.step[i] * float64(g.half[i])
	}
	largest := 0.0
	for _, offsets := range s.offset {
		largest = max(largest, slices.Max(offsets), -slices.Min(offsets))
	}
	exponent += largest
	q := float64(len(s.ranges))
	logit := float64(rows + columns + len(s.ranges) + 8)
	operations := float64(rows + columns + 4*k + 8)
	relative := unitRoundoff * (float64(levels+2*k+8) + 2*logit*exponent + operations)
	var sums float64
	for j, w := range c.anchors.weights {
		sums += w * (c.length[j] + 2*math.Sqrt(q)) * c.reach[j] * 2
	}
	return relative * sums
}

// pullSize bounds Σ|μ_a||M_ab||ν_b − ν̄_b|, the size of the terms of a logit.
func (c choice) pullSize() float64 {
	var pulled, sizes mat.Dense
	pulled.Mul(absolute(c.m), absolute(c.partners.centred()))
	sizes.Mul(absolute(c.anchors.means).T(), &pulled)
	return mat.Max(&sizes)
}

// quadraticError bounds the rounding of W M, doubled: γ_n Σ w|μ||μ|ᵀ|M| with n the
// operations that an entry sees (Higham, section 3.5), and what rounded weights change in it.
func (c choice) quadraticError() float64 {
	rows, columns := c.m.Dims()
	sizes := &view{weights: c.anchors.weights, means: absolute(c.anchors.means)}
	var all mat.Dense
	all.Mul(sizes.secondMoment(), absolute(c.m))
	operations := float64(2*rows + columns + 2*len(c.anchors.weights) + 16)
	return 2 * operations * unitRoundoff * crossNorm(c.anchors.w, &all, c.partners.w)
}

// inputError bounds the effect of the errors of the views' means on the average
// and on W M: first-order terms, doubled. Mean μ_j is off by |Δ_j| ≤ a|μ_j|, ν_j by
// |Δ'_j| ≤ b|ν_j|, and |Δ|_* ≤ light·|Δ|, light = max W^{−¼} of its side; primes mark the partners'.
//
//	of W M             w_j |Δ_j| light' (light |Mᵀμ_j| + |μ_j|_* ‖M‖)
//	of x(ν_k − ν_j)ᵀ   w_j (light |Δ_j| reach_j + 2 (|μ_j|_* + √q) light' max|Δ'|)
//	of the logits      which are off by e_j + e|t|, with e_j = |Δ_j| max|M(ν_k − ν_l)| +
//	                   2|Mᵀμ_j| max|Δ'| and e = 2‖M‖ max|Δ'|; they move p by twice as much
//	                   in sum: w_j 2 reach_j E[(|μ_j|_* + |t|)(e_j + e|t|)]
//
// The error of the logits may vary along one more direction than the softmax does.
func (c choice) inputError() float64 {
	k := len(c.anchors.weights)
	light := math.Pow(slices.Min(c.anchors.w), -0.25)
	lightPartners := math.Pow(slices.Min(c.partners.w), -0.25)
	off, offPartners := c.anchors.meansOff(), c.partners.meansOff()
	most := slices.Max(offPartners)
	var pulled, images mat.Dense
	pulled.Mul(c.m.T(), c.anchors.means)
	images.Mul(c.m, c.partners.means)
	norm, lengths := mat.Norm(c.m, 2), columnNorms(&pulled)
	var slope float64
	for j := range k {
		for i := range j {
			var d mat.VecDense
			d.SubVec(images.ColView(i), images.ColView(j))
			slope = max(slope, mat.Norm(&d, 2))
		}
	}
	rows, columns := c.m.Dims()
	q := math.Sqrt(float64(min(rows, columns, k-1) + 1))
	var sum float64
	for j, w := range c.anchors.weights {
		along := 2 * norm * most
		across := off[j]*slope + 2*lengths[j]*most
		sum += w * off[j] * lightPartners * (light*lengths[j] + c.length[j]*norm)
		sum += w * (light*off[j]*c.reach[j] + 2*(c.length[j]+q)*lightPartners*most)
		sum += w * 2 * c.reach[j] * (c.length[j] + q) * (across + along*q)
	}
	return 2 * sum
}

// absolute returns the entries' absolute values.
func absolute(a mat.Matrix) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, a)
	return out
}
