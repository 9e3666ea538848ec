package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"contrastcheck/internal/workers"
	"contrastcheck/oracle"
	"contrastcheck/search/predicate"
	"contrastcheck/theorems"
)

// Options steer a hunt. The zero value asks for the defaults.
type Options struct {
	Limits
	// Objective is what the best counterexample is, and what each start ascends once it has one. The zero value is Simple.
	Objective Objective
	// Evaluations bounds the candidates that are scored before shrinking. What is found
	// then depends on the seed alone, not on the number of workers. Zero means no bound.
	Evaluations int
	// Budget bounds the time to hunt for, shrinking not counted. Zero means no bound.
	Budget time.Duration
	// Seed determines what is drawn.
	Seed uint64
	// Workers is the number of starts under way at once. Zero means one.
	Workers int
	// Progress, if not nil, is called after every start, from one goroutine, with the
	// candidates that have been scored until then.
	Progress func(Tried)
	// Unshrunk leaves finds of All as the starts lead to them. Hunt sets it where the best alone is worth the time.
	Unshrunk bool
	// Attempts, if not nil, are what Starts of the same claim and options lead to, in their order, from elsewhere. It ends early where ctx does.
	Attempts func(ctx context.Context) iter.Seq[Attempt]
}

// Find is a counterexample that a hunt has found and made minimal.
type Find struct {
	Case theorems.Case
	// Outcome is what the claim comes to, whatever had to hold beside it.
	Outcome theorems.Outcome
	// Where is the judgement of the predicate that had to hold, where that is not of exact numbers alone. Nil where there is none.
	Where *predicate.Judgement
	// Start is the number of the start that led here, counted from 0, and Evaluations
	// the candidates scored in all starts up to it, shrinking not counted.
	Start, Evaluations int

	size size
}

// Grade is the weaker of the grades of Outcome and Where: that of a counterexample to the claim of mixtures that meet the predicate.
func (f Find) Grade() oracle.Grade {
	if f.Where == nil {
		return f.Outcome.Grade
	}
	return min(f.Outcome.Grade, f.Where.Grade)
}

// ErrNothingFound says that a hunt ended without a counterexample.
var ErrNothingFound = errors.New("search: no counterexample found within the budget")

// NothingFound is ErrNothingFound with what was tried.
type NothingFound struct{ Tried }

// Error says what was tried.
func (e NothingFound) Error() string {
	if math.IsInf(e.Best, -1) {
		return fmt.Sprintf("%v: no candidate could be scored", ErrNothingFound)
	}
	if e.Best > 0 {
		return fmt.Sprintf("%v: the best of %d candidates scores %.3g, but none that meets the limits was certified", ErrNothingFound, e.Evaluations, e.Best)
	}
	return fmt.Sprintf("%v: the best of %d candidates scores %.3g, and more than 0 would refute", ErrNothingFound, e.Evaluations, e.Best)
}

// Is tells that it is ErrNothingFound.
func (e NothingFound) Is(target error) bool { return target == ErrNothingFound }

// compared is the number of finds of which Hunt takes the simplest.
const compared = 4

// Compared is the number of finds after which Hunt ends; 0 where it compares all.
func (o Options) Compared() int {
	if o.Objective == Simple {
		return compared
	}
	return 0
}

// Hunt returns the simplest of the first few counterexamples to a claim or, of another objective, the best of all that
// the budget finds, with a certificate where one can be made. When ctx ends it returns the best until then, as it
// is. Its errors are ErrNotSearchable, ErrLimits, and NothingFound.
func Hunt(ctx context.Context, claim theorems.Claim, o Options) (Find, error) {
	tried := Tried{Best: math.Inf(-1)}
	progress := o.Progress
	o.Progress = func(t Tried) {
		if tried = t; progress != nil {
			progress(t)
		}
	}
	o.Unshrunk = o.Objective.Unshrunk()
	finds, err := All(ctx, claim, o)
	if err != nil {
		return Find{}, err
	}
	claim = o.Limits.narrowed(claim)
	var best Find
	n := 0
	for f := range finds {
		if n == 0 || o.Objective.better(claim, f, best) {
			best = f
		}
		if n++; n == o.Compared() {
			break
		}
	}
	if n == 0 {
		return Find{}, NothingFound{tried}
	}
	if o.Unshrunk {
		best = best.shrunk(ctx, claim, o)
	}
	return best.proved(ctx, claim), nil
}

