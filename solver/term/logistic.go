package term

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// logistic is the term
//
//	f(M) = E log(1 + e^t),   t = xᵀMv, v = y − x̂,
//
// (x, x̂) a positive pair and y an independent draw, of one modality whose components share a covariance. Given the components j, k and l of
// x, x̂ and y, x ∼ N(μ_j, I) and v ∼ N(μ_l − μ_k, 2I) are independent. As log(2 cosh ½t) = log 2 + ∫_0^∞ (1 − cos ωt)/(ω sinh πω) dω,
//
//	f(M)      = ½ E t + log 2 + ∫_0^∞ (1 − Re φ(ω))/(ω sinh πω) dω,   φ(ω) = E e^{iωt}
//	∇f(M)     = ½ E[x vᵀ] + ∫_0^∞ Im E[x vᵀ e^{iωt}]/sinh πω dω
//	D²f(M)[V] = ∫_0^∞ ω Re E[(xᵀVv) x vᵀ e^{iωt}]/sinh πω dω,
//
// one integral whatever the dimension: weighed by e^{iωt}, x and v are jointly Gaussian with complex moments (type waved).
// It is cut off where e^{−πω} is below rounding, and taken by composite Gauss–Legendre rules, finer until two of them agree.
type logistic struct {
	law    *Law
	labels []triple
	norm   func(g *mat.Dense) float64
}

// triple is a choice of components of x, x̂ and y: its probability, the mean of x and that of v.
type triple struct {
	weight float64
	x, v   []float64 // m
}

// Logistic is the logistic loss of a positive score against one negative.
func Logistic(l *Law) Term {
	return &logistic{law: l, labels: triples(l.Weights, l.Delta, l.Left.Means)}
}

// triples lists the choices of components whose probability is not 0. Where x̂ and y share theirs, v has the mean 0 whatever that is.
func triples(weights []float64, delta float64, means *mat.Dense) []triple {
	m, components := means.Dims()
	var out []triple
	for j, w := range weights {
		same := triple{x: mat.Col(nil, j, means), v: make([]float64, m)}
		for k, u := range weights {
			partner := (1 - delta) * u
			if k == j {
				partner += delta
			}
			if partner == 0 {
				continue
			}
			for l := range components {
				weight := w * partner * weights[l]
				if l == k {
					same.weight += weight
					continue
				}
				v := mat.Col(nil, l, means)
				floats.Sub(v, mat.Col(nil, k, means))
				out = append(out, triple{weight, same.x, v})
			}
		}
		out = append(out, same)
	}
	return out
}

func (f *logistic) traits() traits {
	m, _ := f.law.Left.Means.Dims()
	return traits{pull: 0.5, coarsest: coarse, relative: float64(16*m+64)*unitRoundoff + f.law.inputError()}
}

func (f *logistic) measuredBy(norm func(g *mat.Dense) float64, _ func() *mat.Dense) { f.norm = norm }

func (f *logistic) evaluation(evaluation) evaluation { return &logisticAt{of: f} }

// waved is the law of x and v under a triple, weighed by e^{iωt}, in coordinates in which M is diag(s): coordinate by coordinate, with
// a = 1 + 2ω²s²,
//
//	E e^{iωt}    = Π a^{−½} exp((iωs xv − ω²s²(x² + ½v²))/a)
//	means        (x + iωs v)/a and (v + 2iωs x)/a
//	covariances  1/a of x, 2/a of v, 2iωs/a of both.
type waved struct {
	exponent complex128
	mass     complex128 // its exponential
	x, v     []complex128
	a        []float64
	both     []complex128
}

func (t triple) waved(omega float64, s []float64, into *waved) {
	into.x, into.v, into.a, into.both = into.x[:0], into.v[:0], into.a[:0], into.both[:0]
	into.exponent = 0
	for i, si := range s {
		slope := omega * si
		a := 1 + 2*slope*slope
		x, v := t.x[i], t.v[i]
		into.exponent += complex(-math.Log(a)/2-slope*slope*(x*x+v*v/2)/a, slope*x*v/a)
		into.x = append(into.x, complex(x/a, slope*v/a))
		into.v = append(into.v, complex(v/a, 2*slope*x/a))
		into.a, into.both = append(into.a, a), append(into.both, complex(0, 2*slope/a))
	}
	into.mass = cmplx.Exp(into.exponent)
}

// product is E[x_i v_k] under the weight, its mass apart.
func (t *waved) product(i, k int) complex128 {
	z := t.x[i] * t.v[k]
	if i == k {
		z += t.both[i]
	}
	return z
}
