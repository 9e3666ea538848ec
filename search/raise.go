package search

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver"
	"contrastcheck/theorems"
)

// raise makes a refutation of a claim that is lifted more balanced. It works on base mixtures, whose score has no scale: the
// smallest weight goes up to one n-th, the score is ascended from the last base with so large weights, and where it is positive the next n is smaller.
// The most balanced base whose lifting is refuted once it is rounded counts; where none is, or the claim is of another kind, it is as balanced does.
func (s start) raise(ctx context.Context, from refutation, budget int) (best refutation, used int) {
	if k, d := s.shape(); s.claim.Hunt.Ascent != theorems.ByLifting || s.limits.Near != nil || k < d+1 || d < 2 {
		return s.balanced(ctx, from, budget)
	}
	a := s.ascent()
	a.ascend(ctx, s, s.scattered(a), firstStep, budget/6, budget/5)
	if used = a.evaluations; !(a.best > 0) {
		rest, more := s.balanced(ctx, from, budget-used)
		return rest, used + more
	}
	type level struct {
		start start
		base  solver.Base
	}
	const perNumber, first, enough, hopeless = 150, 0.1, 4e-6, -0.01 // a lifting is known to 1e-7
	levels := []level{{s, a.base(a.at)}}
	for step := firstRaise; step > lastRaise && used < budget && ctx.Err() == nil; {
		last := levels[len(levels)-1].base
		t := s
		if t.limits.Lightest = raised(gmm.Rationals(slices.Min(last.Weights))[0], step, a.k); t.limits.Lightest == nil {
			break
		}
		b := t.ascent()
		b.enough, b.polishes = enough, hopeless
		x := b.coordinates(last)
		slice := min(perNumber*len(x), budget-used)
		b.ascend(ctx, t, x, first, slice, min(2*slice, budget-used))
		if used += b.evaluations; b.best > enough {
			levels, step = append(levels, level{t, b.base(b.at)}), min(firstRaise, 2*step)
		} else {
			step /= 2
		}
	}
	fine := []float64{16, 256, 4096}
	for _, l := range slices.Backward(levels) {
		b := l.start.ascent()
		b.enough = math.Inf(1)
		b.polish(ctx, b.coordinates(l.base), perNumber*len(l.base.Weights))
		used += b.evaluations
		for c := range l.start.liftedOn(fine, b.base(b.at), s.exampleSeed(0)) {
			used++
			if r, ok := refute(s.claim, l.start.limits, c); ok {
				return r, used
			}
		}
		if ctx.Err() != nil {
			break
		}
	}
	return from, used
}

// scattered is where raise begins: a drawn point with some components on the other side of the mean and weights of less different sizes or, of every other start of four components
// or more, positions on both sides, the lighter the farther. What is balanced has light components far out on both sides.
func (s start) scattered(a *ascent) []float64 {
	x := s.drawnPoint(a)
	rng := rand.New(rand.NewPCG(s.seed, uint64(s.exampleSeed(0))))
	flatter, anew := 0.3+0.7*rng.Float64(), a.k > 3 && rng.IntN(2) == 0
	for k := range a.k - 1 {
		const fewest = -4 // the log of the least weight beside the heaviest
		if x[k] *= flatter; anew {
			x[k] = fewest * rng.Float64()
		}
		other := rng.IntN(2) == 0
		for i := range a.s {
			place := &x[a.k-1+k*a.s+i]
			if anew {
				*place = a.separation / (2 * unit) * (0.1 + 0.9*x[k]/fewest*rng.Float64())
			}
			if other {
				*place *= -1
			}
		}
	}
	return x
}

// coordinates are those of a base mixture whose heaviest component comes last: base of them is it again, where its weights are large enough.
func (a *ascent) coordinates(b solver.Base) []float64 {
	last := a.k - 1
	x := make([]float64, last*(1+a.s))
	for k := range last {
		x[k] = math.Log(max(rarest, (b.Weights[k]-a.least)/(b.Weights[last]-a.least)))
		for i := range a.s {
			x[last+k*a.s+i] = (b.Means.At(i, k) - b.Means.At(i, last)) / unit
		}
	}
	return x
}
