package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"contrastcheck/oracle"

	"github.com/jedib0t/go-pretty/v6/table"
)

// MarshalJSON implements json.Marshaler.
func (c checked) MarshalJSON() ([]byte, error) { return json.Marshal(c.claims) }

// text writes the verdicts for a person; a quiet text is the table and the summary.
func (c checked) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	head := table.Row{"CLAIM", "VERDICT", "GRADE", "VALUE"}
	if c.asStated {
		head = append(head, "AUTHORS", "")
	}
	t.AppendRow(head)
	for _, claim := range c.claims {
		if claim.Verdict == notApplicable {
			continue
		}
		row := table.Row{claim.Claim, strings.ToUpper(claim.Verdict), claim.Grade, claim.value()}
		if c.asStated {
			row = append(row, stances[claim.Stance], claim.mark())
		}
		t.AppendRow(row)
	}
	if t.Length() > 1 {
		fmt.Fprintf(b, "%s\n", t.Render())
	}
	if !quiet {
		c.evidence(b)
		c.elsewhere(b)
	}
	fmt.Fprintf(b, "\n%s\n", c.summary())
}

// mark says where a claim is not as its authors state it.
func (c checkedClaim) mark() string {
	switch of := c.found.Claim; {
	case !c.contradicts():
		return ""
	case c.Stance == "open":
		return "FALSE here, was open"
	case c.Stance == "asserted":
		return "FALSE as stated"
	default:
		return "NOT as recorded: " + of.Recorded.String()
	}
}

// evidence says by what claims are refuted, and what is known of those that no check decides.
func (c checked) evidence(b *bytes.Buffer) {
	for _, claim := range c.claims {
		if claim.Verdict == oracle.Refuted.String() {
			fmt.Fprintf(b, "\n%s is refuted\n  claim     %s\n  source    %s\n  evidence  %s\n", claim.Claim, claim.Statement, claim.Source, claim.Detail)
		}
	}
	first := true
	for _, claim := range c.claims {
		if claim.Verdict == oracle.Undecided.String() || claim.Theorem != "" && claim.Verdict == oracle.Holds.String() {
			if first {
				fmt.Fprintln(b)
				first = false
			}
			fmt.Fprintf(b, "%s %s: %s\n", claim.Claim, claim.Verdict, claim.Detail)
		}
	}
}

// elsewhere names the claims that are about other mixtures, those of one reason in one line.
func (c checked) elsewhere(b *bytes.Buffer) {
	var reasons []string
	ids := map[string][]string{}
	for _, claim := range c.claims {
		if claim.Verdict != notApplicable {
			continue
		}
		if !slices.Contains(reasons, claim.Detail) {
			reasons = append(reasons, claim.Detail)
		}
		ids[claim.Detail] = append(ids[claim.Detail], claim.Claim)
	}
	if len(reasons) > 0 {
		fmt.Fprint(b, "\nAbout other mixtures:\n")
	}
	for _, reason := range reasons {
		fmt.Fprintf(b, "  %s: %s\n", reason, strings.Join(ids[reason], ", "))
	}
}

func (c checked) summary() string {
	refuted, held, open, elsewhere := c.count(oracle.Refuted.String()), c.count(oracle.Holds.String()), c.count(oracle.Undecided.String()), c.count(notApplicable)
	words := fmt.Sprintf("%s: of %s %d refuted, %d true", c.name, count(refuted+held+open, "claim"), refuted, held)
	if open > 0 {
		words += fmt.Sprintf(", %d undecided", open)
	}
	if elsewhere > 0 {
		words += fmt.Sprintf("; %d about other mixtures", elsewhere)
	}
	if c.asStated {
		words += fmt.Sprintf(". %d false as stated", c.contradicted())
	}
	return words + "."
}
