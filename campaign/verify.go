package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// verification is the request of a verification.
type verification struct {
	Claims   []claimed `json:"claims"`
	Seed     uint64    `json:"seed"`
	Outcomes bool      `json:"outcomes"` // those of all cases are wanted
}

// claimed is a claim with its number of random cases.
type claimed struct {
	ID    string `json:"id"`
	Cases int    `json:"cases"`
}

// mostCases bounds the random cases of a claim.
const mostCases = 10_000_000

// NewVerification is the request of theorems.Verify: of claims of the registry, with the options that change the result.
func NewVerification(claims []theorems.Claim, o theorems.Options) Request {
	v := verification{Seed: o.Seed, Outcomes: !o.Brief}
	for _, c := range claims {
		v.Claims = append(v.Claims, claimed{c.ID, o.CasesFor(c.ID)})
	}
	return newRequest(KindVerify, v)
}

// Verify is theorems.Verify with a Runner, which has the workers: of claims of the registry it comes to the same result.
func Verify(ctx context.Context, run Runner, claims []theorems.Claim, o theorems.Options) ([]theorems.Result, error) {
	v := verifying{Division: o.Divide(claims, casesAShard), claims: claims}
	results := theorems.NewResults(claims)
	merged := make([]int, len(claims)) // parts
	ended := run(ctx, NewVerification(claims, o), func(n int, text []byte) error {
		found, err := v.read(n, text)
		if err != nil {
			return err
		}
		at := v.Of(n)
		results[at].Join(found)
		merged[at]++
		if o.Progress != nil {
			for range min(found.Cases+found.Stored, v.steps(n, o)) {
				o.Progress()
			}
		}
		return nil
	})
	for n := range v.Parts() {
		merged[v.Of(n)]--
	}
	for i, missing := range merged {
		results[i].Complete = results[i].Complete && missing == 0
	}
	if concluded := theorems.Conclude(ctx, results); ended == nil {
		ended = concluded
	}
	return results, ended
}

// verifying is a verification made ready.
type verifying struct {
	theorems.Division
	claims []theorems.Claim
}

func openVerify(parameters json.RawMessage) (Job, error) {
	var v verification
	if err := decode(parameters, &v); err != nil {
		return nil, err
	}
	if len(v.Claims) == 0 {
		return nil, errors.New("expected claims, found none")
	}
	var ids []string
	cases := map[string]int{}
	for _, c := range v.Claims {
		if c.Cases < 1 || c.Cases > mostCases {
			return nil, fmt.Errorf("expected 1 to %d cases of %s, found %d", mostCases, c.ID, c.Cases)
		}
		ids, cases[c.ID] = append(ids, c.ID), c.Cases
	}
	claims, err := theorems.Find(ids...)
	if err != nil {
		return nil, err
	}
	o := theorems.Options{Seed: v.Seed, Brief: !v.Outcomes, CasesOf: func(id string) int { return cases[id] }}
	return verifying{o.Divide(claims, casesAShard), claims}, nil
}

// Shards is the number of parts.
func (v verifying) Shards() int { return v.Parts() }

// steps is how many steps of progress a part is at most.
func (v verifying) steps(n int, o theorems.Options) int {
	if p := v.Part(n); p.Replays {
		return len(theorems.Stored(p.Claim.ID))
	} else if p.Claim.Recorded != oracle.Refuted {
		return p.Beyond - p.First
	} else {
		return o.CasesFor(p.Claim.ID)
	}
}

// Run checks a part.
func (v verifying) Run(ctx context.Context, n int) ([]byte, error) {
	p := v.Part(n)
	found, err := p.Run(ctx)
	return encode(newPart(p, found)), err
}

// Check recomputes a part that claims to refute anything, or is of a claim that is known to be refuted; of another it looks at the form alone.
func (v verifying) Check(ctx context.Context, n int, text []byte) error {
	said, err := v.read(n, text)
	if err != nil {
		return err
	}
	p := v.Part(n)
	if p.Claim.Recorded != oracle.Refuted {
		if expected := p.Beyond - p.First; !said.Complete || said.Cases != expected {
			return &False{n, fmt.Sprintf("%d cases", expected), fmt.Sprint(said.Cases)}
		}
		if said.Refuted+len(said.Counterexamples)+said.Stored == 0 {
			return nil
		}
	}
	known, err := v.Run(ctx, n)
	if err != nil {
		return err
	}
	if !bytes.Equal(known, text) {
		return &False{n, fmt.Sprintf("%.200s", known), fmt.Sprintf("%.200s", text)}
	}
	return nil
}

