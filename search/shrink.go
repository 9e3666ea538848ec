package search

import (
	"context"
	"math"

	"contrastcheck/oracle"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// shrink makes a counterexample to a searchable claim as simple as it can, keeping
// the certified verdict, the claim's hypotheses, the limits, and what the objective found above a floor. Simpler means, what
// comes first counting most:
//
//  1. fewer components,
//  2. lower dimension,
//  3. covariances nearer to the identity: I itself, no correlations, smaller entries,
//  4. smaller whole weights: all equal, halved, 1, smaller,
//  5. smaller means: whole ones, 0, halved, nearer to 0, coarser dyadics; also two
//     coordinates at once,
//  6. simple δ, unless the limits fix it: 1, ½, …, with denominators up to 10,
//  7. components in the order of their weights, those of equal weight and the
//     coordinates with the greatest first, and coordinates that begin positive.
//
// The result is minimal: no single one of these steps keeps the verdict. Of a centred
// claim the mean of the heaviest component is not counted, but fixed by the others.
// Where ctx ends, so does shrink. It hands on every case that is the simplest until then. c
// must refute the claim and hold exact numbers.
func shrink(ctx context.Context, claim theorems.Claim, c theorems.Case, l Limits, least floor, keep func(refutation)) {
	try := func(d draft) bool {
		built, ok := d.build(c.Seed)
		if !ok {
			return false
		}
		r, ok := refute(claim, l, built)
		if ok = ok && least.admits(claim, r); ok {
			keep(r)
		}
		return ok
	}
	current := newDraft(c)
	try(current) // the same mixture, of the smallest whole weights
	for found := true; found && ctx.Err() == nil; {
		current, found = simpler(claim, current, func(d draft) bool { return ctx.Err() == nil && try(d) })
	}
}

// simpler returns the first simplification, centred if need be, that is simpler indeed and passes;
// the draft itself, and false, if there is none.
func simpler(claim theorems.Claim, d draft, passes func(draft) bool) (draft, bool) {
	now := measure(claim, d)
	for s := range simplifications(d) {
		if claim.Hunt.Hypotheses.Centred {
			s = s.centred()
		}
		if measure(claim, s).simpler(now) && passes(s) {
			return s, true
		}
	}
	return d, false
}

// measure is the size of a draft; the heaviest component of a centred one is not counted.
func measure(claim theorems.Claim, d draft) size {
	if claim.Hunt.Hypotheses.Centred {
		return newSize(d, d.heaviest())
	}
	const none = -1
	return newSize(d, none)
}

// refutation is a case that refutes a claim, with the outcome of its check.
type refutation struct {
	on      theorems.Case
	outcome theorems.Outcome
	score   float64              // NaN where the case does not meet the limits
	where   *predicate.Judgement // of what must hold, unless that is exact
}

// refute asks the check about a case that meets the limits, and the cheap score before.
func refute(claim theorems.Claim, l Limits, c theorems.Case) (r refutation, ok bool) {
	r.score = math.NaN()
	if !l.admit(claim, c) {
		return r, false
	}
	if r.score = claim.Hunt.Score(c); !(r.score > 0) {
		return r, false
	}
	if l.Where.Given() && !l.Where.Exact() {
		j := l.Where.Judge(c.Pairs)
		if r.where = &j; j.Verdict != oracle.Holds {
			return r, false
		}
	}
	r.on, r.outcome = c, claim.Check(c)
	return r, r.outcome.Verdict == oracle.Refuted
}
