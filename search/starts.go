package search

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// Starts are those of a hunt that is made ready. Each depends on the claim, the options and its number alone.
type Starts struct {
	claim   theorems.Claim
	limits  Limits
	options Options
}

// NewStarts makes a hunt ready whose Evaluations are bounded. It refuses what All refuses, and, with ErrLimits, no bound.
func NewStarts(claim theorems.Claim, o Options) (Starts, error) {
	if o.Evaluations <= 0 || o.Budget != 0 {
		return Starts{}, fmt.Errorf("%w: expected a number of evaluations and no time, found %d and %v", ErrLimits, o.Evaluations, o.Budget)
	}
	return newStarts(claim, o)
}

func newStarts(claim theorems.Claim, o Options) (Starts, error) {
	claim = o.Limits.narrowed(claim)
	limits, err := o.Limits.of(claim)
	if err != nil {
		return Starts{}, err
	}
	if o.Objective == Balanced && o.Weights.given() {
		return Starts{}, fmt.Errorf("%w: expected no weights with the objective %v, which looks for them; found some given", ErrLimits, o.Objective)
	}
	return Starts{claim, limits, o}, nil
}

// Len is their number.
func (s Starts) Len() int {
	one := s.options.whole(s.claim)
	return (s.options.Evaluations + one - 1) / one
}

// Most is how many candidates each start scores at most; the last may score fewer.
func (s Starts) Most() int { return s.options.whole(s.claim) }

// Run makes start n, from 0. When ctx ends, so does Run, at once, with its error and what was found until then.
func (s Starts) Run(ctx context.Context, n int) (Attempt, error) {
	last := &atomic.Pointer[Attempt]{}
	last.Store(&Attempt{Tried: Tried{Best: math.Inf(-1)}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.attempt(ctx, ctx, n)(func(a Attempt) { last.Store(&a) })
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return *last.Load(), ctx.Err()
}

// attempt is the work of start n; nil where the evaluations are used up.
func (s Starts) attempt(ends, abandoned context.Context, n int) attempt {
	budget := s.options.budget(s.claim, n)
	if budget == 0 {
		return nil
	}
	return func(found func(Attempt)) {
		one := start{claim: s.claim, limits: s.limits, objective: s.options.Objective, unshrunk: s.options.Unshrunk, number: n, seed: s.options.Seed}
		one.run(ends, abandoned, s.options.looking(s.claim, budget), budget, found)
	}
}

// Examine judges a case anew that start n is said to have found: it returns the find, and false where the case does not meet the limits or the oracle does not refute it.
func (s Starts) Examine(n int, on theorems.Case) (Find, bool) {
	r, refuted := refute(s.claim, s.limits, on)
	return Find{Case: on, Outcome: r.outcome, Where: r.where, Start: n, size: measure(s.claim, newDraft(on))}, refuted
}

// Admits tells whether a find may have so many components and dimensions.
func (s Starts) Admits(components, dimension int) bool {
	return s.limits.Components.Contains(components) && s.limits.Dimension.Contains(dimension)
}

// Found is the find of a start as it was written: its case, outcome and judgement.
func (s Starts) Found(n int, on theorems.Case, o theorems.Outcome, where *predicate.Judgement) Find {
	return Find{Case: on, Outcome: o, Where: where, Start: n, size: measure(s.claim, newDraft(on))}
}
