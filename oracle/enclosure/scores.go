package enclosure

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// scores is the law of a score t = ⟨M, X⟩, X = x vᵀ, of points x, m×1, and v, n×1, that are Gaussian under each of several labels, in
// coordinates in which M is diagonal.
//
// For the logistic function σ, all moments of a loss E log(1 + e^u), u = t + b, are integrals over one variable, whatever the dimensions and
// the number of labels: by Mellin's inversion
//
//	σ(u) = (1/2πi) ∫_{Re θ = c} e^{θu} π/sin πθ dθ,   0 < c < 1,
//
// and for c = 0 half of the residue 1 at θ = 0 beside the principal value, tanh(u/2) = 2∫_0^∞ sin(ωu)/sinh(πω) dω. So
//
//	E[σ(u) X]  = ½E[X] {c = 0} + ∫_0^∞ Re(E[X e^{θu}]/sin πθ) dω,   θ = c + iω
//	E[σ′(u) Y] =                ∫_0^∞ Re(θ E[Y e^{θu}]/sin πθ) dω,
//
// and x and v, weighed by e^{θt}, are jointly Gaussian with complex moments (type tilted).
type scores interface {
	// labels returns the probabilities of the labels.
	labels() []float64
	// tilt states the law of x and v under a label, weighed by e^{θt}.
	tilt(t *tilted, theta complex128, c int)
	// reach tells where Σ p E e^{θt} is finite: for −below < Re θ < above.
	reach() (below, above float64)
	// cubes bounds E|x|³|v|³.
	cubes() float64
	// near is the law weighed by e^{κ|x||v|}, κ ≥ 0, or by more than that, as labels with other probabilities; x and v are together scale times its. The
	// errors of the points are allowed for. It is nil where it is not finite, or hardly.
	near(kappa float64) (of scores, scale float64)
	// offBy bounds what the errors of the points, and of M's coordinates, do to E σ(u) (mass), to E σ(u)X in Frobenius norm (first) and to the
	// form E σ′(u)⟨V, X⟩² (second).
	offBy() moments
}

// tilted is the law of x and v under one label, weighed by e^{θt}.
type tilted struct {
	mass       complex128 // E e^{θt}
	size       float64    // Σ of the sizes of the terms of its exponent
	x, v       []complex128
	xx, vv, xv []complex128 // variances, and covariances of coordinates of one number
}

// clear forgets the law.
func (t *tilted) clear() {
	t.size = 0
	t.x, t.v, t.xx, t.vv, t.xv = t.x[:0], t.v[:0], t.xx[:0], t.vv[:0], t.xv[:0]
}

// moments are Σ_c p_c E of 1, |x||v| and |x|²|v|², or bounds of them.
type moments struct{ mass, first, second float64 }

// plus adds multiples of moments.
func (m moments) plus(factor float64, n moments) moments {
	return moments{m.mass + factor*n.mass, m.first + factor*n.first, m.second + factor*n.second}
}

// momentsOf bounds the moments of the points weighed by e^{θt} for a real θ within reach, by the inequality of Cauchy and Schwarz.
func momentsOf(l scores, theta float64) moments {
	var m moments
	var t tilted
	for c, p := range l.labels() {
		l.tilt(&t, complex(theta, 0), c)
		p *= real(t.mass)
		x2, x4 := powers(t.x, t.xx)
		v2, v4 := powers(t.v, t.vv)
		m = m.plus(p, moments{1, math.Sqrt(x2 * v2), math.Sqrt(x4 * v4)})
	}
	return m
}

// thirds are Σ_c p_c E of 1 and |x|³|v|³, or a bound of that.
type thirds struct{ mass, third float64 }

// thirdsOf bounds the moments of the points weighed by e^{θt} for a real θ within reach, by the inequality of Cauchy and Schwarz.
func thirdsOf(l scores, theta float64) (m thirds) {
	var t tilted
	for c, p := range l.labels() {
		l.tilt(&t, complex(theta, 0), c)
		p *= real(t.mass)
		m.mass += p
		m.third += p * math.Sqrt(sixth(t.x, t.xx)*sixth(t.v, t.vv))
	}
	return m
}