// shrunk is the find made simple after a hunt, as far as that is possible in the time of grace.
func (f Find) shrunk(ctx context.Context, claim theorems.Claim, o Options) Find {
	limits, err := o.Limits.of(claim)
	if err != nil {
		panic("search: what was hunted can't be: " + err.Error())
	}
	if o.Budget > 0 {
		var end context.CancelFunc
		ctx, end = context.WithTimeout(ctx, grace)
		defer end()
	}
	o.Objective.shrink(ctx, claim, f.refutation(), limits, func(r refutation) {
		f.Case, f.Outcome, f.Where, f.size = r.on, r.outcome, r.where, measure(claim, newDraft(r.on))
	})
	return f
}

// proved returns the find with a certificate, where the claim has proofs and one is found
// before ctx ends.
func (f Find) proved(ctx context.Context, claim theorems.Claim) Find {
	outcome, ended := workers.Await(ctx, func() (theorems.Outcome, error) { return claim.Proved(f.Case, f.Outcome), nil })
	if ended == nil {
		f.Outcome = outcome
	}
	return f
}

// All returns the counterexamples that a hunt finds, in the order of its starts, each
// minimal; several may be the same. It ends when its evaluations or its budget are used up, what
// it has found until then being shrunk as far as that is possible in 20 s more; and with ctx at
// once, what it has found until then being yielded as it is. Its errors are ErrNotSearchable
// and ErrLimits.
//
// Each start draws a mixture of the next number of components and dimension, the
// fewest first, and leads to at most one counterexample: by drawing on, or, of a claim
// that is lifted, by ascent.
func All(ctx context.Context, claim theorems.Claim, o Options) (iter.Seq[Find], error) {
	s, err := newStarts(claim, o)
	if err != nil {
		return nil, err
	}
	return func(yield func(Find) bool) {
		ends, end := context.WithCancel(ctx) // of looking
		defer end()
		abandoned, abandon := context.WithCancel(ctx) // of shrinking
		defer abandon()
		if o.Budget > 0 {
			defer time.AfterFunc(o.Budget, end).Stop()
			defer time.AfterFunc(o.Budget+grace, abandon).Stop()
		}
		tried := Tried{Best: math.Inf(-1)}
		attempts := inOrder(ends, abandoned, max(o.Workers, 1), func(n int) attempt { return s.attempt(ends, abandoned, n) })
		if o.Attempts != nil {
			attempts = o.Attempts(ctx)
		}
		for a := range attempts {
			tried.Evaluations += a.Tried.Evaluations
			if a.Tried.Evaluations > 0 {
				tried.Best = max(tried.Best, a.Tried.Best)
			}
			if o.Progress != nil {
				o.Progress(tried)
			}
			if a.Find == nil {
				continue
			}
			a.Find.Evaluations = tried.Evaluations
			if !yield(*a.Find) {
				return
			}
		}
	}, nil
}

// grace is what shrinking gets after the budget has ended: most mixtures take less than a
// second, those of many dimensions minutes.
const grace = 20 * time.Second

// Candidates that one start scores at most: draws are cheap to give up, a walk ends soon where it
// gets nowhere, an ascent takes a few hundred steps.
const mostDraws, mostWalk, mostSteps = 200, 500, 3000

// mostImproving is what a start gets beside for an objective: liftings, by which weights are raised, are quick.
var mostImproving = map[Objective]int{Convincing: 1500, Balanced: 30000}

// whole is what a start may score.
func (o Options) whole(claim theorems.Claim) int {
	return o.Limits.mostLooking(claim) + mostImproving[o.Objective]
}

// budget is what start n may score; 0 where the evaluations are used up.
func (o Options) budget(claim theorems.Claim, n int) int {
	one := o.whole(claim)
	if o.Evaluations == 0 {
		return one
	}
	return max(0, min(one, o.Evaluations-n*one))
}

// looking is what of a budget a start may score until it has a counterexample: where evaluations are bounded all of it, as no other start gets what is left.
func (o Options) looking(claim theorems.Claim, budget int) int {
	if o.Evaluations > 0 {
		return budget
	}
	return o.Limits.mostLooking(claim)
}

// mostLooking is what a start gets that ends with its first counterexample.
func (l Limits) mostLooking(claim theorems.Claim) int {
	switch ascent := claim.Hunt.Ascent; {
	case l.Near != nil || ascent == theorems.ByWalking || ascent == theorems.NoAscent && !l.none():
		return mostWalk
	case ascent != theorems.NoAscent:
		return mostSteps
	}
	return mostDraws
}
