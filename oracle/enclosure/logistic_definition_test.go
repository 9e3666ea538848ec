package enclosure_test

import (
	"fmt"
	"math"

	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// A term of a side, and its definition in one dimension.
type kind struct {
	name string
	of   func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic
	defined
}

// defined is a term by its definition: parts m_p E log(1 + e^{ε_p(t + b)}) of a score t = mX, for the bias that is the best one where it is free.
type defined struct {
	parts func(v *whitened.Mixture, delta float64, rule normal) []definition
	free  bool
	bias  float64
	lost  float64 // by how much more its terms are rounded than the size of their sum tells: 0 stands for 1
}

// definition is a part: values of X with their probabilities.
type definition struct {
	factor, sign float64
	x, p         []float64
}

// normal are nodes and weights of a rule for means under N(0, 1).
type normal struct{ nodes, weights []float64 }

func newNormal(points int) normal {
	r := normal{make([]float64, points), make([]float64, points)}
	quad.Hermite{}.FixedLocations(r.nodes, r.weights, math.Inf(-1), math.Inf(1))
	for i := range r.nodes {
		r.nodes[i] *= math.Sqrt2
		r.weights[i] /= math.Sqrt(math.Pi)
	}
	return r
}

// pairsOf visits the components of pairs and what is their probability.
func pairsOf(v *whitened.Mixture, delta float64, visit func(j, k int, p float64)) {
	for j, w := range v.Weights {
		for k, u := range v.Weights {
			p := (1 - delta) * w * u
			if k == j {
				p += delta * w
			}
			visit(j, k, p)
		}
	}
}

// product adds the values of (a + √σ ξ)(b + √τ η).
func (d *definition) product(r normal, p, a, sigma, b, tau float64) {
	for i, z := range r.nodes {
		for k, y := range r.nodes {
			d.x = append(d.x, (a+math.Sqrt(sigma)*z)*(b+math.Sqrt(tau)*y))
			d.p = append(d.p, p*r.weights[i]*r.weights[k])
		}
	}
}

func tripletParts(v *whitened.Mixture, delta float64, r normal) []definition {
	d := definition{factor: 1, sign: 1}
	pairsOf(v, delta, func(j, k int, p float64) {
		for l, u := range v.Weights {
			d.product(r, p*u, v.Means.At(0, j), 1, v.Means.At(0, l)-v.Means.At(0, k), 2)
		}
	})
	return []definition{d}
}

// distanceTripletParts have ½(x − x̂)² − ½(x − y)² as its factors ½(x̂ + y) − x and x̂ − y, which are independent.
func distanceTripletParts(v *whitened.Mixture, delta float64, r normal) []definition {
	d := definition{factor: 1, sign: 1}
	pairsOf(v, delta, func(j, k int, p float64) {
		for l, u := range v.Weights {
			x, partner, other := v.Means.At(0, j), v.Means.At(0, k), v.Means.At(0, l)
			d.product(r, p*u, (partner+other)/2-x, 1.5, partner-other, 2)
		}
	})
	return []definition{d}
}

func sigmoidParts(m float64) func(v *whitened.Mixture, delta float64, r normal) []definition {
	return func(v *whitened.Mixture, delta float64, r normal) []definition {
		parts := []definition{{factor: 1, sign: -1}, {factor: m, sign: 1}}
		for i := range parts {
			pairsOf(v, []float64{delta, 0}[i], func(j, k int, p float64) {
				parts[i].product(r, p, v.Means.At(0, j), 1, v.Means.At(0, k), 1)
			})
		}
		return parts
	}
}

func distanceSigmoidParts(m float64) func(v *whitened.Mixture, delta float64, r normal) []definition {
	return func(v *whitened.Mixture, delta float64, r normal) []definition {
		parts := []definition{{factor: 1, sign: -1}, {factor: m, sign: 1}}
		for i := range parts {
			pairsOf(v, []float64{delta, 0}[i], func(j, k int, p float64) {
				for n, z := range r.nodes {
					apart := v.Means.At(0, j) - v.Means.At(0, k) + math.Sqrt2*z
					parts[i].x, parts[i].p = append(parts[i].x, -apart*apart/2), append(parts[i].p, p*r.weights[n])
				}
			})
		}
		return parts
	}
}

func sigmoidOf(m float64, b enclosure.Bias) kind {
	return kind{fmt.Sprintf("sigmoid of m = %g, %+v", m, b), func(v *whitened.Mixture, at *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewSigmoid(v, v, at, delta, m, b, nil)
	}, defined{sigmoidParts(m), !b.Fixed, b.Value, math.Sqrt(max(m, 1/m))}}
}

func distanceSigmoidOf(m float64) kind {
	return kind{fmt.Sprintf("distance-sigmoid of m = %g", m), func(v *whitened.Mixture, at *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewDistanceSigmoid(v, at, delta, m, nil)
	}, defined{distanceSigmoidParts(m), true, 0, math.Sqrt(max(m, 1/m))}}
}

// kinds are of all terms, with few and many negatives and biases at which the logistic function is small.
var kinds = []kind{
	{"triplet", func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewTriplets(v, m, delta, nil)
	}, defined{parts: tripletParts}},
	{"distance-triplet", func(v *whitened.Mixture, m *mat.Dense, delta float64) *enclosure.Logistic {
		return enclosure.NewDistanceTriplets(v, m, delta, nil)
	}, defined{parts: distanceTripletParts}},
	sigmoidOf(1, enclosure.Bias{}), sigmoidOf(4, enclosure.Bias{}), sigmoidOf(1e-3, enclosure.Bias{}), sigmoidOf(1e6, enclosure.Bias{}), sigmoidOf(1e-6, enclosure.Bias{}),
	sigmoidOf(1, enclosure.Bias{Fixed: true}), sigmoidOf(4, enclosure.Bias{Fixed: true, Value: -2}), sigmoidOf(4, enclosure.Bias{Fixed: true, Value: -12}),
	sigmoidOf(0.5, enclosure.Bias{Fixed: true, Value: 9}),
	distanceSigmoidOf(1), distanceSigmoidOf(64), distanceSigmoidOf(1e-4), distanceSigmoidOf(1e6),
}

// at evaluates, at m, the gradient, the least eigenvalue of the curvature, jointly with a free bias in units of the mean score beside m = 1, if larger than 1, and the size of the terms of the gradient.
func (d defined) at(m float64, parts []definition) (gradient, curvature, size float64) {
	b := d.bias
	var slope, mm, mb, bb float64
	for range 200 {
		gradient, slope, mm, mb, bb, size = 0, 0, 0, 0, 0, 0
		for _, p := range parts {
			for i, x := range p.x {
				u := p.sign * (m*x + b)
				s := 1 / (1 + math.Exp(-u))
				w := p.factor * p.p[i]
				gradient += w * p.sign * s * x
				size += w * s * math.Abs(x)
				slope += w * p.sign * s
				c := w * s / (1 + math.Exp(u))
				mm, mb, bb = mm+c*x*x, mb+c*x, bb+c
			}
		}
		step := -slope / bb
		if !d.free || math.Abs(step) < 1e-14 {
			break
		}
		b += math.Max(-1, math.Min(1, step))
	}
	if !d.free {
		return gradient, mm, size
	}
	unit := max(1, math.Abs(mb)/bb)
	mb, bb = unit*mb, unit*unit*bb
	half := (mm + bb) / 2
	return gradient, (mm*bb - mb*mb) / (half + math.Sqrt((mm-bb)*(mm-bb)/4+mb*mb)), size
}
