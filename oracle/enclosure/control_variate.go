package enclosure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// quadraticPart is what is known in advance of the averages of a softmax: near t = 0,
//
//	p_k(t) ≈ p_k (1 + d_kᵀt + ½(d_kᵀt)² − ½Σ_l p_l (d_lᵀt)²),   d_k = slope_k − Σ_l p_l slope_l,
//
// and t_i p_k ≈ t_i p_k d_kᵀt, whose averages over points depend on Σ t tᵀ alone. What
// that differs from its expectation I by is taken out of the averages, which stay
// unbiased: p_k is that of t = 0.
//
// A steep softmax is less curved on average than at t = 0. For two components of logits
// that differ by a·t, E p′(a·t) = p′(0)/√(1 + πa²/8) nearly (MacKay, "The evidence
// framework applied to classification networks", Neural Computation 4 (1992)); as
// Σ_l p_l d_l² = a²/4 there, derivatives are damped by (1 + π/2 Σ_l p_l |d_l|²)^−½, and
// second ones by its cube.
type quadraticPart struct {
	s       softmax
	weights []float64
}

// correct takes out of p[j][k] and tp[i][k], averages over points of second moment
// second, q×q, what that is off by.
func (c quadraticPart) correct(p, tp, second *mat.Dense) {
	q, _ := second.Dims()
	off := mat.DenseCopyOf(second)
	for i := range q {
		off.Set(i, i, off.At(i, i)-1)
	}
	for j, w := range c.weights {
		probability := make([]float64, len(c.weights))
		normalise(exponentials(slices.Clone(c.s.offset[j])), probability)
		d := c.deviations(probability)
		var image mat.Dense // (S − I) d_k, q×K
		image.Mul(off, d)
		var variance, mean float64
		bends := make([]float64, len(probability)) // d_kᵀ(S − I)d_k
		for k, x := range probability {
			variance += x * mat.Dot(d.ColView(k), d.ColView(k))
			bends[k] = mat.Dot(d.ColView(k), image.ColView(k))
			mean += x * bends[k]
		}
		first := 1 / math.Sqrt(1+math.Pi/2*variance)
		for k, x := range probability {
			p.Set(j, k, p.At(j, k)-math.Pow(first, 3)*x*(bends[k]-mean)/2)
			for i := range q {
				tp.Set(i, k, tp.At(i, k)-w*first*x*image.At(i, k))
			}
		}
	}
}

// deviations returns slope_k − Σ_l p_l slope_l, q×K.
func (c quadraticPart) deviations(p []float64) *mat.Dense {
	d := mat.NewDense(len(c.s.slope), len(p), nil)
	for i, row := range c.s.slope {
		var mean float64
		for k, x := range p {
			mean += x * row[k]
		}
		for k := range p {
			d.Set(i, k, row[k]-mean)
		}
	}
	return d
}
