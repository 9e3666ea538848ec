package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/theorems"
)

// Objective is what the best of several counterexamples is.
type Objective int

// The objectives.
const (
	// Simple is that of the smallest numbers, in the order of shrink.
	Simple Objective = iota
	// Convincing is the one that refutes by the widest margin.
	Convincing
	// Balanced is the one of the largest smallest weight.
	Balanced
)

var objectives = []string{"simple", "margin", "balance"}

// String is the word of the command line.
func (o Objective) String() string { return objectives[o] }

// ErrObjective says that a word names no objective.
var ErrObjective = errors.New("search: no objective")

// ParseObjective reads simple, margin or balance.
func ParseObjective(word string) (Objective, error) {
	if i := slices.Index(objectives, word); i >= 0 {
		return Objective(i), nil
	}
	return 0, fmt.Errorf("%w: expected one of %s, found %q", ErrObjective, strings.Join(objectives, ", "), word)
}

// Unshrunk tells that Hunt makes the best find simple alone.
func (o Objective) Unshrunk() bool { return o != Simple }

// conviction is how far a refutation is from none: minus its margin where the claim measures one, which a certificate is about; else the claim's score.
func conviction(claim theorems.Claim, r refutation) float64 {
	if claim.Measure == "margin" && r.outcome.Value < 0 {
		return -r.outcome.Value
	}
	return claim.Hunt.Score(r.on)
}

// floor is what shrinking keeps of what the objective found: the zero value nothing.
type floor struct {
	conviction float64
	lightest   *big.Rat
}

// kept is the share of a margin that is kept for simpler numbers.
const kept = 0.95

// under is the floor under a refutation.
func (o Objective) under(claim theorems.Claim, r refutation) floor {
	switch o {
	case Convincing:
		return floor{conviction: kept * conviction(claim, r)}
	case Balanced:
		return floor{lightest: newDraft(r.on).lightest()}
	}
	return floor{}
}

// admits tells that a refutation is on or above the floor.
func (f floor) admits(claim theorems.Claim, r refutation) bool {
	return (f.conviction == 0 || conviction(claim, r) >= f.conviction) &&
		(f.lightest == nil || newDraft(r.on).lightest().Cmp(f.lightest) >= 0)
}

// better tells whether a find is better than another by the objective, and where these are equal, simpler.
func (o Objective) better(claim theorems.Claim, f, than Find) bool {
	switch o {
	case Convincing:
		x, y := conviction(claim, f.refutation()), conviction(claim, than.refutation())
		if x != y {
			return x > y
		}
	case Balanced:
		if order := f.Lightest().Cmp(than.Lightest()); order != 0 {
			return order > 0
		}
	}
	return f.size.simpler(than.size)
}

func (f Find) refutation() refutation {
	return refutation{on: f.Case, outcome: f.Outcome, where: f.Where}
}

// Lightest is the smallest weight, as a share.
func (f Find) Lightest() *big.Rat { return newDraft(f.Case).lightest() }

// shrink makes a refutation simpler, above the floor under it.
func (o Objective) shrink(ctx context.Context, claim theorems.Claim, from refutation, l Limits, keep func(refutation)) {
	least := o.under(claim, from)
	if o != Simple {
		from = coarser(ctx, claim, l, from, least)
		keep(from)
	}
	shrink(ctx, claim, from.on, l, least, keep)
}

// coarser is the first refutation above a floor whose means are on a coarse grid, and whose weights are whole multiples of the least or of
// a part of it; the refutation itself where there is none. It spares the single steps of shrink most of their way.
func coarser(ctx context.Context, claim theorems.Claim, l Limits, from refutation, least floor) refutation {
	d := newDraft(from.on)
	const finest = 1 << 10
	for grid := int64(1); grid <= finest && ctx.Err() == nil; grid *= 2 {
		unit := big.NewRat(1, grid)
		on := func(x *big.Rat) *big.Rat {
			x = nearest(new(big.Rat).Quo(x, unit))
			return x.Mul(x, unit)
		}
		part := slices.MinFunc(d.weights, (*big.Rat).Cmp)
		s := d.withMeans(on).withWeights(each(d.weights, func(w *big.Rat) *big.Rat { return on(new(big.Rat).Quo(w, part)) }))
		c, ok := l.fit(s, claim.Hunt.Hypotheses.Centred).build(from.on.Seed)
		if !ok {
			continue
		}
		if r, ok := refute(claim, l, c); ok && least.admits(claim, r) {
			return r
		}
	}
	return from
}

// improved makes a refutation better by the objective, as far as a budget of evaluations goes; it returns those used.
func (s start) improved(ctx context.Context, from refutation, budget int) (refutation, int) {
	switch s.objective {
	case Convincing:
		return s.widened(ctx, from, budget)
	case Balanced:
		return s.raise(ctx, from, budget)
	}
	return from, 0
}

// widened ascends the margin.
func (s start) widened(ctx context.Context, from refutation, budget int) (refutation, int) {
	best, most, score := from, conviction(s.claim, from), s.claim.Hunt.Score(from.on)
	const near = 0.7 // of the best score, which is good to a quarter: what is lower needs no check
	w := s.newWalk(newDraft(from.on), 0, func(c theorems.Case) float64 {
		if !(s.claim.Hunt.Score(c) > near*score) {
			return math.NaN()
		}
		r, ok := refute(s.claim, s.limits, c)
		if !ok {
			return math.NaN()
		}
		x := conviction(s.claim, r)
		if x > most {
			best, most, score = r, x, r.score
		}
		return x
	})
	w.until(ctx, math.Inf(1), budget)
	return best, w.evaluations
}

// balanced raises the smallest weight to one n-th for ever smaller n, and walks to where the claim is refuted again.
func (s start) balanced(ctx context.Context, from refutation, budget int) (best refutation, used int) {
	best = from
	const slice = 400 // evaluations for one step
	for step, number := firstRaise, 1; step > lastRaise && used < budget && ctx.Err() == nil; number++ {
		d := newDraft(best.on)
		t := s
		if t.limits.Lightest = raised(d.lightest(), step, d.components()); t.limits.Lightest == nil {
			break
		}
		r, evaluations, ok := t.reach(ctx, t.limits.fit(d, s.claim.Hunt.Hypotheses.Centred), number, min(slice, budget-used))
		used += evaluations
		if ok {
			best, step = r, min(firstRaise, step*2)
		} else {
			step /= 2
		}
	}
	return best, used
}

// By what part the smallest weight is raised: at first, and at last.
const firstRaise, lastRaise = 0.25, 0.002

// raised is 1/n ≥ x(1 + step) for the largest such whole n, which is less than 1/x; nil where k components have no room for it.
func raised(x *big.Rat, step float64, k int) *big.Rat {
	f, _ := x.Float64()
	n := int64(math.Ceil(1/f)) - 1
	n = min(n, int64(1/(f*(1+step))))
	if n < int64(k) {
		return nil
	}
	return big.NewRat(1, n)
}

// reach walks from a draft to where the claim is refuted.
func (s start) reach(ctx context.Context, from draft, number, evaluations int) (found refutation, used int, ok bool) {
	w := s.newWalk(from, number, func(c theorems.Case) float64 {
		r, refuted := refute(s.claim, s.limits, c)
		if s.saw(r.score); refuted {
			found, ok = r, true
			return math.Inf(1)
		}
		return min(r.score, -s.missing(c))
	})
	w.until(ctx, math.MaxFloat64, evaluations)
	return found, w.evaluations, ok
}
