package reports

import (
	"encoding/json"

	"contrastcheck/comparison"
	"contrastcheck/reports/figures"
)

// Schema names the form of report.json. A change that an old reader would stumble over
// gets another number. docs/report-schema.md describes it.
const Schema = "contrastcheck-report/1"

// Results are what a report says, in the order and with the keys of report.json.
type Results struct {
	Schema string `json:"schema"`
	// Complete is false where the work was ended early: what is missing was not done.
	Complete    bool         `json:"complete"`
	Run         Run          `json:"run"`
	Program     Program      `json:"program"`
	Stamp       *Stamp       `json:"stamp,omitempty"`
	Opening     *Opening     `json:"opening,omitempty"` // nil where none of its claims is reported on
	Claims      []Claim      `json:"claims"`
	Comparisons []Comparison `json:"comparisons"`
	Changes     *Changes     `json:"changes,omitempty"`
}

// Run is what the results depend on, beside the program.
type Run struct {
	Seed   uint64 `json:"seed"`
	Effort string `json:"effort"` // "quick" or "full"
	Cases  int    `json:"cases"`  // random cases a claim; fewer of those that take long, as each claim says
	// Selected lists the ids asked for; empty stands for all claims.
	Selected []string `json:"selected,omitempty"`
}

// Stamp is what differs from run to run.
type Stamp struct {
	Date    string `json:"date"` // RFC 3339, UTC
	Seconds Number `json:"seconds"`
	Cores   int    `json:"cores"`
}

// Claim is what was found of a claim. The fields that are those of theorems.Claim and
// theorems.Result mean the same.
type Claim struct {
	ID         string `json:"id"`
	Statement  string `json:"statement"`
	Source     string `json:"source"`
	Stance     string `json:"stance"`
	Hypotheses string `json:"hypotheses"`
	Drawn      string `json:"drawn"`
	Recorded   string `json:"recorded"`
	Found      string `json:"found"`
	AsRecorded bool   `json:"as_recorded"`
	Complete   bool   `json:"complete"`
	Cases      int    `json:"cases"`
	Holds      int    `json:"holds"`
	Refuted    int    `json:"refuted"`
	Undecided  int    `json:"undecided"`
	Stored     int    `json:"stored"`
	Replayed   int    `json:"replayed"`
	Measure    string `json:"measure"`
	Worst      Number `json:"worst"`
	Grade      string `json:"grade"` // "" where nothing was decided
	// Distribution is that of the measure among the decided random cases; nil if none was.
	Distribution *Distribution `json:"distribution"`
	// Command repeats the check.
	Command         string           `json:"command"`
	Counterexamples []Counterexample `json:"counterexamples"`
	Figures         []figures.Figure `json:"figures"`
}

// Distribution has order statistics of a sample.
type Distribution struct {
	Cases         int            `json:"cases"`
	WithoutValue  int            `json:"without_value"` // decided cases besides, for which the measure is not defined
	Least         Number         `json:"least"`
	LowerQuartile Number         `json:"lower_quartile"`
	Median        Number         `json:"median"`
	UpperQuartile Number         `json:"upper_quartile"`
	Largest       Number         `json:"largest"`
	Figure        figures.Figure `json:"figure"`
}

// Counterexample is a mixture that refutes a claim.
type Counterexample struct {
	Name string `json:"name"`
	// Stored tells a counterexample that is kept with the program from one drawn at random.
	Stored bool   `json:"stored"`
	Grade  string `json:"grade"`
	// Evidence says in a line what refutes the claim.
	Evidence string `json:"evidence"`
	// Case is all that the claim was checked on, in exact numbers, where a claim recorded to
	// hold is refuted.
	Case string `json:"case,omitempty"`
	// File is where the report has Mixture, a mixture file with the certificate if there
	// is one, and Command what checks it, both as seen from the report's folder.
	File    string          `json:"file"`
	Command string          `json:"command"`
	Mixture json.RawMessage `json:"mixture"`
	// Equations typeset the mixture; there are none of a large one.
	Equations []Equation      `json:"equations"`
	Figure    *figures.Figure `json:"figure,omitempty"`
}

// Comparison is what projections achieve on a data set.
type Comparison struct {
	ID              string `json:"id"`
	Title           string `json:"title"`
	Description     string `json:"description"`
	Components      int    `json:"components"`
	Dimension       int    `json:"dimension"`
	FisherDimension int    `json:"fisher_dimension"`
	Seeds           int    `json:"seeds"`
	// Kept is what InfoNCE keeps of all of it, raw and, if that is another thing, centred.
	Kept    []Kept           `json:"kept"`
	Rows    []Projected      `json:"projections"`
	Figures []figures.Figure `json:"figures"`
}

// Projected is what one projection achieves: means over seeds.
type Projected struct {
	Projection string `json:"projection"`
	comparison.Scores[Estimate]
}

// Estimate is a mean and its standard error.
type Estimate struct {
	Mean          Number `json:"mean"`
	StandardError Number `json:"standard_error"`
}

// AsRecorded counts the claims whose outcome is the recorded one.
func (r Results) AsRecorded() int {
	n := 0
	for _, c := range r.Claims {
		if c.AsRecorded {
			n++
		}
	}
	return n
}

// Figures returns all figures, in the order of the report.
func (r Results) Figures() []figures.Figure {
	var all []figures.Figure
	for _, c := range r.Claims {
		all = append(all, c.Figures...)
		for _, found := range c.Counterexamples {
			if found.Figure != nil {
				all = append(all, *found.Figure)
			}
		}
		if c.Distribution != nil {
			all = append(all, c.Distribution.Figure)
		}
	}
	for _, c := range r.Comparisons {
		all = append(all, c.Figures...)
	}
	return all
}
