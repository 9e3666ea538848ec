package proof

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// Prove returns a certificate that equality, Col(A*) = S_F, holds or fails for a loss of p, given a
// candidate for the minimiser M_u over all symmetric matrices, such as a solver finds, in terms of the pairs as the loss sees them; it is refined
// where it is not good enough. Of M = 0, which a form without numbers is, Newton's method finds one. Check accepts what Prove returns.
//
// Precision is doubled until the sign of λ_min is decided. The errors are ErrNotProved if the finest does not
// decide it, and the same and gmm.ErrCost if that would go beyond the limit or numbers are too long.
func Prove(loss Loss, p gmm.Pairs, candidate gmm.Form) (Certificate, error) {
	return Limit(1).Prove(loss, p, candidate)
}

// Prove is the function Prove with another limit.
func (l Limit) Prove(loss Loss, p gmm.Pairs, candidate gmm.Form) (Certificate, error) {
	if loss.Words() == Affine.Words() {
		return l.ProveAffine(p, Representation{Form: candidate}, Representation{})
	}
	certificate, err := l.prove(loss, p, Representation{Form: candidate})
	return certificate, overflowing(err)
}

// overflowing says in words that odds overflow.
func overflowing(err error) error {
	if errors.Is(err, interval.ErrOverflow) {
		return fmt.Errorf("%w: the means are so many standard deviations apart that the components' odds overflow", ErrNotProved)
	}
	return err
}

func (l Limit) prove(loss Loss, p gmm.Pairs, candidate Representation) (Certificate, error) {
	x, err := loss.newCoordinates(p, l)
	if err != nil {
		return Certificate{}, err
	}
	certificate := Certificate{Pairs: p, Loss: loss, Basis: x.basis}
	if verdict, _, ok := loss.of().exactly(x); ok {
		certificate.Verdict = verdict
		return certificate, nil
	}
	if err := l.integrable(p.Components()); err != nil {
		return Certificate{}, err
	}
	o := loss.of().objective(x)
	at, err := x.beginning(o, candidate)
	if err != nil {
		return Certificate{}, err
	}
	e, err := x.coarsest(o, at)
	if err != nil {
		return Certificate{}, err
	}
	for ; e.accuracy <= finest; e = e.finer() {
		if found, ok, err := x.attempt(o, at, e); ok || err != nil {
			return certificate.with(found), err
		}
		if at, err = x.newton(o, at, e); err != nil {
			return Certificate{}, err
		}
		if found, ok, err := x.attempt(o, at, e); ok || err != nil {
			return certificate.with(found), err
		}
	}
	return Certificate{}, fmt.Errorf("%w: the sign of λ_min(M_u) is not decided at an accuracy of 2^−%d: it may be exactly 0", ErrNotProved, finest)
}

// beginning is the candidate; what Newton's method makes of it where it lacks a bias or c′, or of M = 0 where there is none.
func (x coordinates) beginning(o objective, candidate Representation) (point, error) {
	at := o.start()
	if candidate.Form.N != nil {
		at.form = x.coefficients(candidate.Form)
		if at.shift != nil && candidate.Shift != nil {
			at.shift = x.functional(candidate.Shift)
		}
		if err := x.fits(at.form); err != nil || at.bias == nil && (at.shift == nil || candidate.Shift != nil) {
			return at, err
		}
	}
	return x.descend(o, at)
}

// finest is the accuracy in bits at which Prove gives up.
const finest = 128

// guard is how many more bits the arithmetic has than the integrals.
const guard = 24

// demanding objectives know how short a slope must be for a radius of a ball, or for any.
type demanding interface {
	demand(at point, radius float64) (slope float64, err error)
}

// coarsest returns an effort fit for a margin like the candidate's.
func (x coordinates) coarsest(o objective, at point) (effort, error) {
	margin, _ := x.quotient(at.form, x.leastDirection(at.form)).Float64()
	slope := math.Abs(margin)
	if d, ok := o.(demanding); ok {
		var err error
		if slope, err = d.demand(at, slope); err != nil {
			return effort{}, err
		}
	}
	const clear = 6 // bits of ε below that
	accuracy := min(max(16, clear-math.Log2(slope+math.SmallestNonzeroFloat64)), 48)
	return effort{accuracy: uint(accuracy), precision: uint(accuracy) + guard}, nil
}

func (e effort) finer() effort { return effort{2*e.accuracy + guard, 2 * e.accuracy} }

// decision is what an attempt found.
type decision struct {
	verdict oracle.Verdict
	at      point
	witness []*big.Rat
	effort  effort
}

func (c Certificate) with(d decision) Certificate {
	c.Verdict, c.Minimiser, c.Bias, c.Shift, c.Witness = d.verdict, d.at.form, d.at.bias, d.at.shift, d.witness
	c.Precision, c.Accuracy = d.effort.precision, d.effort.accuracy
	return c
}

// attempt tries to decide the sign of λ_min at a point, rounded to about the accuracy.
func (x coordinates) attempt(o objective, at point, e effort) (decision, bool, error) {
	short := x.rounded(at, int(e.accuracy))
	near, err := o.ball(short, e)
	switch {
	case errors.Is(err, errOpen):
		return decision{}, false, nil
	case err != nil:
		return decision{}, false, err
	}
	y := x.leastDirection(short.form)
	if x.refutation(short.form, y, near).Sign() > 0 {
		return decision{oracle.Refuted, short, y, e}, true, nil
	}
	if x.confirmation(short.form, near).Sign() > 0 {
		return decision{oracle.Holds, short, nil, e}, true, nil
	}
	return decision{}, false, nil
}

// leastDirection returns about the y that makes quotient least, in few bits: with g = ℓDℓᵀ, the eigenvector z of
// √D ℓᵀNℓ √D to its least eigenvalue and z = √D ℓᵀy.
func (x coordinates) leastDirection(n rational.Matrix) []*big.Rat {
	g, _ := rational.Factorise(x.gram)
	s := len(n)
	inner := g.Lower.Transposed().Times(n).Times(g.Lower)
	whitened := mat.NewSymDense(s, nil)
	root := make([]float64, s)
	for i, d := range g.Diagonal {
		value, _ := d.Float64()
		root[i] = math.Sqrt(value)
	}
	for i := range s {
		for j := i; j < s; j++ {
			entry, _ := inner[i][j].Float64()
			whitened.SetSym(i, j, root[i]*entry*root[j])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(whitened, true) {
		return rational.Unit(s, 0)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	y := make([]float64, s) // ℓᵀy = D^{-½}z by back substitution
	for i := s - 1; i >= 0; i-- {
		y[i] = vectors.At(i, 0) / root[i]
		for j := i + 1; j < s; j++ {
			share, _ := g.Lower[j][i].Float64()
			y[i] -= share * y[j]
		}
	}
	return shortened32(y)
}

// shortened32 rounds a direction to whole multiples of 2^−32 of its longest entry's binary order.
func shortened32(y []float64) []*big.Rat {
	longest := 0.0
	for _, v := range y {
		longest = math.Max(longest, math.Abs(v))
	}
	out := make([]*big.Rat, len(y))
	for i, v := range y {
		out[i] = dyadic(new(big.Rat).SetFloat64(v/longest), 32)
	}
	return out
}
