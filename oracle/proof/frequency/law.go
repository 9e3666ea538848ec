// Package frequency encloses averages of the logistic function of bilinear scores by one integral over frequencies, in any dimension.
//
// Given a label, x ∼ N(a, Σ) and v ∼ N(b, τΣ) are independent, and t = xᵀMv + b₀ is their score. As σ(t) = ½ + ∫_0^∞ sin(ωt)/sinh(πω) dω,
//
//	E[σ(t) x vᵀ]          = ½E[x vᵀ] + ∫_0^∞ Im E[x vᵀ e^{iωt}] / sinh πω dω
//	E[σ′(t) (xᵀVv + β)²]  = ∫_0^∞ ω Re E[(xᵀVv + β)² e^{iωt}] / sinh πω dω,
//
// and x and v, weighed by e^{iωt}, are jointly Gaussian with complex moments. With θ = iω and, whitened, D = (I − τθ²M²)⁻¹,
//
//	E e^{θxᵀMv} = √det D exp(½θ²(τ aᵀM²Da + bᵀM²Db) + θ aᵀMDb)
//	means          D(a + θMb) of x and D(b + τθMa) of v
//	covariances    D of x, τD of v, τθMD of both,
//
// for every complex θ with |Re θ| √τ ‖M‖ < 1.
package frequency

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// Law is the law of x and v: in the basis W, a = Wα and b = Wβ with rational α and β, which are s long.
type Law struct {
	Gram   rational.Matrix // g = WᵀΣ⁻¹W, s×s, positive definite
	X, V   rational.Matrix // the α and the β that there are, as rows
	Labels []Label
	Spread int64 // τ ≥ 1
	// Free says that the bias b₀ is an unknown, too.
	Free bool
}

// Label says that x and v have the means X[X] and V[V].
type Label struct {
	Weight *big.Rat // > 0: a probability, or a sum of weighed ones
	X, V   int
}

// Place is a law at an M = Σ⁻¹W N WᵀΣ⁻¹ and a bias. With A = Ng and z = −τθ², D is (I + zA²)⁻¹ in the basis W, which is P(z)/q(z) with the
// polynomials of Faddeev and Le Verrier,
//
//	P_0 = I, q_0 = 1,   q_k = tr(A²P_{k−1})/k, P_k = q_k I − A²P_{k−1},
//
// whose coefficients are elementary symmetric functions of squares: for z ≥ 0 no term of q cancels another. Everything here is such a polynomial.
type Place struct {
	Law
	bias *big.Rat

	determinant  []*big.Rat      // q_k, s+1
	trace        []*big.Rat      // tr P_k
	spread       vectors         // the rows of P_k g⁻¹: D among points
	cross        vectors         // the rows of A P_k g⁻¹
	x, ax, v, av vectors         // P_k α, A P_k α and the same of β
	squareX      rational.Matrix // αᵀgA²P_kα
	squareV      rational.Matrix // βᵀgA²P_kβ
	pull         rational.Matrix // αᵀgAP_kβ of each label
}

// vectors are rows of polynomials: the coefficients come first.
type vectors []rational.Matrix

// At returns the place of N, s×s and symmetric, and of a bias.
func (l Law) At(n rational.Matrix, bias *big.Rat) *Place {
	p := &Place{Law: l, bias: bias, determinant: []*big.Rat{big.NewRat(1, 1)}}
	a, inverse := n.Times(l.Gram), rational.Inverse(l.Gram)
	square := a.Times(a)
	power := rational.Identity(len(n)) // P_k
	p.squareX, p.squareV, p.pull = make(rational.Matrix, len(l.X)), make(rational.Matrix, len(l.V)), make(rational.Matrix, len(l.Labels))
	for k := 1; k <= len(n); k++ {
		p.add(power, a, square, inverse)
		next := square.Times(power)
		q := next.Trace()
		q.Quo(q, big.NewRat(int64(k), 1))
		p.determinant = append(p.determinant, q)
		power = next.Scaled(big.NewRat(-1, 1)).Plus(q, rational.Identity(len(n)))
	}
	return p
}

// add appends the coefficients that P_k makes.
func (p *Place) add(power, a, square, inverse rational.Matrix) {
	moved := a.Times(power)
	p.trace = append(p.trace, power.Trace())
	p.spread, p.cross = append(p.spread, power.Times(inverse)), append(p.cross, moved.Times(inverse))
	rows := func(points, by rational.Matrix) rational.Matrix { return points.Times(by.Transposed()) }
	p.x, p.ax = append(p.x, rows(p.X, power)), append(p.ax, rows(p.X, moved))
	p.v, p.av = append(p.v, rows(p.V, power)), append(p.av, rows(p.V, moved))
	form := p.Gram.Times(square).Times(power)
	for j, x := range p.X {
		p.squareX[j] = append(p.squareX[j], form.Form(x, x))
	}
	for l, v := range p.V {
		p.squareV[l] = append(p.squareV[l], form.Form(v, v))
	}
	images := rows(p.V, p.Gram.Times(moved))
	for i, label := range p.Labels {
		p.pull[i] = append(p.pull[i], rational.Dot(p.X[label.X], images[label.V]))
	}
}

// tilt encloses what a Place is at one z.
type tilt struct {
	mass             interval.Interval // √det D
	trace            interval.Interval // tr D
	spread, cross    [][]interval.Interval
	x, ax, v, av     [][]interval.Interval
	squareX, squareV []interval.Interval
	pull             []interval.Interval // of each label
}

// at encloses the tilt at z, at which det(I + zA²) must be positive.
func (p *Place) at(c *interval.Context, z interval.Interval) tilt {
	determinant := horner(c, z, p.determinant)
	quotient := func(coefficients []*big.Rat) interval.Interval {
		return c.Quo(horner(c, z, coefficients), determinant)
	}
	row := func(polynomials rational.Matrix) (values []interval.Interval) {
		for _, coefficients := range polynomials {
			values = append(values, quotient(coefficients))
		}
		return values
	}
	rows := func(v vectors) [][]interval.Interval {
		values := make([][]interval.Interval, len(v[0]))
		for i := range values {
			for entry := range v[0][i] {
				coefficients := make([]*big.Rat, len(v))
				for k := range v {
					coefficients[k] = v[k][i][entry]
				}
				values[i] = append(values[i], quotient(coefficients))
			}
		}
		return values
	}
	return tilt{
		mass: c.Quo(c.FromInt(1), c.Sqrt(determinant)), trace: quotient(p.trace),
		spread: rows(p.spread), cross: rows(p.cross), x: rows(p.x), ax: rows(p.ax), v: rows(p.v), av: rows(p.av),
		squareX: row(p.squareX), squareV: row(p.squareV), pull: row(p.pull),
	}
}

// horner encloses Σ_k c_k z^k.
func horner(c *interval.Context, z interval.Interval, coefficients []*big.Rat) interval.Interval {
	sum := c.FromRat(coefficients[len(coefficients)-1])
	for k := len(coefficients) - 2; k >= 0; k-- {
		sum = c.Add(c.Mul(sum, z), c.FromRat(coefficients[k]))
	}
	return sum
}
