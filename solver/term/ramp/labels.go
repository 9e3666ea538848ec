package ramp

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Scores are the laws of the score of an anchor x against its positive x̂ and a negative y, M being the m×m identity: t = gain aᵀb under each label.
type Scores struct {
	Labels []Label
	Gain   float64
}

// triples visits the components j, k and l of x, x̂ and y whose probability is not 0.
func triples(weights []float64, delta float64, visit func(p float64, j, k, l int)) {
	for j, w := range weights {
		for k, u := range weights {
			partner := (1 - delta) * u
			if k == j {
				partner += delta
			}
			for l, v := range weights {
				if p := w * partner * v; p > 0 {
					visit(p, j, k, l)
				}
			}
		}
	}
}

// Dot states t = xᵀ(y − x̂) of components with the means μ (columns, m×K) and the covariance I: a = x and b = (y − x̂)/√2, of the mean (μ_l − μ_k)/√2.
func Dot(weights []float64, delta float64, means *mat.Dense) Scores {
	m, components := means.Dims()
	alike := make([]float64, components) // x̂ and y of one component, whichever it is
	out := Scores{Gain: math.Sqrt2}
	triples(weights, delta, func(p float64, j, k, l int) {
		if k == l {
			alike[j] += p
			return
		}
		b := mat.Col(nil, l, means)
		floats.Sub(b, mat.Col(nil, k, means))
		floats.Scale(math.Sqrt2/2, b)
		out.Labels = append(out.Labels, Label{p, mat.Col(nil, j, means), b})
	})
	for j, p := range alike {
		out.Labels = append(out.Labels, Label{p, mat.Col(nil, j, means), make([]float64, m)})
	}
	return out
}

// Distance states t = ½‖x − x̂‖² − ½‖x − y‖² = (x̂ − y)ᵀ(½(x̂ + y) − x): a = (x̂ − y)/√2 and b = (½(x̂ + y) − x)/√(3/2), which are
// independent, as x̂ and y have the same variance.
func Distance(weights []float64, delta float64, means *mat.Dense) Scores {
	m, _ := means.Dims()
	alone := Label{A: make([]float64, m), B: make([]float64, m)} // all of one component, whichever it is
	out := Scores{Gain: math.Sqrt(3)}
	triples(weights, delta, func(p float64, j, k, l int) {
		if j == k && k == l {
			alone.Weight += p
			return
		}
		a, b := make([]float64, m), make([]float64, m)
		for i := range m {
			x, partner, y := means.At(i, j), means.At(i, k), means.At(i, l)
			a[i], b[i] = (partner-y)/math.Sqrt2, ((partner-x)+(y-x))/2/math.Sqrt(1.5)
		}
		out.Labels = append(out.Labels, Label{p, a, b})
	})
	out.Labels = append(out.Labels, alone)
	return out
}
