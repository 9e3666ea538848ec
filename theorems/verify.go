package theorems

import (
	"context"
	"fmt"
	"math"

	"contrastcheck/internal/workers"
	"contrastcheck/oracle"
)

// Options steer a verification. The zero value asks for the defaults.
type Options struct {
	// Cases is the number of random cases of each claim: > 0. Zero means 100.
	Cases int
	// CasesOf, if not nil, is the number of claims, by their ids, that take another one: > 0, or 0 for Cases.
	CasesOf func(id string) int
	// Seed determines what is drawn.
	Seed uint64
	// Workers is the number of checks under way at once. Zero means one.
	Workers int
	// Brief says that no Outcomes are kept, which are many.
	Brief bool
	// Progress, if not nil, is called after every check, from one goroutine.
	Progress func()
}

// defaultCases is the number of cases a claim where Options does not say.
const defaultCases = 100

// CasesFor is the number of random cases of a claim.
func (o Options) CasesFor(id string) int {
	if o.CasesOf != nil {
		if n := o.CasesOf(id); n > 0 {
			return n
		}
	}
	if o.Cases > 0 {
		return o.Cases
	}
	return defaultCases
}

// Checks returns how many times Progress will be called at most for the claims.
func (o Options) Checks(claims []Claim) int {
	total := 0
	for _, c := range claims {
		total += o.CasesFor(c.ID) + len(Stored(c.ID))
	}
	return total
}

// Result is what verification found of one claim.
type Result struct {
	Claim Claim
	// Cases counts the random cases checked, and Holds, Refuted and Undecided
	// those of each verdict.
	Cases, Holds, Refuted, Undecided int
	// Complete is false where the verification ended before it was done with the claim.
	Complete bool
	// Worst is the least favourable Value among decided random cases: the
	// largest defect, z-score or difference, the smallest margin or slack; NaN if
	// there was none.
	Worst float64
	// Grade is that of the counterexample, if there is one; else the weakest among the
	// decided cases.
	Grade oracle.Grade
	// Replayed counts the stored counterexamples that still refute the claim, of
	// those stored.
	Replayed, Stored int
	// Counterexamples are the stored ones that still refute the claim, the simplest first,
	// and the first random case that does.
	Counterexamples []Counterexample
	// Outcomes are those of the random cases, in the order of drawing; none where Options are Brief.
	Outcomes []Outcome
}

// Counterexample is the simplest one: a stored one, else a random case; nil if there is none.
func (r Result) Counterexample() *Counterexample {
	if len(r.Counterexamples) == 0 {
		return nil
	}
	return &r.Counterexamples[0]
}

// Counterexample is a case that refutes a claim.
type Counterexample struct {
	Name    string // "" for a random case
	Number  int    // of a random case, counted from 0
	Case    Case
	Outcome Outcome
}

// Found is the verdict on the claim: Refuted by any counterexample; Holds where
// every random case does or is undecided, but at most one in oneUndecidedIn, or
// fewUndecided in a short run; else Undecided.
func (r Result) Found() oracle.Verdict {
	switch {
	case len(r.Counterexamples) > 0:
		return oracle.Refuted
	case r.Holds > 0 && r.Undecided <= max(r.Cases/oneUndecidedIn, fewUndecided):
		return oracle.Holds
	}
	return oracle.Undecided
}

// oneUndecidedIn and fewUndecided bound the undecided cases of a claim that holds.
const oneUndecidedIn, fewUndecided = 20, 3

// AsRecorded tells whether the outcome is the recorded one. A refuted claim must
// also be refuted by every stored counterexample and by a fresh random case.
func (r Result) AsRecorded() bool {
	if r.Found() != r.Claim.Recorded {
		return false
	}
	return r.Claim.Recorded == oracle.Holds || r.Replayed == r.Stored && r.Refuted > 0
}

