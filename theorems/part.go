package theorems

import (
	"context"
	"fmt"
	"math"
	"sort"

	"contrastcheck/generators"
	"contrastcheck/internal/workers"
	"contrastcheck/oracle"
)

// Part is a share of the verification of one claim. What it comes to depends on its fields alone.
type Part struct {
	Claim Claim
	// Seed determines what is drawn.
	Seed uint64
	// Replays says that the part is what is stored of the claim, and no random case.
	Replays bool
	// First and Beyond are the numbers of the random cases, from 0, without the latter. Those of a claim that is recorded as refuted are
	// drawn until one refutes it.
	First, Beyond int
	// Brief is that of Options.
	Brief bool
}

// Run checks the part. When ctx ends, so does Run, at once: it then returns the error of ctx together with what was checked until then, which is not Complete.
func (p Part) Run(ctx context.Context) (Result, error) {
	r := newResult(p.Claim)
	ended := workers.Run(ctx, 1, 1, func(_ int, keep func(func()) bool) {
		p.steps(func(step func(*Result)) bool { return keep(func() { step(&r) }) })
	})
	if ended != nil {
		ended = fmt.Errorf("theorems: verification ended early: %w", ended)
	}
	return r, ended
}

// newResult is that of nothing yet.
func newResult(c Claim) Result { return Result{Claim: c, Worst: math.NaN(), Grade: oracle.Proved} }

// steps hands over what each check of the part adds to a result, as long as step takes them.
func (p Part) steps(step func(func(*Result)) bool) {
	switch {
	case p.Replays:
		p.replay(step)
	case p.Claim.Recorded == oracle.Refuted:
		p.refute(step)
	default:
		p.check(step)
	}
}

// Case is random case n of the claim, counted from 0.
func (c Claim) Case(seed uint64, n int) Case {
	return c.Draw.Example(generators.ExampleSeed(c.ID, seed, n))
}

// check checks random cases.
func (p Part) check(step func(func(*Result)) bool) {
	for n := p.First; n < p.Beyond; n++ {
		drawn := p.Claim.Case(p.Seed, n)
		outcome := p.Claim.Check(drawn)
		if !step(func(r *Result) {
			r.add(outcome, p.Brief)
			if outcome.Verdict == oracle.Refuted && len(r.Counterexamples) == 0 {
				r.Counterexamples = []Counterexample{{Case: drawn, Number: n, Outcome: outcome}}
			}
			r.Complete = n == p.Beyond-1
		}) {
			return
		}
	}
}

// replay checks what is stored.
func (p Part) replay(step func(func(*Result)) bool) {
	all := Stored(p.Claim.ID)
	for n, stored := range all {
		outcome := p.Claim.Check(stored.Case)
		refuted := outcome.Verdict == oracle.Refuted
		if refuted {
			outcome = stored.proved(outcome)
			refuted = outcome.Verdict == oracle.Refuted
		}
		if !step(func(r *Result) {
			r.Stored++
			if refuted {
				r.Replayed++
				r.Counterexamples = append(r.Counterexamples, Counterexample{Name: stored.Name, Case: stored.Case, Outcome: outcome})
			}
			r.Complete = n == len(all)-1
		}) {
			return
		}
	}
}

// refute draws until a random case refutes the claim.
func (p Part) refute(step func(func(*Result)) bool) {
	for n := p.First; n < p.Beyond; n++ {
		drawn := p.Claim.Case(p.Seed, n)
		outcome := p.Claim.Check(drawn)
		proved := p.Claim.Proved(drawn, outcome)
		found := proved.Verdict == oracle.Refuted
		if !found { // also where a proof contradicts the check
			outcome = proved
		}
		if !step(func(r *Result) {
			r.add(outcome, p.Brief)
			if found {
				r.Counterexamples = append(r.Counterexamples, Counterexample{Case: drawn, Number: n, Outcome: proved})
			}
			r.Complete = found || n == p.Beyond-1
		}) || found {
			return
		}
	}
}

// Division is a verification in parts: of each claim in turn what is stored, where it is recorded as refuted, and its random cases. Those
// of a claim that is recorded as refuted are one part.
type Division struct {
	claims      []Claim
	options     Options
	size, first []int
	parts       int
}

// Divide makes parts of at most size random cases of a claim, by its id and its number of cases.
func (o Options) Divide(claims []Claim, size func(id string, cases int) int) Division {
	d := Division{claims: claims, options: o}
	for _, c := range claims {
		cases := o.CasesFor(c.ID)
		one := max(1, size(c.ID, cases))
		d.size, d.first = append(d.size, one), append(d.first, d.parts)
		if c.Recorded != oracle.Refuted {
			d.parts += (cases + one - 1) / one
			continue
		}
		d.parts++
		if len(Stored(c.ID)) > 0 {
			d.parts++
		}
	}
	return d
}

// Parts is their number.
func (d Division) Parts() int { return d.parts }

// Of is the place of the claim that part n is of.
func (d Division) Of(n int) int { return sort.SearchInts(d.first, n+1) - 1 } // every claim has a part

// A refuted claim is drawn at most longSearch times the number of cases, and at
// least shortestSearch times if need be: about one draw in twenty refutes.
const longSearch, shortestSearch = 20, 2000

// Part is part n, from 0.
func (d Division) Part(n int) Part {
	at := d.Of(n)
	c, nth := d.claims[at], n-d.first[at]
	p := Part{Claim: c, Seed: d.options.Seed, Brief: d.options.Brief}
	cases := d.options.CasesFor(c.ID)
	switch {
	case c.Recorded != oracle.Refuted:
		p.First = nth * d.size[at]
		p.Beyond = min(p.First+d.size[at], cases)
	case nth == 0 && len(Stored(c.ID)) > 0:
		p.Replays = true
	default:
		p.Beyond = max(longSearch*cases, shortestSearch)
	}
	return p
}

// Counterexample is the case of a part that a name, or where that is "" a number, stands for, without an outcome.
func (p Part) Counterexample(name string, number int) (Counterexample, error) {
	if !p.Replays {
		if name != "" || number < p.First || number >= p.Beyond {
			return Counterexample{}, fmt.Errorf("theorems: expected a case from %d to %d, found %s %d", p.First, p.Beyond-1, name, number)
		}
		return Counterexample{Number: number, Case: p.Claim.Case(p.Seed, number)}, nil
	}
	for _, stored := range Stored(p.Claim.ID) {
		if stored.Name == name && number == 0 {
			return Counterexample{Name: name, Case: stored.Case}, nil
		}
	}
	return Counterexample{}, fmt.Errorf("theorems: expected a stored counterexample of %s, found %q", p.Claim.ID, name)
}
