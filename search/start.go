package search

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
	"math/rand/v2"

	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// start is one start of a hunt.
type start struct {
	claim     theorems.Claim
	limits    Limits
	objective Objective
	unshrunk  bool
	number    int
	seed      uint64
	highest   *float64 // score seen
}

// Attempt is what one start of a hunt has led to.
type Attempt struct {
	// Tried is what this start alone has tried.
	Tried Tried
	// Find is nil where it has led to nothing. Its Evaluations are not counted yet.
	Find *Find
}

// Tried is what a hunt has tried.
type Tried struct {
	// Evaluations is the number of candidates that were scored.
	Evaluations int
	// Best is the best of their scores: more than 0 refutes, as far as a score tells. −Inf where nothing was scored.
	Best float64
}

// saw notes a score.
func (s start) saw(score float64) {
	if score > *s.highest { // never where it is NaN
		*s.highest = score
	}
}

// shape returns the numbers of components and dimensions of the start: those of the
// limits in turn, the fewest first.
func (s start) shape() (components, dimension int) {
	if shapes := s.limits.shapes; shapes != nil {
		at := shapes[s.number%len(shapes)]
		return at.components, at.dimension
	}
	k, d := s.limits.Components, s.limits.Dimension
	ks, ds := k.Most-k.Least+1, d.Most-d.Least+1
	return k.Least + s.number/ds%ks, d.Least + s.number%ds
}

// run looks for a case that the check refutes, scoring at most looking candidates, and makes it better by the objective, at most
// budget in all, until ends is done; then simpler, until abandoned is.
func (s start) run(ends, abandoned context.Context, looking, budget int, found func(Attempt)) {
	highest := math.Inf(-1)
	s.highest = &highest
	first, evaluations, ok := s.look(ends, looking)
	if !ok {
		found(Attempt{Tried: Tried{evaluations, highest}})
		return
	}
	first, used := s.improved(ends, first, budget-evaluations)
	evaluations += used
	keep := func(r refutation) {
		find := Find{Case: r.on, Outcome: r.outcome, Where: r.where, Start: s.number, size: measure(s.claim, newDraft(r.on))}
		found(Attempt{Tried{evaluations, highest}, &find})
	}
	keep(first)
	if s.unshrunk {
		return
	}
	s.objective.shrink(abandoned, s.claim, first, s.limits, keep)
}

// look is the way that the claim and the limits ask for.
func (s start) look(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	switch ascent := s.claim.Hunt.Ascent; {
	case s.limits.Near != nil:
		return s.reach(ctx, s.drawn(0), 0, budget)
	case ascent == theorems.ByLifting || ascent == theorems.ByScore:
		return s.climb(ctx, budget)
	case ascent == theorems.NoAscent && s.limits.none():
		return s.draws(ctx, budget)
	}
	return s.stroll(ctx, budget)
}

// stroll draws, and walks from the best of what was drawn.
func (s start) stroll(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	const share = 8 // of the budget is for drawing, at most mostDraws
	best, height := draft{}, math.Inf(-1)
	for drawing := max(1, min(mostDraws, budget/share)); evaluations < drawing && ctx.Err() == nil; evaluations++ {
		d := s.drawn(evaluations)
		c, built := d.build(uint64(s.exampleSeed(evaluations)))
		if !built || s.extreme(d) {
			continue
		}
		found, ok = refute(s.claim, s.limits, c)
		if s.saw(found.score); ok {
			return found, evaluations + 1, true
		}
		if best.weights == nil || found.score > height {
			best, height = d, found.score
		}
	}
	if best.weights == nil {
		return found, evaluations, false
	}
	found, used, ok := s.reach(ctx, best, 0, budget-evaluations)
	return found, evaluations + used, ok
}

// draws scores random cases until one is refuted.
func (s start) draws(ctx context.Context, budget int) (found refutation, evaluations int, ok bool) {
	generator := s.generator()
	for ; evaluations < budget && ctx.Err() == nil; evaluations++ {
		found, ok = refute(s.claim, s.limits, generator.Example(s.exampleSeed(evaluations)))
		if s.saw(found.score); ok {
			return found, evaluations + 1, true
		}
	}
	return found, evaluations, false
}

// drawn is a random draft that meets the constraints, mostly.
func (s start) drawn(n int) draft {
	centred := s.claim.Hunt.Hypotheses.Centred
	if near := s.limits.Near; near != nil {
		d := near.draw(rand.New(rand.NewPCG(s.seed, uint64(s.exampleSeed(n)))), s.number == 0 && n == 0, s.delta())
		return s.limits.fit(d, centred)
	}
	return s.limits.fit(newDraft(s.generator().Example(s.exampleSeed(n))), centred)
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