// Verify checks the claims on random cases, and those recorded as refuted on their
// stored counterexamples too. A refuted claim is drawn until a case refutes it, at
// most 20 times the cases, or 2000 times. The result depends on the seed alone, not on
// the number of workers. When ctx ends, so does it, at once: it then returns the error of
// ctx together with what was checked until then; checks under way go on in the background and
// come to nothing.
func Verify(ctx context.Context, claims []Claim, o Options) ([]Result, error) {
	const one = 1 // case a part
	d := o.Divide(claims, func(string, int) int { return one })
	found := make([]*Result, d.Parts()) // nil where ctx ended first
	ended := workers.Run(ctx, o.Workers, d.Parts(), func(n int, keep func(func()) bool) {
		p := d.Part(n)
		counted := o.CasesFor(p.Claim.ID) // steps of progress
		if p.Replays {
			counted = len(Stored(p.Claim.ID))
		}
		p.steps(func(step func(*Result)) bool {
			return keep(func() {
				if found[n] == nil {
					r := newResult(p.Claim)
					found[n] = &r
				}
				step(found[n])
				if counted--; counted >= 0 && o.Progress != nil {
					o.Progress()
				}
			})
		})
	})
	results := NewResults(claims)
	for n, part := range found {
		if r := &results[d.Of(n)]; part != nil {
			r.Join(*part)
		} else {
			r.Complete = false
		}
	}
	concluded := Conclude(ctx, results)
	if ended == nil {
		ended = concluded
	}
	if ended != nil {
		ended = fmt.Errorf("theorems: verification ended early: %w", ended)
	}
	return results, ended
}

// NewResults are those of claims of which no part has been joined yet.
func NewResults(claims []Claim) []Result {
	results := make([]Result, len(claims))
	for i, c := range claims {
		results[i] = newResult(c)
		results[i].Complete = true
	}
	return results
}

// Join adds what the next part of the claim came to. Parts are joined in their order.
func (r *Result) Join(next Result) {
	r.Cases, r.Holds, r.Refuted, r.Undecided = r.Cases+next.Cases, r.Holds+next.Holds, r.Refuted+next.Refuted, r.Undecided+next.Undecided
	r.Replayed, r.Stored = r.Replayed+next.Replayed, r.Stored+next.Stored
	r.Complete = r.Complete && next.Complete
	r.Grade = min(r.Grade, next.Grade)
	r.worsen(next.Worst)
	r.Outcomes = append(r.Outcomes, next.Outcomes...)
	if r.Claim.Recorded == oracle.Refuted || len(r.Counterexamples) == 0 {
		r.Counterexamples = append(r.Counterexamples, next.Counterexamples...)
	}
}

// Conclude ends a verification all parts of which were joined: the random case that refutes a claim that is not recorded so is proved to, if it can be. Its error is that of ctx.
func Conclude(ctx context.Context, results []Result) (ended error) {
	for i := range results {
		r := &results[i]
		if r.Claim.Recorded != oracle.Refuted && len(r.Counterexamples) > 0 {
			found := &r.Counterexamples[0]
			proved, err := workers.Await(ctx, func() (Outcome, error) { return r.Claim.Proved(found.Case, found.Outcome), nil })
			if err == nil {
				found.Outcome = proved
			}
			ended = err
		}
		if found := r.Counterexample(); found != nil {
			r.Grade = found.Outcome.Grade
		}
	}
	return ended
}

// add counts one random case.
func (r *Result) add(o Outcome, brief bool) {
	r.Cases++
	if !brief {
		r.Outcomes = append(r.Outcomes, o)
	}
	switch o.Verdict {
	case oracle.Holds:
		r.Holds++
	case oracle.Refuted:
		r.Refuted++
	default:
		r.Undecided++
		return
	}
	r.Grade = min(r.Grade, o.Grade)
	r.worsen(o.Value)
}

// worsen notes a value that is less favourable.
func (r *Result) worsen(value float64) {
	if smallIsBad := r.Claim.smallIsBad(); math.IsNaN(r.Worst) || smallIsBad && value < r.Worst || !smallIsBad && value > r.Worst {
		r.Worst = value
	}
}
