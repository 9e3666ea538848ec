package enclosure

import (
	"math"
	"math/cmplx"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// bilinear is the law of a score t = xᵀMv: given a label c of probability p_c, x ∼ N(a_c, I) and v ∼ N(b_c, τI) are independent.
type bilinear struct {
	probabilities []float64  // C, p_c
	x, v          *mat.Dense // m×C and n×C, a_c and b_c as columns
	offX, offV    []float64  // C, bounds of their errors, in length
	spread        float64    // τ
	s             []float64  // the singular values of M, or the eigenvalues of a symmetric one, as many as min(m, n)
}

func (l bilinear) labels() []float64 { return l.probabilities }

// tilt states, with A = 1 − τθ²s² in each coordinate,
//
//	E e^{θt}   = Π A^{−½} exp(½ Σ (θ²s²(τa² + b²) + 2θs ab)/A)
//	means        (a + θs b)/A of x and (b + τθs a)/A of v
//	covariances  1/A of x, τ/A of v, τθs/A of both, coordinate by coordinate.
//
// Re A > 0 where |Re θ| √τ ‖M‖ < 1.
func (l bilinear) tilt(t *tilted, theta complex128, c int) {
	tau := complex(l.spread, 0)
	var exponent complex128
	t.clear()
	for i, s := range l.s {
		p, q, slope := complex(l.x.At(i, c), 0), complex(l.v.At(i, c), 0), theta*complex(s, 0)
		inverse := 1 / (1 - tau*slope*slope)
		spread, pull, root := inverse*slope*slope*(tau*p*p+q*q)/2, inverse*slope*p*q, cmplx.Log(inverse)/2
		exponent += spread + pull + root
		t.size += cmplx.Abs(spread) + cmplx.Abs(pull) + cmplx.Abs(root)
		t.x = append(t.x, inverse*(p+slope*q))
		t.v = append(t.v, inverse*(q+tau*slope*p))
		t.xx, t.vv, t.xv = append(t.xx, inverse), append(t.vv, tau*inverse), append(t.xv, tau*slope*inverse)
	}
	for i := len(l.s); i < l.x.RawMatrix().Rows; i++ { // M does not see these coordinates
		t.x, t.xx = append(t.x, complex(l.x.At(i, c), 0)), append(t.xx, 1)
	}
	for k := len(l.s); k < l.v.RawMatrix().Rows; k++ {
		t.v, t.vv = append(t.v, complex(l.v.At(k, c), 0)), append(t.vv, tau)
	}
	t.mass = cmplx.Exp(exponent)
}

func (l bilinear) reach() (below, above float64) {
	edge := 1 / (math.Sqrt(l.spread) * largest(l.s))
	return edge, edge
}

// near is, as |x||v| ≤ ½(√τ|x|² + |v|²/√τ), with A = 1 − κ√τ: x̃/√A and ṽ/√A for points x̃ ∼ N(a/√A, I) and ṽ ∼ N(b/√A, τI), of probabilities times
// A^{−½(m+n)} exp(½κ(√τ a² + b²/√τ)/A).
func (l bilinear) near(kappa float64) (of scores, scale float64) {
	root := math.Sqrt(l.spread)
	a := 1 - kappa*root
	if !(a >= 1-mostNear) {
		return nil, 0
	}
	rows, columns := l.x.RawMatrix().Rows, l.v.RawMatrix().Rows
	out := bilinear{x: new(mat.Dense), v: new(mat.Dense), spread: l.spread}
	out.x.Scale(1/math.Sqrt(a), l.x)
	out.v.Scale(1/math.Sqrt(a), l.v)
	for _, s := range l.s {
		out.s = append(out.s, s/a)
	}
	for c, p := range l.probabilities {
		x, v := mat.Norm(l.x.ColView(c), 2), mat.Norm(l.v.ColView(c), 2)
		if (l.offX[c]+l.offV[c])*(1+x+v) > offNear {
			return nil, 0
		}
		out.probabilities = append(out.probabilities, allowance*p*math.Pow(a, -float64(rows+columns)/2)*math.Exp(kappa*(root*x*x+v*v/root)/(2*a)))
	}
	return out, 1 / a
}

// largest is max |s_i|.
func largest(s []float64) float64 {
	var norm float64
	for _, x := range s {
		norm = max(norm, math.Abs(x))
	}
	return norm
}

// cubes is E|x|³ E|v|³, by the fourth moments.
func (l bilinear) cubes() float64 {
	var sum float64
	var t tilted
	for c, p := range l.probabilities {
		l.tilt(&t, 0, c)
		_, x4 := powers(t.x, t.xx)
		_, v4 := powers(t.v, t.vv)
		sum += p * math.Pow(x4*v4, 0.75)
	}
	return sum
}

// offBy: a point that is off by |δx|, |δv| moves t by |M|(|δx||v| + |x||δv|), and |σ′| ≤ ¼, |σ″| ≤ 1/(6√3).
func (l bilinear) offBy() moments {
	rows, columns := float64(l.x.RawMatrix().Rows), float64(l.v.RawMatrix().Rows)
	norm := largest(l.s)
	const steepest = 1 / (6 * 1.7320508)
	turning := 16 * max(rows, columns) * dense.Roundoff // of M's singular vectors
	var out moments
	for c, p := range l.probabilities {
		x, v := mat.Norm(l.x.ColView(c), 2), mat.Norm(l.v.ColView(c), 2)
		// E|x|², E|v|², and of the fourth powers
		square, other := x*x+rows, v*v+l.spread*columns
		fourth, fourthOther := square*square+2*rows+4*x*x, other*other+2*l.spread*l.spread*columns+4*l.spread*v*v
		dx, dv := l.offX[c], l.offV[c]
		third, thirdOther := math.Pow(fourth, 0.75), math.Pow(fourthOther, 0.75)
		out.mass += p * norm / 4 * (turning*math.Sqrt(square*other) + dx*math.Sqrt(other) + dv*math.Sqrt(square))
		out.first += p * (turning*norm*square*other/4 + dx*(math.Sqrt(other)+norm*math.Sqrt(square)*other/4) + dv*(math.Sqrt(square)+norm*square*math.Sqrt(other)/4))
		out.second += p * (turning*norm*steepest*third*thirdOther + dx*(math.Sqrt(square)*other/2+steepest*norm*square*thirdOther) + dv*(square*math.Sqrt(other)/2+steepest*norm*third*other))
	}
	return out
}
