package search

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// Limits are what a user asks of a counterexample, beyond the claim's hypotheses.
type Limits struct {
	// Delta is the δ wanted. Nil means the simplest that the claim is about.
	Delta *big.Rat
	// Components and Dimension are the ranges of K and d. Zero means the claim's own.
	Components, Dimension theorems.Range
	// Separation is the largest Mahalanobis distance allowed between two means, > 0.
	// Nil means no limit.
	Separation *big.Rat
	// Centred asks for the mean 0, whatever the claim asks.
	Centred bool
	// Conjecture is what the claim states, where it is one of Conjecture.
	Conjecture predicate.Predicate
	Constraints

	dimensionAsked bool
	shapes         []shape  // those of the ranges that may be met; nil for all
	simplest       *big.Rat // the δ of what is drawn, where predicates ask for another than the claim's simplest; nil for that
}

// Errors of limits and claims.
var (
	// ErrNotSearchable says that no search is known for the claim.
	ErrNotSearchable = errors.New("search: the claim is not searchable")
	// ErrLimits says that nothing can meet the limits.
	ErrLimits = errors.New("search: impossible limits")
)

// Largest K and d that a search takes on.
const mostComponents, mostDimension = 12, 12

// mostAsked is the largest K that a search takes on where it is asked for.
const mostAsked = 20

// of completes the limits for a claim: what is not given becomes the claim's own.
func (l Limits) of(claim theorems.Claim) (Limits, error) {
	h := claim.Hunt
	if h == nil {
		return l, fmt.Errorf("%w: %w", ErrNotSearchable, claim.Searchable())
	}
	asked := l.Components
	l.dimensionAsked = l.Dimension != theorems.Range{}
	l.Components = cmp.Or(l.Components, h.Components, theorems.Range{Least: 1, Most: mostComponents})
	l.Dimension = cmp.Or(l.Dimension, h.Dimension, theorems.Range{Least: 1, Most: mostDimension})
	l, err := l.ranged(claim)
	if err != nil {
		return l, err
	}
	if l.Delta != nil && !h.Hypotheses.Delta.Admits(l.Delta) {
		return l, fmt.Errorf("%w: expected %v, as the claim %s says, found δ = %s", ErrLimits, h.Hypotheses.Delta, claim.ID, gmm.FormatNumber(l.Delta))
	}
	if l.Separation != nil && l.Separation.Sign() <= 0 {
		return l, fmt.Errorf("%w: expected a positive separation, found %s", ErrLimits, gmm.FormatNumber(l.Separation))
	}
	if l, err = l.Constraints.of(l, asked); err != nil {
		return l, err
	}
	if l, err = l.ranged(claim); err != nil { // the constraints' ranges, too
		return l, err
	}
	if err := l.Near.subject(claim); err != nil {
		return l, err
	}
	if l, err = l.possible(claim); err != nil {
		return l, err
	}
	if delta := l.delta(claim); l.Near != nil && !l.Near.admitsDelta(delta) {
		return l, fmt.Errorf("%w: expected δ within %s of %s, that of the mixture to be near to; found %s", ErrLimits,
			gmm.FormatNumber(l.Near.radius), gmm.FormatNumber(l.Near.centre.delta), gmm.FormatNumber(delta))
	}
	return l, nil
}

// ranged leaves of the ranges what the claim is about, and refuses those that a search does not take on.
func (l Limits) ranged(claim theorems.Claim) (Limits, error) {
	h := claim.Hunt
	for _, r := range []struct {
		what  string
		found theorems.Range
		most  int
	}{{"components", l.Components, mostAsked}, {"dimension", l.Dimension, min(mostDimension, cmp.Or(h.MostDimension, mostDimension))}} {
		if r.found.Least < 1 || r.found.Most < r.found.Least || r.found.Most > r.most {
			return l, fmt.Errorf("%w: expected a range of %s within 1:%d, found %d:%d", ErrLimits, r.what, r.most, r.found.Least, r.found.Most)
		}
	}
	if h.Hypotheses.Distinct {
		const two = 2 // one component has no means that differ
		if l.Components.Most < two {
			return l, fmt.Errorf("%w: expected at least two components, as the claim %s is about means that differ, found %d:%d",
				ErrLimits, claim.ID, l.Components.Least, l.Components.Most)
		}
		l.Components.Least = max(l.Components.Least, two)
	}
	return l, nil
}

// narrowed is the claim about centred mixtures only, where these are asked for.
func (l Limits) narrowed(claim theorems.Claim) theorems.Claim {
	if claim.Hunt == nil || !l.Centred || claim.Hunt.Hypotheses.Centred {
		return claim
	}
	h := *claim.Hunt
	h.Hypotheses.Centred = true
	claim.Hunt = &h
	return claim
}

// delta is the δ of what is drawn.
func (l Limits) delta(claim theorems.Claim) *big.Rat {
	switch {
	case l.Delta != nil:
		return l.Delta
	case l.Near != nil && claim.Hunt.Hypotheses.Delta.Admits(l.Near.centre.delta):
		return l.Near.centre.delta
	case l.simplest != nil:
		return l.simplest
	}
	return claim.Hunt.Hypotheses.Delta.Simplest()
}

// admit tells whether a case meets the limits and the claim's hypotheses.
func (l Limits) admit(claim theorems.Claim, c theorems.Case) bool {
	m, delta := c.Pairs.Left, c.Pairs.ExactDelta()
	return l.Components.Contains(m.Components()) && l.Dimension.Contains(m.Dimension()) &&
		(l.Delta == nil || l.Delta.Cmp(delta) == 0) &&
		(l.Separation == nil || m.SquaredSeparation().Cmp(square(l.Separation)) <= 0) &&
		l.Constraints.admit(newDraft(c)) &&
		claim.Hunt.Hypotheses.Check(c) == nil &&
		(!l.Where.Given() || !l.Where.Exact() || l.Where.Judge(c.Pairs).Verdict == oracle.Holds)
}

// reach is the separation in floats, 0 where there is no limit.
func (l Limits) reach() float64 {
	if l.Separation == nil {
		return 0
	}
	x, _ := l.Separation.Float64()
	return x
}
