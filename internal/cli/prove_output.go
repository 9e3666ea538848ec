package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"contrastcheck/internal/answer"

	"github.com/jedib0t/go-pretty/v6/table"
)

// proofReport is the output of prove and recheck: text for people beside the JSON form.
type proofReport struct {
	answer.Proof
	found proved
}

// condition says which first-order condition is violated.
func (r proofReport) condition() string {
	within := strings.Join(r.Condition, ", ")
	if r.Descent {
		return "vᵀ∇f(M)v in [" + within + "], where it must be ≥ 0: M is the best inside S_F"
	}
	return "vᵀ∇f(M)u in [" + within + "], where it must be 0: M is the best inside S_F, u in its range"
}

// margin says what is proved of the smallest eigenvalue.
func (r proofReport) margin() string {
	switch {
	case r.Margin == "":
		return "none: decided exactly"
	case r.Verdict == "refuted":
		return "λ_min(M_u on " + r.Subspace + ") ≤ " + r.Margin
	}
	return "λ_min(M_u on " + r.Subspace + ") ≥ " + r.Margin
}

// text writes the report for a person; its first line is the result.
func (r proofReport) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	if r.Proved {
		fmt.Fprintf(b, "proved: %s\n", r.Result())
		switch {
		case r.ComparedProof != nil:
			reads, sees := r.compared()
			t.AppendRows([]table.Row{{reads, "loss ≤ " + r.Outside}, {sees, "loss ≥ " + r.Inside}})
			if r.Gap != "" {
				t.AppendRow(table.Row{"Gap", "≥ " + r.Gap})
			}
		case r.OffRange != "":
			t.AppendRows([]table.Row{{"Margin", r.margin()}, {"Range", "c* leaves the range of M* by ≥ " + r.OffRange}})
		case r.Condition != nil:
			t.AppendRow(table.Row{"Condition", r.condition()})
		default:
			t.AppendRow(table.Row{"Margin", r.margin()})
		}
		if r.BoxProof != nil {
			t.AppendRows([]table.Row{{"Box", r.Box}, {"Pieces", r.Pieces}})
		}
	} else {
		b.WriteString("not proved\n")
		t.AppendRow(table.Row{"Why", strings.TrimPrefix(r.Reason, "not proved: ")})
		if r.NetworkProof == nil && r.CosineProof == nil {
			t.AppendRow(table.Row{"Next", "contrastcheck solve shows the margin in float64 and its bound; if that is not clearly below or above 0, no precision may do"})
		}
	}
	if !quiet {
		t.AppendRow(table.Row{"Mixture", fmt.Sprintf("%s: %s in %s, δ = %s, %s of dimension %d", cmp.Or(printable(r.Name), "mixture"),
			count(r.Components, "component"), count(r.Dimension, "dimension"), r.Delta, r.Subspace, r.FisherDimension)})
		if r.Proved {
			t.AppendRow(table.Row{"Theorem", r.Statement})
		}
		t.AppendRow(table.Row{"Time", fmt.Sprintf("%.3g s", r.Seconds)})
	}
	if r.File != "" {
		t.AppendRow(table.Row{"Kept", r.File})
	}
	fmt.Fprintln(b, t.Render())
}
