package cli

import (
	"contrastcheck/oracle"

	"bytes"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

// text writes the verification for a person.
func (v verification) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	known := "RECORDED"
	if v.AsStated {
		known = "AUTHORS"
	}
	t.AppendRow(table.Row{"CLAIM", known, "FOUND", "CASES", "UNDECIDED", "WORST", "GRADE", ""})
	for _, r := range v.Results {
		expectation := r.Recorded
		if v.AsStated {
			expectation = stances[r.Stance]
		}
		worst, grade := fmt.Sprintf("%s %.2g", r.Measure, float64(r.Worst)), r.Grade
		if r.Holds+r.Refuted == 0 {
			worst, grade = "", ""
		}
		t.AppendRow(table.Row{r.ID, expectation, strings.ToUpper(r.Found), r.Cases, r.Undecided, worst, grade, v.mark(r)})
	}
	fmt.Fprintln(b, t.Render())
	if !quiet || v.AsStated {
		v.counterexamples(b)
	}
	fmt.Fprintf(b, "\n%s\n", v.summary())
}

// mark says whether a claim's outcome is the expected one.
func (v verification) mark(r verified) string {
	switch {
	case v.AsStated && r.AsExpected:
		return ""
	case r.AsExpected:
		return "as recorded"
	case !v.AsStated:
		return "NOT as recorded"
	case r.Found == "undecided":
		return "not decided"
	case r.Stance == "open":
		return "REFUTED, was open"
	case r.Stance == "denied":
		return "HOLDS, was denied"
	}
	return "FALSE as stated"
}

var stances = map[string]string{"ours": "—", "asserted": "assert it", "open": "leave it open", "denied": "deny it"}

// counterexamples says by what each refuted claim is refuted.
func (v verification) counterexamples(b *bytes.Buffer) {
	for _, r := range v.Results {
		if r.Counterexample == nil {
			continue
		}
		fmt.Fprintf(b, "\n%s is refuted\n  claim     %s\n  source    %s\n  run       %s\n  evidence  %s\n",
			r.ID, r.Statement, r.Source, r.Counterexample.run, r.Counterexample.Detail)
		if r.Recorded == oracle.Holds.String() { // a defect, of which all that was drawn may matter
			fmt.Fprintf(b, "  case      %s\n", r.Counterexample.Case)
		}
		if r.Stored > 0 {
			fmt.Fprintf(b, "  also      %d of %s refute it, and %d of %s drawn\n",
				r.Replayed, count(r.Stored, "stored counterexample"), r.Refuted, count(r.Cases, "random mixture"))
		}
	}
}

func (v verification) summary() string {
	off := 0
	for _, r := range v.Results {
		if !r.AsExpected {
			off++
		}
	}
	switch {
	case v.AsStated && off > 0:
		return fmt.Sprintf("%d of %s false or undecided as stated.", off, count(len(v.Results), "claim"))
	case v.AsStated:
		return fmt.Sprintf("%s: each holds as stated.", count(len(v.Results), "claim"))
	case off > 0:
		return fmt.Sprintf("%d of %s NOT as recorded.", off, count(len(v.Results), "outcome"))
	}
	return fmt.Sprintf("%s, each as recorded.", count(len(v.Results), "outcome"))
}
