package campaign

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/search"
	"contrastcheck/search/predicate"
)

// attempts are what the starts of a shard led to.
type attempts struct {
	Of       string    `json:"of"`
	First    int       `json:"first"`
	Beyond   int       `json:"beyond"`
	Attempts []attempt `json:"attempts"`
}

// attempt is a search.Attempt.
type attempt struct {
	Evaluations int       `json:"evaluations"`
	Best        gmm.Float `json:"best"`
	Find        *find     `json:"find,omitempty"`
}

// find is a search.Find.
type find struct {
	Case    onCase     `json:"case"`
	Outcome outcome    `json:"outcome"`
	Where   *judgement `json:"where,omitempty"`
}

// judgement is a predicate.Judgement.
type judgement struct {
	Verdict int    `json:"verdict"`
	Grade   int    `json:"grade"`
	Detail  string `json:"detail"`
}

func newAttempt(a search.Attempt) attempt {
	out := attempt{a.Tried.Evaluations, gmm.Float(a.Tried.Best), nil}
	if f := a.Find; f != nil {
		out.Find = &find{newCase(f.Case), newOutcome(f.Outcome), nil}
		if w := f.Where; w != nil {
			out.Find.Where = &judgement{int(w.Verdict), int(w.Grade), w.Detail}
		}
	}
	return out
}

// predicate is the judgement.
func (j judgement) predicate() (*predicate.Judgement, error) {
	out := predicate.Judgement{Verdict: oracle.Verdict(j.Verdict), Grade: oracle.Grade(j.Grade), Detail: oneLine(j.Detail)}
	if out.Verdict < oracle.Undecided || out.Verdict > oracle.Refuted || out.Grade < oracle.Estimated || out.Grade > oracle.Proved {
		return nil, fmt.Errorf("expected a verdict and a grade, found %d and %d", j.Verdict, j.Grade)
	}
	return &out, nil
}
