package theorems

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"contrastcheck/generators"
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
	// Progress, if not nil, is called after every check, from one goroutine.
	Progress func()
}

// defaultCases is the number of cases a claim where Options does not say.
const defaultCases = 100

func (o Options) cases(id string) int {
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
		total += o.cases(c.ID) + len(Stored(c.ID))
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
	// Outcomes are those of the random cases, in the order of drawing.
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
	progress := o.Progress
	if progress == nil {
		progress = func() {}
	}
	outcomes := make([][]*Outcome, len(claims)) // nil, or ending early, where ctx ended first
	results := make([]Result, len(claims))
	for i, c := range claims {
		results[i] = Result{Claim: c, Worst: math.NaN(), Grade: oracle.Proved}
	}
	first, jobs := o.jobs(claims)
	ended := workers.Run(ctx, o.Workers, jobs, func(job int, keep func(func()) bool) {
		i := sort.SearchInts(first, job+1) - 1 // the last claim that begins at the job or before
		if claims[i].Recorded == oracle.Refuted {
			counted := o.cases(claims[i].ID) + len(Stored(claims[i].ID)) // steps of progress
			refute(claims[i], o, func(step func(*Result)) bool {
				return keep(func() {
					step(&results[i])
					if counted--; counted >= 0 {
						progress()
					}
				})
			})
			return
		}
		n := job - first[i]
		outcome := claims[i].Check(claims[i].Draw.Example(generators.ExampleSeed(claims[i].ID, o.Seed, n)))
		keep(func() {
			for len(outcomes[i]) <= n {
				outcomes[i] = append(outcomes[i], nil)
			}
			outcomes[i][n] = &outcome
			progress()
		})
	})
	for i, c := range claims {
		if c.Recorded != oracle.Refuted {
			results[i].Complete = len(outcomes[i]) == o.cases(c.ID) && !slices.Contains(outcomes[i], nil)
		}
		for n, outcome := range outcomes[i] {
			if outcome == nil {
				continue
			}
			results[i].add(*outcome)
			if outcome.Verdict == oracle.Refuted && len(results[i].Counterexamples) == 0 {
				drawn := c.Draw.Example(generators.ExampleSeed(c.ID, o.Seed, n))
				proved, err := workers.Await(ctx, func() (Outcome, error) { return c.Proved(drawn, *outcome), nil })
				if err != nil {
					proved, ended = *outcome, err
				}
				results[i].Counterexamples = []Counterexample{{Case: drawn, Outcome: proved}}
			}
		}
		if found := results[i].Counterexample(); found != nil {
			results[i].Grade = found.Outcome.Grade
		}
	}
	if ended != nil {
		ended = fmt.Errorf("theorems: verification ended early: %w", ended)
	}
	return results, ended
}

// jobs numbers the jobs of a verification: one for a claim that is refuted, a case each for
// others. It returns the first of each claim, and how many there are.
func (o Options) jobs(claims []Claim) (first []int, jobs int) {
	for _, c := range claims {
		first = append(first, jobs)
		if c.Recorded == oracle.Refuted {
			jobs++
		} else {
			jobs += o.cases(c.ID)
		}
	}
	return first, jobs
}

// A refuted claim is drawn at most longSearch times the number of cases, and at
// least shortestSearch times if need be: about one draw in twenty refutes.
const longSearch, shortestSearch = 20, 2000

// refute replays what is stored and draws until a random case refutes the claim, a step
// each, as long as step takes them.
func refute(c Claim, o Options, step func(func(*Result)) bool) {
	for _, stored := range Stored(c.ID) {
		outcome := c.Check(stored.Case)
		refuted := outcome.Verdict == oracle.Refuted
		if refuted {
			outcome = stored.proved(outcome)
			refuted = outcome.Verdict == oracle.Refuted
		}
		if !step(func(r *Result) {
			r.Stored++
			if refuted {
				r.Replayed++
				r.Counterexamples = append(r.Counterexamples, Counterexample{stored.Name, stored.Case, outcome})
			}
		}) {
			return
		}
	}
	most := max(longSearch*o.cases(c.ID), shortestSearch)
	for n := range most {
		drawn := c.Draw.Example(generators.ExampleSeed(c.ID, o.Seed, n))
		outcome := c.Check(drawn)
		proved := c.Proved(drawn, outcome)
		found := proved.Verdict == oracle.Refuted
		if !found { // also where a proof contradicts the check
			outcome = proved
		}
		if !step(func(r *Result) {
			r.add(outcome)
			if found {
				r.Counterexamples = append(r.Counterexamples, Counterexample{Case: drawn, Outcome: proved})
			}
			r.Complete = found || n == most-1
		}) || found {
			return
		}
	}
}

// add counts one random case.
func (r *Result) add(o Outcome) {
	r.Cases++
	r.Outcomes = append(r.Outcomes, o)
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
	if smallIsBad := r.Claim.smallIsBad(); math.IsNaN(r.Worst) ||
		smallIsBad && o.Value < r.Worst || !smallIsBad && o.Value > r.Worst {
		r.Worst = o.Value
	}
}
