package search

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/big"

	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// start is one start of a hunt.
type start struct {
	claim  theorems.Claim
	limits Limits
	number int
	seed   uint64
}

// result is what a start has led to.
type result struct {
	evaluations int
	find        *Find // nil if nothing
}

// shape returns the numbers of components and dimensions of the start: those of the
// limits in turn, the fewest first.
func (s start) shape() (components, dimension int) {
	k, d := s.limits.Components, s.limits.Dimension
	ks, ds := k.Most-k.Least+1, d.Most-d.Least+1
	return k.Least + s.number/ds%ks, d.Least + s.number%ds
}

// run looks for a case that the check refutes, scoring at most budget candidates, until
// ends is done, and shrinks it, until abandoned is.
func (s start) run(ends, abandoned context.Context, budget int, found func(result)) {
	look := s.draws
	if s.claim.Hunt.Ascent != theorems.NoAscent {
		look = s.climb
	}
	first, evaluations, ok := look(ends, budget)
	if !ok {
		found(result{evaluations: evaluations})
		return
	}
	keep := func(r refutation) {
		found(result{evaluations, &Find{Case: r.on, Outcome: r.outcome, Start: s.number, size: measure(s.claim, newDraft(r.on))}})
	}
	keep(first)
	shrink(abandoned, s.claim, first.on, s.limits, keep)
}

// draws scores random cases until one is refuted.
func (s start) draws(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	generator := s.generator()
	for ; evaluations < budget && ctx.Err() == nil; evaluations++ {
		if found, ok = refute(s.claim, s.limits, generator.Example(s.exampleSeed(evaluations))); ok {
			return found, evaluations + 1, true
		}
	}
	return found, evaluations, false
}

// generator draws the cases of the start.
func (s start) generator() *rapid.Generator[theorems.Case] {
	if s.claim.Hunt.Draw == nil {
		return s.claim.Draw
	}
	k, d := s.shape()
	return s.claim.Hunt.Draw(k, d, s.delta())
}

func (s start) delta() *big.Rat { return s.limits.delta(s.claim) }

// exampleSeed spreads the seeds of different claims, starts and draws.
func (s start) exampleSeed(n int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "search %s %d %d %d", s.claim.ID, s.seed, s.number, n)
	return int(h.Sum64() >> 2)
}
