package proof

import (
	"errors"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
)

// Affine is the InfoNCE loss of affine representations x ↦ Aᵀx + b, with infinitely many negatives and dot products as scores. Scores are xᵀMy + c·x + c·y, M = AAᵀ, c = Ab, but for what x alone
// makes; with c′ = c + Mμ̄ the loss is that of centred pairs, so that Col(A*) lies in the centred Fisher subspace S_c:
//
//	L(M, c′) = −δ⟨M, B⟩ + ½⟨M², I + B⟩ + ½|c′|² + E_x log Σ_k w_k exp((Mx + c′)·μ_k), whitened.
//
// It is 1-strongly convex in M and c′ together. With (M_u, c_u) its minimiser over all symmetric M, equality holds if M_u is positive definite on S_c. Else the minimiser (M*, c*) over M ⪰ 0 has an M*
// that is singular there, and A* exists if c* is in its range: then equality is refuted, and if not, no affine minimiser exists (Boundary).
var Affine = Loss{Words{Map: affineMap}, &kind{
	title: "InfoNCE (affine maps)", subspace: "S_c", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: gmm.Pairs.Centre,
	exactly:   coordinates.exactlySloped, // at M = 0 the best c′ is 0
	objective: func(x coordinates) objective { return affine{x} },
}}

// affineMap is the map of such certificates.
const affineMap = "affine"

// affine is the loss beside pairs, which are centred.
type affine struct{ coordinates }

func (x affine) start() point {
	at := x.origin()
	at.shift = make([]*big.Rat, x.dimension())
	for i := range at.shift {
		at.shift[i] = new(big.Rat)
	}
	return at
}

// gradient encloses the Γ of InfoNCE, of the softmax with the log-weights log w_k + γᵀb_k, and
//
//	σ = γ + Σ_k E[p_k] c_k.
func (x affine) gradient(c *interval.Context, at point, accuracy float64) (slope, error) {
	gamma, m, err := infoNCE(x).gradientAt(c, at, accuracy)
	if err != nil {
		return slope{}, err
	}
	sums := newSums(c, 1, x.dimension())[0]
	for i, sum := range sums {
		sum.Add(c.FromRat(at.shift[i]))
		for k, p := range m.weights {
			sum.AddMul(p, c.FromRat(x.c[k][i]))
		}
	}
	sigma := make([]interval.Interval, len(sums))
	for i, sum := range sums {
		sigma[i] = sum.Interval()
	}
	return slope{form: gamma, shift: sigma}, c.Err()
}

func (x affine) ball(at point, e effort) (ball, error) { return x.stronglyConvex(x, at, e) }

// least refuses what is far from any minimiser, too: |M_u|² + |c_u|² ≤ |∇L(0, 0)|², the part of c′ of which is the mean, 0.
func (x affine) least(at point) (ball, error) {
	if err := x.near(at); err != nil {
		return ball{}, err
	}
	return x.leastStronglyConvex(x, at)
}

// near refuses (M̂, ĉ) that are longer than twice the gradient at 0, which no minimiser is longer than.
func (x affine) near(at point) error {
	const twice = 4 // squared
	limit := x.startingSlope()
	size := at.form.SquaredNorm(x.gram)
	if size.Add(size, x.gram.Form(at.shift, at.shift)); size.Cmp(limit.Mul(limit, big.NewRat(twice, 1))) > 0 {
		return refused("‖M̂‖² + |ĉ|² ≤ 4‖∇L(0, 0)‖² = %s, as minimisers are not longer than ‖∇L(0, 0)‖", "%s", short(limit), short(size))
	}
	return nil
}

// Representation is a candidate for M and the c′ beside it, of pairs as the loss sees them. Without numbers M is 0.
type Representation struct {
	Form  gmm.Form
	Shift []float64 // d numbers in original coordinates, a functional of x; nil stands for 0
}

// ProveAffine returns a certificate about the loss Affine of p: that equality, Col(A*) = S_c, holds or fails, or that no affine minimiser exists. It is given candidates for the
// minimisers (M_u, c_u) and (M*, c*), the first of which is refined. Errors are those of Prove.
func (l Limit) ProveAffine(p gmm.Pairs, free, constrained Representation) (Certificate, error) {
	certificate, err := l.prove(Affine, p, free)
	if err != nil || certificate.Verdict != oracle.Refuted || certificate.Minimiser == nil || attained(p) {
		return certificate, overflowing(err)
	}
	certificate.Boundary, err = l.bounding(&certificate, constrained)
	return certificate, overflowing(err)
}

// attained tells whether pairs are their own mirror image about their mean: then c* = 0, as (M*, −c*) is a minimiser, too, and there is one only; it is in the range of M*.
func attained(p gmm.Pairs) bool {
	seen, err := Affine.Sees(p)
	return err == nil && seen.Left.Mirrored()
}

var errRange = errors.New("the matrix M_u is not positive definite on S_c, so that a direction would be lost; but neither is the mixture its own mirror image, nor is it decided that c* leaves the range of M*")
