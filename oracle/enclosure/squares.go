package enclosure

import (
	"math"
	"math/cmplx"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// squares is the law of a score t = −½vᵀMv, minus half a squared distance beside a symmetric M: given a label c of probability p_c, v ∼ N(b_c, τI).
// It is xᵀMv for the point x = −½v, which is not independent of v.
type squares struct {
	probabilities []float64  // C, p_c
	v             *mat.Dense // m×C, b_c as columns
	off           []float64  // C, bounds of their errors, in length
	spread        float64    // τ
	s             []float64  // the eigenvalues of M
}

func (l squares) labels() []float64 { return l.probabilities }

// tilt states, with A = 1 + τθs in each coordinate,
//
//	E e^{θt} = Π A^{−½} exp(−½ Σ θs b²/A),   mean b/A and variance τ/A of v.
//
// Re A > 0 where Re θ τs > −1.
func (l squares) tilt(t *tilted, theta complex128, c int) {
	var exponent complex128
	t.clear()
	for i, s := range l.s {
		q, slope := complex(l.v.At(i, c), 0), theta*complex(s, 0)
		inverse := 1 / (1 + complex(l.spread, 0)*slope)
		pull, root := -slope*q*q*inverse/2, cmplx.Log(inverse)/2
		exponent += pull + root
		t.size += cmplx.Abs(pull) + cmplx.Abs(root)
		v, spread := q*inverse, complex(l.spread, 0)*inverse
		t.x, t.v = append(t.x, -v/2), append(t.v, v)
		t.xx, t.vv, t.xv = append(t.xx, spread/4), append(t.vv, spread), append(t.xv, -spread/2)
	}
	t.mass = cmplx.Exp(exponent)
}

func (l squares) reach() (below, above float64) {
	edge := func(sign float64) float64 {
		steepest := 0.0
		for _, s := range l.s {
			steepest = max(steepest, sign*s)
		}
		return 1 / (l.spread * steepest)
	}
	return edge(1), edge(-1)
}

// near is, as |x||v| = ½|v|², with A = 1 − κτ: ṽ/√A for points ṽ ∼ N(b/√A, τI), of probabilities times A^{−½m} exp(½κb²/A).
func (l squares) near(kappa float64) (of scores, scale float64) {
	a := 1 - kappa*l.spread
	if !(a >= 1-mostNear) {
		return nil, 0
	}
	out := squares{v: new(mat.Dense), spread: l.spread}
	out.v.Scale(1/math.Sqrt(a), l.v)
	for _, s := range l.s {
		out.s = append(out.s, s/a)
	}
	for c, p := range l.probabilities {
		v := mat.Norm(l.v.ColView(c), 2)
		if l.off[c]*(1+v) > offNear {
			return nil, 0
		}
		out.probabilities = append(out.probabilities, allowance*p*math.Pow(a, -float64(len(l.s))/2)*math.Exp(kappa*v*v/(2*a)))
	}
	return out, 1 / a
}

// cubes is E|v|⁶/8 by the cumulants of |v|²: Σ(b² + τ), Σ(2τ² + 4τb²) and Σ(8τ³ + 24τ²b²).
func (l squares) cubes() float64 {
	var sum float64
	dim, tau := float64(len(l.s)), l.spread
	for c, p := range l.probabilities {
		b := mat.Norm(l.v.ColView(c), 2)
		mean, variance, third := b*b+tau*dim, 2*tau*tau*dim+4*tau*b*b, 8*tau*tau*tau*dim+24*tau*tau*b*b
		sum += p * (mean*mean*mean + 3*mean*variance + third) / 8
	}
	return sum
}

// offBy: a point that is off by |δv| moves X = −½vvᵀ by |δv||v| and t by |M| times that, and |σ′| ≤ ¼, |σ″| ≤ 1/(6√3). M's eigenvectors do it as if
// they moved v.
func (l squares) offBy() moments {
	dim, tau := float64(len(l.s)), l.spread
	norm := largest(l.s)
	const steepest = 1 / (6 * 1.7320508)
	turning := 16 * dim * dense.Roundoff
	var out moments
	for c, p := range l.probabilities {
		b, dv := mat.Norm(l.v.ColView(c), 2), l.off[c]
		second := b*b + tau*dim // E|v|²
		fourth := second*second + 2*tau*tau*dim + 4*tau*b*b
		third := math.Pow(fourth, 0.75)
		sixth := 8 * math.Pow(fourth, 1.5) // as ‖Q‖₃ ≤ 2‖Q‖₂ of a polynomial Q of degree 2 in normal variables, by hypercontractivity
		fifth := math.Sqrt(fourth * sixth)
		out.mass += p * norm / 4 * (dv*math.Sqrt(second) + turning*second)
		out.first += p * (dv*(math.Sqrt(second)+norm*third/8) + turning*norm*fourth/8)
		out.second += p * (dv*(third/4+steepest*norm*fifth/4) + turning*norm*steepest*sixth/4)
	}
	return out
}
