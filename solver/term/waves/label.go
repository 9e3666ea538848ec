// Package waves has what losses of logistic functions of scores are computed by: laws of a score t = ⟨M, xvᵀ⟩ of Gaussian points under labels, what these
// are when they are weighed by e^{θt}, and rules for integrals over θ along a line of the complex plane.
package waves

import "gonum.org/v1/gonum/mat"

// Label is a choice of components: its probability, and the means of x and v given it.
type Label struct {
	Weight float64
	X, V   []float64 // m, n
}

// labels collects those of positive probability.
type labels []Label

func (l *labels) add(weight float64, x, v []float64) {
	if weight > 0 {
		*l = append(*l, Label{weight, x, v})
	}
}

// means are those of the components of one side, as columns.
type means struct{ *mat.Dense }

// mix is Σ_k c_k μ_k over pairs of a coefficient and a component; a coefficient's components may repeat.
func (m means) mix(of map[int]float64) []float64 {
	rows, columns := m.Dims()
	out := make([]float64, rows)
	for k := range columns { // in their order, so that sums are those of every run
		if c := of[k]; c != 0 {
			for i := range out {
				out[i] += c * m.At(i, k)
			}
		}
	}
	return out
}

// partners are the probabilities of the component of a pair's other point.
func partners(weights []float64, delta float64, j int) []float64 {
	out := make([]float64, len(weights))
	for k, w := range weights {
		out[k] = (1 - delta) * w
	}
	out[j] += delta
	return out
}

// Pairs are those of x of one side and v of another, of one component with probability δ, else independent. Where both are the same side, one label stands for its mirror
// image: under a symmetric M both weigh alike, and what is symmetric of x vᵀ is the same.
func Pairs(weights []float64, delta float64, left, right *mat.Dense) []Label {
	var out labels
	for j, w := range weights {
		x := mat.Col(nil, j, left)
		for k, p := range partners(weights, delta, j) {
			switch {
			case left != right || k == j:
				out.add(w*p, x, mat.Col(nil, k, right))
			case k < j:
				out.add(2*w*p, x, mat.Col(nil, k, right))
			}
		}
	}
	return out
}

// Differences are those of v, the difference of both points of such a pair of one side, and x = v: one label where they have the same component, whichever that is, and one for v and −v.
func Differences(weights []float64, delta float64, side *mat.Dense) []Label {
	var out labels
	var same float64
	for j, w := range weights {
		of := partners(weights, delta, j)
		same += w * of[j]
		for k := range j {
			v := means{side}.mix(map[int]float64{j: 1, k: -1})
			out.add(2*w*of[k], v, v)
		}
	}
	zero := means{side}.mix(nil)
	out.add(same, zero, zero)
	return out
}

// triples visits the components of a pair (x, x̂) of one side and of an independent point y, and their probability.
func triples(weights []float64, delta float64, visit func(weight float64, x, partner, other int)) {
	for j, w := range weights {
		for k, p := range partners(weights, delta, j) {
			for l, u := range weights {
				visit(w*p*u, j, k, l)
			}
		}
	}
}

// Triplets are those of x, of a pair (x, x̂), and v = y − x̂, y independent of them. Where x̂ and y share their component, v has the mean 0 whatever that is.
func Triplets(weights []float64, delta float64, side *mat.Dense) []Label {
	var out labels
	same := make([]float64, len(weights))
	triples(weights, delta, func(weight float64, j, k, l int) {
		if k == l {
			same[j] += weight
			return
		}
		out.add(weight, mat.Col(nil, j, side), means{side}.mix(map[int]float64{l: 1, k: -1}))
	})
	for j, weight := range same {
		out.add(weight, mat.Col(nil, j, side), means{side}.mix(nil))
	}
	return out
}

// DistanceTriplets are those of x' = ½(x̂ + y) − x and v = x̂ − y, of such points: ½|x − x̂|² − ½|x − y|² is their product.
func DistanceTriplets(weights []float64, delta float64, side *mat.Dense) []Label {
	var out labels
	var same float64
	triples(weights, delta, func(weight float64, j, k, l int) {
		if j == k && k == l {
			same += weight
			return
		}
		middle, apart := map[int]float64{}, map[int]float64{}
		middle[k] += 0.5
		middle[l] += 0.5
		middle[j]--
		apart[k]++
		apart[l]--
		out.add(weight, means{side}.mix(middle), means{side}.mix(apart))
	})
	zero := means{side}.mix(nil)
	out.add(same, zero, zero)
	return out
}
