// Package plane turns a refutation of equality for two components in the plane into one that the theory in formal takes: M̂ is moved a little, so that the softmax depends on x along a
// rational unit vector, and all numbers are rational.
package plane

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/rational"
)

// ErrOutside is of certificates that the theory in formal does not cover.
var ErrOutside = errors.New("proof/plane: expected a refutation of equality for the InfoNCE loss of two components in the plane with Σ = I, by a matrix")

// Refutation has the numbers of the theorem refuted_on_a_line, of formal/Line.v, besides the mixture's; all follow from M̂, e and ν, v and ε.
type Refutation struct {
	Mixture   gmm.Pairs
	Matrix    rational.Matrix // M̂, 2×2, with M̂(μ₁ − μ₂) = νe
	Direction []*big.Rat      // e, |e| = 1
	Slope     *big.Rat        // ν
	Witness   []*big.Rat      // v
	Radius    *big.Rat        // ε, with ‖∇f(M̂)‖ ≤ ε and vᵀM̂v + ε|v|² < 0
	Bits      int             // of the integrals, relative to their size: enough to tell ‖∇f(M̂)‖ from ε
}

// Of prepares the refutation of a certificate that proves t. The error is an ErrOutside that says what was found.
//
// The certificate has ‖∇f(M̂)‖ ≤ r and λ_min(M̂) ≤ −(m + r), m the theorem's margin. On the symmetric matrices D²f[V, V] ≤ h‖V‖²,
//
//	h = 1 + tr C + ¼|μ₁ − μ₂|²(2 + tr C),
//
// as E(xᵀVμ)² ≤ E|x|²·‖V‖²|μ|². So a matrix within τ = m/4(h + 1) of M̂ has ‖∇f‖ ≤ r + hτ and an eigenvalue of at most −(m + r − τ): between them there is an ε.
func Of(c proof.Certificate, t proof.Theorem) (Refutation, error) {
	if err := outside(c); err != nil {
		return Refutation{}, err
	}
	e := c.Pairs.Left.Exact()
	w := rational.Matrix{e.Means[0], e.Means[1]}.Transposed()
	m := w.Times(rational.Matrix(c.Minimiser)).Times(w.Transposed())
	h := curvature(c.Pairs)
	tau := quotient(t.Margin, big.NewRat(4, 1), new(big.Rat).Add(h, big.NewRat(1, 1)))
	low := new(big.Rat).Add(t.Radius, new(big.Rat).Mul(h, tau))

	r := Refutation{Mixture: c.Pairs}
	d := rational.Difference(e.Means[0], e.Means[1])
	if !r.turn(m, d, tau) {
		return Refutation{}, fmt.Errorf("%w; found no short numbers", ErrOutside)
	}
	high := r.witness(w.Apply(c.Witness), low)
	if high.Cmp(low) <= 0 {
		return Refutation{}, fmt.Errorf("%w; found a witness that does not outweigh the gradient", ErrOutside)
	}
	gap := new(big.Rat).Sub(high, low)
	r.Radius = simplest(along(low, gap, 3, 4), along(low, gap, 15, 16)) // nearer to the upper end: the enclosure has a width
	r.Bits = max(leastBits, spareBits+int(math.Ceil(math.Log2(float(h)/float(gap)))))
	return r, nil
}

// The gradient is of the order of h at most, so that so many bits more than those of h/gap leave an enclosure of it well below the gap.
const (
	leastBits = 20
	spareBits = 4
)

// outside says which hypothesis of the theory a certificate lacks; nil if none.
func outside(c proof.Certificate) error {
	found := ""
	e := c.Pairs.Left.Exact()
	switch {
	case c.Comparison != nil, c.Cosine != nil, c.Region != nil, c.Containment, c.Boundary != nil:
		found = "another statement"
	case c.Loss.Words() != proof.InfoNCE.Words():
		found = "the loss " + c.Loss.Words().String()
	case c.Verdict != oracle.Refuted:
		found = "that equality holds"
	case len(e.Means) != 2:
		found = fmt.Sprintf("%d components, whose softmax is no function of one logit", len(e.Means))
	case len(e.Means[0]) != 2:
		found = fmt.Sprintf("%d dimensions", len(e.Means[0]))
	case e.Covariance == nil || !gmm.IsIdentity(e.Covariance):
		found = "another covariance, whose root need not be rational"
	case c.Minimiser == nil:
		found = "one that is decided without a matrix, the margin being 0"
	default:
		return nil
	}
	return fmt.Errorf("%w; found %s", ErrOutside, found)
}

