package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

// hunted is the output of search.
type hunted struct {
	Claim       string       `json:"claim"`
	Statement   string       `json:"statement"`
	Found       []findOutput `json:"found"` // without those that the corpus had already
	Evaluations int          `json:"evaluations"`
	Best        *number      `json:"best_score,omitempty"` // where nothing was found
	Where       string       `json:"where,omitempty"`
	*lossNames               // of a claim that is asked of another loss than its own

	claim    theorems.Claim
	base     string // the id that was asked for; none of a conjecture
	loss     chosen
	by       search.Objective
	finds    int // with those
	folder   string
	inFolder int
}

type findOutput struct {
	Components  int    `json:"components"`
	Dimension   int    `json:"dimension"`
	Delta       string `json:"delta"`
	Measure     string `json:"measure"`
	Value       number `json:"value"`
	Grade       string `json:"grade"`
	Detail      string `json:"detail"`
	Case        string `json:"case"`
	run         string
	found       search.Find
	Mixture     json.RawMessage `json:"mixture"` // a mixture file, for solve
	Start       int             `json:"start"`
	Evaluations int             `json:"evaluations"`
	File        string          `json:"file,omitempty"`
	Lightest    string          `json:"lightest,omitempty"` // the smallest weight, where the objective is that
	WhereDetail string          `json:"where_detail,omitempty"`
}

// add notes a find, kept in a file if that is not "".
func (h *hunted) add(f search.Find, file string, isNew bool) {
	h.finds++
	h.Statement, h.Evaluations = h.claim.Statement, f.Evaluations
	if !isNew {
		return
	}
	p := f.Case.Pairs
	out := findOutput{
		Components: p.Components(), Dimension: p.Left.Dimension(), Delta: gmm.FormatNumber(p.ExactDelta()), Measure: h.claim.Measure, Value: number(f.Outcome.Value),
		Grade: f.Grade().String(), Detail: f.Outcome.Detail, Case: f.Case.Pairs.GoString(), Mixture: mixtureFile(f.Case, f.Outcome),
		Start: f.Start, Evaluations: f.Evaluations, File: file, run: rerun(f.Case, f.Outcome, h.base, h.loss), found: f,
	}
	if h.by == search.Balanced {
		share := f.Lightest()
		x, _ := share.Float64()
		out.Measure, out.Value, out.Lightest = h.by.String(), number(x), share.RatString()
	}
	if f.Where != nil {
		out.WhereDetail = fmt.Sprintf("%s (%v)", f.Where.Detail, f.Where.Grade)
	}
	h.Found = append(h.Found, out)
}

// text writes what was found for a person.
func (h hunted) text(b *bytes.Buffer, quiet bool) {
	if len(h.Found) == 0 && h.finds == 0 {
		return // the error says so
	}
	if !quiet {
		fmt.Fprintf(b, "%s is refuted\n  claim     %s\n  source    %s\n", h.Claim, h.claim.Statement, h.claim.Source)
	}
	for _, f := range h.Found {
		fmt.Fprintf(b, "  run       %s\n  evidence  %s\n", f.run, f.Detail)
		if f.WhereDetail != "" {
			fmt.Fprintf(b, "  where     %s\n", f.WhereDetail)
		}
		if f.Lightest != "" {
			fmt.Fprintf(b, "  balance   the smallest weight is %s = %.5g\n", f.Lightest, float64(f.Value))
		}
		if f.File != "" {
			fmt.Fprintf(b, "  kept      %s\n", f.File)
		}
	}
	if h.folder != "" && !quiet {
		fmt.Fprintf(b, "%d found, %d of them new; %s holds %s.\n", h.finds, len(h.Found), h.folder, count(h.inFolder, "counterexample"))
	}
}

// tried notes what a hunt has tried in vain.
func (h *hunted) tried(err error) {
	var nothing search.NothingFound
	if errors.As(err, &nothing) {
		best := number(nothing.Best)
		h.Evaluations, h.Best = nothing.Evaluations, &best
	}
}
