package proof

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/own"
	"contrastcheck/oracle/proof/rational"
)

// ProjectedOwn is the mixture in dim S_F dimensions whose minimiser ProveContainment takes as a candidate; gmm.ErrCost and ErrNotProved where it is out of reach or
// not needed.
func (l Limit) ProjectedOwn(p gmm.Pairs) (gmm.Pairs, error) {
	x, err := l.ownLaw(p)
	if err != nil {
		return gmm.Pairs{}, err
	}
	if _, ok := containedExactly(p, x); ok || len(x.Basis) > mostOwn {
		return gmm.Pairs{}, ErrNotProved
	}
	return x.Projected()
}

// ProveContainment returns a certificate that containment, Col(A*) ⊆ S_F, holds or fails for the InfoNCE loss of p, whose components have their own covariances, given
// a candidate for the minimiser of ProjectedOwn's mixture. Errors are those of Prove. That containment holds is proved where every Σ̄⁻¹Σ_k keeps S_F, or M* = 0.
func (l Limit) ProveContainment(p gmm.Pairs, candidate gmm.Form) (Certificate, error) {
	x, err := l.ownLaw(p)
	if err != nil {
		return Certificate{}, err
	}
	certificate := Certificate{Pairs: p, Containment: true, Basis: x.Basis}
	if _, ok := containedExactly(p, x); ok {
		certificate.Verdict = oracle.Holds
		return certificate, nil
	}
	if len(x.Basis) > mostOwn {
		return Certificate{}, fmt.Errorf("%w: the covariances couple S_F to its complement; containment is refuted for dim S_F ≤ %d, found %d", ErrNotProved, mostOwn, len(x.Basis))
	}
	if err := l.integrable(p.Components()); err != nil {
		return Certificate{}, err
	}
	projected, err := x.Projected()
	if err != nil {
		return Certificate{}, fmt.Errorf("%w: %w", ErrNotProved, err)
	}
	certificate.Verdict = oracle.Refuted
	guesses := x.Guesses(candidate.Matrix(projected))
	for _, accuracy := range finer(len(x.Basis)) {
		e := effort{precision: accuracy + 2*guard, accuracy: accuracy}
		for i := range guesses {
			found, ok, err := l.depart(x, &guesses[i], e)
			if err != nil {
				return Certificate{}, err
			}
			if ok {
				certificate.Minimiser, certificate.Departure = found.n, &found.Departure
				certificate.Precision, certificate.Accuracy = e.precision, e.accuracy
				return certificate, nil
			}
		}
	}
	return Certificate{}, fmt.Errorf("%w: no first-order condition at the best matrix inside S_F is violated by much more than 2^−%d: containment may hold", ErrNotProved, finer(len(x.Basis))[2])
}

// finer lists accuracies in bits, which cost more in two dimensions.
func finer(dimension int) [3]uint {
	if dimension > 1 {
		return [...]uint{24, 48, 72}
	}
	return [...]uint{24, 48, 96}
}

// departed is a Departure beside an N.
type departed struct {
	Departure
	n rational.Matrix
}

// depart looks for a violated condition near a guess, which it improves: a candidate has the first accuracy, and a step of Newton's method gains about as many bits.
func (l Limit) depart(x own.Law, near *own.Guess, e effort) (departed, bool, error) {
	const gain = 48
	for range e.accuracy / gain {
		moved, err := x.Newton(*near, e.precision, e.accuracy, l.nodes(x))
		if err != nil {
			return departed{}, false, l.unaffordable(x, err)
		}
		*near = moved
	}
	guess := x.Rounded(*near, int(e.accuracy)+8)
	if _, semidefinite := rational.Factorise(guess.N); !semidefinite {
		return departed{}, false, nil
	}
	c := interval.NewContext(e.precision)
	place, err := l.place(c, x, guess.N, e)
	if err != nil {
		return departed{}, false, err
	}
	rank := len(x.Basis)
	if guess.L != nil {
		rank = 1
	}
	view, ok := place.NewView(rank)
	if !ok {
		return departed{}, false, nil
	}
	dual := place.Dual(guess, int(e.accuracy))
	attempt := func(h, y []*big.Rat) (departed, bool, error) {
		d := Departure{Direction: h, Along: y, Dual: dual}
		condition, err := departs(c, place, guess.N, d)
		if err = errors.Join(err, c.Err()); err != nil {
			return departed{}, false, err
		}
		d.Low, d.High = shortened24(condition.Lower(), big.ToNegativeInf), shortened24(condition.Upper(), big.ToPositiveInf)
		return departed{d, guess.N}, d.violates(), nil
	}
	if h, y, ok := view.Coupling(); ok {
		if found, ok, err := attempt(h, y); ok || err != nil {
			return found, ok, err
		}
	}
	if h, ok := view.Descent(); ok {
		return attempt(h, nil)
	}
	return departed{}, false, nil
}