// curvature is h of Of.
func curvature(p gmm.Pairs) *big.Rat {
	e := p.Left.Exact()
	trace := new(big.Rat) // of C
	for k, m := range e.Means {
		trace.Add(trace, new(big.Rat).Mul(e.Weights[k], rational.Dot(m, m)))
	}
	d := rational.Difference(e.Means[0], e.Means[1])
	h := new(big.Rat).Add(trace, big.NewRat(2, 1))
	h.Mul(h, rational.Dot(d, d)).Mul(h, big.NewRat(1, 4))
	return h.Add(h, trace).Add(h, big.NewRat(1, 1))
}

// turn sets matrix, direction and slope: short numbers with ‖M̂ − m‖ ≤ τ, of the matrices ν(edᵀ + deᵀ)/|d|² − ν(e·d)ddᵀ/|d|⁴ + κpp, p across d, which are those that map d to νe.
// ok is false where float64 does not find them.
func (r *Refutation) turn(m rational.Matrix, d []*big.Rat, tau *big.Rat) (ok bool) {
	u, square := m.Apply(d), rational.Dot(d, d)
	p := []*big.Rat{new(big.Rat).Neg(d[1]), d[0]}
	x, y := float(u[0]), float(u[1])
	nu := math.Copysign(math.Hypot(x, y), x)
	if nu == 0 {
		return false
	}
	half := y / (nu + x) // the tangent of half the angle of u/ν, at most 1
	kappa := new(big.Rat).Quo(m.Form(p, p), new(big.Rat).Mul(square, square))
	const halvings = 44
	for i := 3; i < halvings; i++ {
		width := math.Ldexp(1, -i)
		r.Direction, r.Slope = circle(near(half, width)), near(nu, width)
		k := near(float(kappa), width)
		cross := rational.Outer(r.Direction, d)
		cross = cross.Plus(big.NewRat(1, 1), cross.Transposed())
		r.Matrix = cross.Scaled(new(big.Rat).Quo(r.Slope, square)).
			Plus(new(big.Rat).Neg(quotient(new(big.Rat).Mul(r.Slope, rational.Dot(r.Direction, d)), square, square)), rational.Outer(d, d)).
			Plus(k, rational.Outer(p, p))
		apart := r.Matrix.Plus(big.NewRat(-1, 1), m)
		if apart.SquaredNorm(rational.Identity(2)).Cmp(new(big.Rat).Mul(tau, tau)) <= 0 {
			return true
		}
	}
	return false
}

// witness sets a short witness near v with which as good as all of the interval from low to the largest ε is left; it returns this.
func (r *Refutation) witness(v []*big.Rat, low *big.Rat) (high *big.Rat) {
	most := func(v []*big.Rat) *big.Rat {
		return quotient(r.Matrix.Form(v, v), rational.Dot(v, v), big.NewRat(-1, 1))
	}
	large, small := 0, 1
	if math.Abs(float(v[1])) > math.Abs(float(v[0])) {
		large, small = 1, 0
	}
	ratio := float(v[small]) / float(v[large])
	enough := along(low, new(big.Rat).Sub(most(v), low), 3, 4)
	const halvings = 40
	for i := 1; i < halvings; i++ {
		short := make([]*big.Rat, 2)
		short[large], short[small] = big.NewRat(1, 1), near(ratio, math.Ldexp(1, -i))
		if high = most(short); high.Cmp(enough) >= 0 {
			r.Witness = short
			return high
		}
	}
	r.Witness = v
	return most(v)
}

// Odds is w₂/w₁.
func (r Refutation) Odds() *big.Rat {
	w := r.Mixture.Left.Exact().Weights
	return new(big.Rat).Quo(w[1], w[0])
}

// Coordinates are those of a mean along and across e.
func (r Refutation) Coordinates(k int) (along, across *big.Rat) {
	m, e := r.Mixture.Left.Exact().Means[k], r.Direction
	return rational.Dot(e, m), rational.Dot([]*big.Rat{new(big.Rat).Neg(e[1]), e[0]}, m)
}