// sixth is E|y|⁶ of y ∼ N(mean, diag spread), real ones, by the cumulants of |y|²: Σ(y² + c), Σ(2c² + 4cy²) and Σ(8c³ + 24c²y²).
func sixth(mean, spread []complex128) float64 {
	var first, second, third float64
	for i, z := range mean {
		y, c := real(z)*real(z), real(spread[i])
		first, second, third = first+y+c, second+2*c*c+4*c*y, third+8*c*c*c+24*c*c*y
	}
	return first*first*first + 3*first*second + third
}

// mostNear bounds κ, and the errors of points times their lengths, in the laws near a matrix; these change exponents, which are of second degree in the points
// with slopes of at most their lengths, and moments by less than allowance.
const mostNear, offNear, allowance = 0.25, 1e-6, 1 + 1e-4

// powers are E|y|² and E|y|⁴ of y ∼ N(mean, diag spread), real ones.
func powers(mean, spread []complex128) (second, fourth float64) {
	var trace, square, form float64
	for i, z := range mean {
		y, c := real(z), real(spread[i])
		trace, square, form, second = trace+c, square+c*c, form+c*y*y, second+y*y
	}
	second += trace
	return second, second*second + 2*square + 4*form
}

// product is E x_i v_k under the weight.
func (t *tilted) product(i, k int) complex128 {
	z := t.x[i] * t.v[k]
	if i == k {
		z += t.xv[i]
	}
	return z
}

// addProducts adds Re(factor E[e^{θt} x vᵀ]).
func (t *tilted) addProducts(into *mat.Dense, factor complex128) {
	factor *= t.mass
	for i := range t.x {
		row := into.RawRowView(i)
		for k := range t.v {
			row[k] += real(factor * t.product(i, k))
		}
	}
}

// form is one of an orthonormal basis V of matrices, or of symmetric ones: E_ik, or (E_ik + E_ki)/√2.
type form struct {
	i, k int
	both bool
}

// forms returns the basis, (i, k) in lexicographic order: of symmetric matrices with i ≤ k.
func forms(rows, columns int, symmetric bool) []form {
	var out []form
	for i := range rows {
		first := 0
		if symmetric {
			first = i
		}
		for k := first; k < columns; k++ {
			out = append(out, form{i, k, symmetric && k > i})
		}
	}
	return out
}

// addSquares adds Re(factor E[e^{θt} (xᵀVv)²]) as a form in V, in a basis, to the first rows and columns.
func (t *tilted) addSquares(into *mat.SymDense, basis []form, factor complex128) {
	factor *= t.mass
	for row, f := range basis {
		for column, g := range basis[row:] {
			column += row
			into.SetSym(row, column, into.At(row, column)+real(factor*t.square(f, g)))
		}
	}
}

// addMixed adds Re(factor E[e^{θt} xᵀVv]) to the row after the basis, and Re(factor E[e^{θt}]) to the corner.
func (t *tilted) addMixed(into *mat.SymDense, basis []form, factor, corner complex128) {
	factor *= t.mass
	last := len(basis)
	for column, g := range basis {
		z := t.product(g.i, g.k)
		if g.both {
			z = (z + t.product(g.k, g.i)) / math.Sqrt2
		}
		into.SetSym(last, column, into.At(last, column)+real(factor*z))
	}
	into.SetSym(last, last, into.At(last, last)+real(corner*t.mass))
}

// square is the mean of the product of xᵀVv for two of the basis.
func (t *tilted) square(f, g form) complex128 {
	sum := t.fourth(f.i, f.k, g.i, g.k)
	if f.both {
		sum = (sum + t.fourth(f.k, f.i, g.i, g.k)) / math.Sqrt2
	}
	if !g.both {
		return sum
	}
	other := t.fourth(f.i, f.k, g.k, g.i)
	if f.both {
		other = (other + t.fourth(f.k, f.i, g.k, g.i)) / math.Sqrt2
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
	square := func(mean, spread []complex128) (sum float64) {
		for i, z := range mean {
			sum += real(z)*real(z) + imag(z)*imag(z) + cmplx.Abs(spread[i])
			if i < len(t.xv) {
				sum += cmplx.Abs(t.xv[i])
			}
		}
		return sum
	}
	return math.Sqrt(square(t.x, t.xx)), math.Sqrt(square(t.v, t.vv))
}

// roundings counts those that the mass times the mean of a product of points sees, relative to the mass and lengths: every term of the exponent
// is a product of few numbers, each off by a few roundings, and they are added.
func (t *tilted) roundings() float64 {
	dim := float64(max(len(t.x), len(t.v)))
	return 32 + 8*dim + (16+3*dim)*t.size
}
