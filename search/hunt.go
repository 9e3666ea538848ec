package search

import (
	"context"
	"errors"
	"iter"
	"time"

	"contrastcheck/internal/workers"
	"contrastcheck/theorems"
)

// Options steer a hunt. The zero value asks for the defaults.
type Options struct {
	Limits
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
	// candidates that have been scored.
	Progress func(evaluations int)
}

// Find is a counterexample that a hunt has found and made minimal.
type Find struct {
	Case    theorems.Case
	Outcome theorems.Outcome
	// Start is the number of the start that led here, counted from 0, and Evaluations
	// the candidates scored in all starts up to it, shrinking not counted.
	Start, Evaluations int

	size size
}

// ErrNothingFound says that a hunt ended without a counterexample.
var ErrNothingFound = errors.New("search: no counterexample found within the budget")

// compared is the number of finds of which Hunt takes the simplest.
const compared = 4

// Hunt returns the simplest of the first few counterexamples to a claim, with a
// certificate where one can be made. When ctx ends it returns the simplest until then, as it
// is. Its errors are ErrNotSearchable, ErrLimits, and ErrNothingFound.
func Hunt(ctx context.Context, claim theorems.Claim, o Options) (Find, error) {
	finds, err := All(ctx, claim, o)
	if err != nil {
		return Find{}, err
	}
	var best Find
	n := 0
	for f := range finds {
		if n == 0 || f.size.simpler(best.size) {
			best = f
		}
		if n++; n == compared {
			break
		}
	}
	if n == 0 {
		return Find{}, ErrNothingFound
	}
	return best.proved(ctx, claim), nil
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
	limits, err := o.Limits.of(claim)
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
		evaluations := 0
		for r := range inOrder(ends, abandoned, max(o.Workers, 1), func(n int) attempt {
			budget := o.budget(claim, n)
			if budget == 0 {
				return nil
			}
			return func(found func(result)) { start{claim, limits, n, o.Seed}.run(ends, abandoned, budget, found) }
		}) {
			evaluations += r.evaluations
			if o.Progress != nil {
				o.Progress(evaluations)
			}
			if r.find == nil {
				continue
			}
			r.find.Evaluations = evaluations
			if !yield(*r.find) {
				return
			}
		}
	}, nil
}

// grace is what shrinking gets after the budget has ended: most mixtures take less than a
// second, those of many dimensions minutes.
const grace = 20 * time.Second

// Candidates that one start scores at most: draws are cheap to give up, an ascent
// takes a few hundred steps.
const mostDraws, mostSteps = 200, 3000

// budget is what start n may score; 0 where the evaluations are used up.
func (o Options) budget(claim theorems.Claim, n int) int {
	one := mostDraws
	if claim.Hunt.Ascent != theorems.NoAscent {
		one = mostSteps
	}
	if o.Evaluations == 0 {
		return one
	}
	return max(0, min(one, o.Evaluations-n*one))
}
