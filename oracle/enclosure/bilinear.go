package enclosure

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// bilinear is the law of a score t = xᵀMv: given a label c of probability p_c, x ∼ N(a_c, I_m)
// and v ∼ N(b_c, τI_m) are independent.
//
// For the logistic function σ, all moments of a loss E log(1 + e^t) are integrals over one variable,
// whatever m and the number of labels: as tanh(t/2) = 2∫_0^∞ sin(ωt)/sinh(πω) dω,
//
//	E[σ(t) x vᵀ]             = ½E[x vᵀ] + ∫_0^∞ E[x vᵀ sin ωt] / sinh πω dω
//	E[σ′(t) (xᵀVv) x vᵀ]     = ∫_0^∞ ω E[(xᵀVv) x vᵀ cos ωt] / sinh πω dω,
//
// and x and v, weighed by e^{iωt}, are jointly Gaussian with complex moments (type tilted).
type bilinear struct {
	probabilities []float64  // C, p_c
	x, v          *mat.Dense // m×C, a_c and b_c as columns
	offX, offV    []float64  // C, bounds of their errors, in length
	spread        float64    // τ
	s             []float64  // the eigenvalues of M, in whose eigenvectors all is written
}

// tilted is the law of x and v under one label, weighed by e^{θt}, at an M that is diag(s): with
// A = 1 − τθ²s² in each coordinate,
//
//	E e^{θt}   = Π A^{−½} exp(½ Σ (θ²s²(τa² + b²) + 2θs ab)/A)
//	means        (a + θs b)/A of x and (b + τθs a)/A of v
//	covariances  1/A of x, τ/A of v, τθs/A of both, coordinate by coordinate.
//
// Re A > 0 where |Re θ| √τ ‖M‖ < 1.
type tilted struct {
	mass       complex128 // E e^{θt}
	size       float64    // Σ of the sizes of the terms of its exponent
	x, v       []complex128
	xx, vv, xv []complex128
}

func (l bilinear) tilt(t *tilted, theta complex128, c int) {
	tau := complex(l.spread, 0)
	var exponent complex128
	t.size = 0
	t.x, t.v, t.xx, t.vv, t.xv = t.x[:0], t.v[:0], t.xx[:0], t.vv[:0], t.xv[:0]
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
	t.mass = cmplx.Exp(exponent)
}

// moments bound Σ_c p_c E|x||v| and Σ_c p_c E|x|²|v|² of the points weighed by e^{θt} for a real θ, by the inequality of Cauchy and Schwarz, and
// for θ = 0, where x and v are independent, Σ_c p_c E|x|³|v|³.
type moments struct{ first, second, third float64 }

func (l bilinear) moments(theta float64) moments {
	var m moments
	var t tilted
	// E|y|² and E|y|⁴ of y ∼ N(mean, diag spread)
	powers := func(mean, spread []complex128) (second, fourth float64) {
		var trace, square, form float64
		for i, z := range mean {
			y, c := real(z), real(spread[i])
			trace, square, form, second = trace+c, square+c*c, form+c*y*y, second+y*y
		}
		second += trace
		return second, second*second + 2*square + 4*form
	}
	for c, p := range l.probabilities {
		l.tilt(&t, complex(theta, 0), c)
		p *= real(t.mass)
		x2, x4 := powers(t.x, t.xx)
		v2, v4 := powers(t.v, t.vv)
		m.first += p * math.Sqrt(x2*v2)
		m.second += p * math.Sqrt(x4*v4)
		m.third += p * math.Pow(x4*v4, 0.75)
	}
	return m
}

// both is the mean of the moments for θ and −θ, which bounds those of sin ωt and cos ωt for |Im ω| = θ.
func (l bilinear) both(theta float64) moments {
	m, n := l.moments(theta), l.moments(-theta)
	return moments{(m.first + n.first) / 2, (m.second + n.second) / 2, (m.third + n.third) / 2}
}

// product is E x_i v_k under the weight.
func (t *tilted) product(i, k int) complex128 {
	z := t.x[i] * t.v[k]
	if i == k {
		z += t.xv[i]
	}
	return z
}

// addProducts adds factor Im E[e^{iωt} x vᵀ].
func (t *tilted) addProducts(into *mat.Dense, factor float64) {
	for i := range t.x {
		row := into.RawRowView(i)
		for k := range t.v {
			row[k] += factor * imag(t.mass*t.product(i, k))
		}
	}
}

// addSquares adds factor Re E[e^{iωt} (xᵀVv)²] as a form in V, in the orthonormal basis E_ii and (E_ik + E_ki)/√2
// of the symmetric matrices, (i, k) in lexicographic order, i ≤ k.
func (t *tilted) addSquares(into *mat.SymDense, factor float64) {
	dim := len(t.x)
	row := 0
	for i := range dim {
		for k := i; k < dim; k++ {
			column := 0
			for a := range dim {
				for b := a; b < dim; b++ {
					if column >= row {
						into.SetSym(row, column, into.At(row, column)+factor*real(t.mass*t.square(i, k, a, b)))
					}
					column++
				}
			}
			row++
		}
	}
}

// square is the mean of the product of two such forms, xᵀV_{ik}v and xᵀV_{ab}v.
func (t *tilted) square(i, k, a, b int) complex128 {
	sum := t.fourth(i, k, a, b)
	if i != k {
		sum = (sum + t.fourth(k, i, a, b)) / math.Sqrt2
	}
	if a == b {
		return sum
	}
	other := t.fourth(i, k, b, a)
	if i != k {
		other = (other + t.fourth(k, i, b, a)) / math.Sqrt2
	}
	return (sum + other) / math.Sqrt2
}

// fourth is E x_i v_k x_a v_b, by Isserlis' formula about the means.
func (t *tilted) fourth(i, k, a, b int) complex128 {
	z := t.product(i, k) * t.product(a, b)
	if i == a {
		z += t.xx[i] * t.v[k] * t.v[b]
		if k == b {
			z += t.xx[i] * t.vv[k]
		}
	}
	if k == b {
		z += t.vv[k] * t.x[i] * t.x[a]
	}
	if i == b {
		z += t.xv[i] * t.v[k] * t.x[a]
		if k == a {
			z += t.xv[i] * t.xv[k]
		}
	}
	if k == a {
		z += t.xv[k] * t.x[i] * t.v[b]
	}
	return z
}

// lengths bound, by their product, the mean of a product of points under the weight, and what its terms are: |E x|² and |E v|² with the
// sizes of the variances and of the covariance of both, which may be larger than the variances.
func (t *tilted) lengths() (x, v float64) {
	for i, z := range t.x {
		x += real(z)*real(z) + imag(z)*imag(z) + cmplx.Abs(t.xx[i]) + cmplx.Abs(t.xv[i])
		v += real(t.v[i])*real(t.v[i]) + imag(t.v[i])*imag(t.v[i]) + cmplx.Abs(t.vv[i]) + cmplx.Abs(t.xv[i])
	}
	return math.Sqrt(x), math.Sqrt(v)
}

// roundings counts those that the mass times the mean of a product of points sees, relative to the mass and lengths: every term of the exponent
// is a product of few numbers, each off by a few roundings, and they are added.
func (t *tilted) roundings() float64 {
	dim := float64(len(t.x))
	return 32 + 8*dim + (16+3*dim)*t.size
}