// part is what a part of a verification came to.
type part struct {
	Claim           string           `json:"claim"`
	Seed            uint64           `json:"seed"`
	Replays         bool             `json:"replays"`
	First           int              `json:"first"`
	Beyond          int              `json:"beyond"`
	Complete        bool             `json:"complete"`
	Cases           int              `json:"cases"`
	Holds           int              `json:"holds"`
	Refuted         int              `json:"refuted"`
	Undecided       int              `json:"undecided"`
	Stored          int              `json:"stored"`
	Replayed        int              `json:"replayed"`
	Worst           gmm.Float        `json:"worst"`
	Grade           int              `json:"grade"`
	Counterexamples []counterexample `json:"counterexamples,omitempty"`
	Outcomes        []outcome        `json:"outcomes,omitempty"`
}

// counterexample names a case, which is not sent: it is read or drawn anew.
type counterexample struct {
	Name    string  `json:"name,omitempty"`
	Number  int     `json:"number"`
	Outcome outcome `json:"outcome"`
}

func newPart(p theorems.Part, r theorems.Result) part {
	out := part{Claim: p.Claim.ID, Seed: p.Seed, Replays: p.Replays, First: p.First, Beyond: p.Beyond, Complete: r.Complete,
		Cases: r.Cases, Holds: r.Holds, Refuted: r.Refuted, Undecided: r.Undecided, Stored: r.Stored, Replayed: r.Replayed, Worst: gmm.Float(r.Worst), Grade: int(r.Grade)}
	for _, c := range r.Counterexamples {
		out.Counterexamples = append(out.Counterexamples, counterexample{c.Name, c.Number, newOutcome(c.Outcome)})
	}
	for _, o := range r.Outcomes {
		out.Outcomes = append(out.Outcomes, newOutcome(o))
	}
	return out
}

// read is what is said of a shard, an ErrFalse where it is not of that shard or its numbers do not add up.
func (v verifying) read(n int, text []byte) (theorems.Result, error) {
	p := v.Part(n)
	said, err := read[part](n, text)
	if err != nil {
		return theorems.Result{}, err
	}
	r := theorems.Result{Claim: p.Claim, Complete: said.Complete, Cases: said.Cases, Holds: said.Holds, Refuted: said.Refuted, Undecided: said.Undecided,
		Stored: said.Stored, Replayed: said.Replayed, Worst: float64(said.Worst), Grade: oracle.Grade(said.Grade)}
	refuse := func(expected string, found any) (theorems.Result, error) {
		return r, &False{n, expected, fmt.Sprint(found)}
	}
	asked := part{Claim: p.Claim.ID, Seed: p.Seed, Replays: p.Replays, First: p.First, Beyond: p.Beyond}
	if found := (part{Claim: said.Claim, Seed: said.Seed, Replays: said.Replays, First: said.First, Beyond: said.Beyond}); !bytes.Equal(encode(asked), encode(found)) {
		return refuse(string(encode(asked)), string(encode(found)))
	}
	for _, count := range []int{said.Cases, said.Holds, said.Refuted, said.Undecided, said.Stored, said.Replayed} {
		if count < 0 {
			return refuse("counts from 0", count)
		}
	}
	decided := said.Holds + said.Refuted
	switch {
	case said.Cases != decided+said.Undecided || said.Replayed > said.Stored || said.Cases > p.Beyond-p.First:
		return refuse("counts that add up", string(text[:min(len(text), 200)]))
	case r.Grade < oracle.Estimated || r.Grade > oracle.Proved || decided == 0 && !math.IsNaN(r.Worst):
		return refuse("a grade, and a worst value of decided cases", fmt.Sprintf("%d and %v", said.Grade, r.Worst))
	case p.Brief && said.Outcomes != nil || !p.Brief && len(said.Outcomes) != said.Cases:
		return refuse("an outcome a case where they are wanted", len(said.Outcomes))
	}
	verdicts := map[oracle.Verdict]int{}
	for _, o := range said.Outcomes {
		t, err := o.theorem()
		if err != nil {
			return refuse("outcomes", err)
		}
		r.Outcomes = append(r.Outcomes, t)
		verdicts[t.Verdict]++
	}
	if !p.Brief && (verdicts[oracle.Holds] != said.Holds || verdicts[oracle.Refuted] != said.Refuted) {
		return refuse(fmt.Sprintf("outcomes of which %d hold and %d are refuted", said.Holds, said.Refuted), verdicts)
	}
	for _, c := range said.Counterexamples {
		found, err := p.Counterexample(c.Name, c.Number)
		if err == nil {
			found.Outcome, err = c.Outcome.theorem()
		}
		if err != nil {
			return refuse("counterexamples of the part", err)
		}
		r.Counterexamples = append(r.Counterexamples, found)
	}
	return r, nil
}
