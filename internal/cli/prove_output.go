package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"

	"github.com/jedib0t/go-pretty/v6/table"
)

// proofReport is the output of prove and recheck, in the order and with the keys of its JSON form.
type proofReport struct {
	Name            string `json:"name"`
	Components      int    `json:"components"`
	Dimension       int    `json:"dimension"`
	FisherDimension int    `json:"fisher_dimension"`
	Delta           string `json:"delta"`
	Proved          bool   `json:"proved"`
	Property        string `json:"property,omitempty"` // containment or existence, or else equality
	Verdict         string `json:"verdict"`            // holds, refuted or undecided
	Margin          string `json:"margin,omitempty"`   // a bound of λ_min(M_u) on the subspace, whitened, towards 0
	// Condition encloses the violated first-order condition of containment that is refuted.
	Condition []string `json:"condition,omitempty"`
	// OffRange is, where no affine minimiser exists, a bound of the part of c* that is not in the range of M*, whitened, towards 0.
	OffRange string `json:"off_range,omitempty"`
	Map      string `json:"map,omitempty"` // where it is not linear
	*networkReport
	*cosineReport
	*comparedReport
	*boxReport
	Claim       string  `json:"claim,omitempty"`
	Statement   string  `json:"statement,omitempty"`
	Reason      string  `json:"reason"` // how it is proved, or why not
	File        string  `json:"file,omitempty"`
	Seconds     float64 `json:"seconds"`
	proof.Words         // of another loss than InfoNCE

	subspace string
	found    proved
	descent  bool // the condition is a negative curvature, not a coupling
}

// newProofReport is about what is proved for a loss of p, an instance of the claim; about nothing where t is the zero Theorem.
func newProofReport(l proof.Loss, p gmm.Pairs, claim string, t proof.Theorem) proofReport {
	r := proofReport{
		Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension(),
		Delta: gmm.FormatNumber(p.ExactDelta()), Verdict: t.Verdict.String(), Statement: t.Statement, Words: l.Words(), subspace: l.Subspace(),
	}
	if seen, err := l.Sees(p); err == nil {
		r.FisherDimension = seen.Left.FisherDimension()
	}
	if proof.OfContainment(l, p) {
		r.Property = "containment"
	}
	if d := t.Departure; d != nil {
		low, high := d.Bounds()
		r.Condition, r.descent = []string{low, high}, d.Along == nil
	}
	if t.Verdict != oracle.Undecided {
		r.Proved, r.Margin, r.Claim, r.Reason = true, t.Bound(), claim, string(t.By)
	}
	if r.Map = l.Words().Map; t.OffRange != nil {
		r.Property, r.OffRange = existence, t.Off()
	}
	return r
}

// condition says which first-order condition is violated.
func (r proofReport) condition() string {
	within := strings.Join(r.Condition, ", ")
	if r.descent {
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
		return "λ_min(M_u on " + r.subspace + ") ≤ " + r.Margin
	}
	return "λ_min(M_u on " + r.subspace + ") ≥ " + r.Margin
}

// existence is the property that says whether an affine minimiser exists.
const existence = "existence"

// result is what is proved.
func (r proofReport) result() string {
	if r.Property == existence {
		return "no affine minimiser exists"
	}
	return cmp.Or(r.Property, "equality") + " " + r.Verdict
}

// text writes the report for a person; its first line is the result.
func (r proofReport) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	if r.Proved {
		fmt.Fprintf(b, "proved: %s\n", r.result())
		switch {
		case r.comparedReport != nil:
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
		if r.boxReport != nil {
			t.AppendRows([]table.Row{{"Box", r.Box}, {"Pieces", r.Pieces}})
		}
	} else {
		b.WriteString("not proved\n")
		t.AppendRow(table.Row{"Why", strings.TrimPrefix(r.Reason, "not proved: ")})
		if r.networkReport == nil && r.cosineReport == nil {
			t.AppendRow(table.Row{"Next", "contrastcheck solve shows the margin in float64 and its bound; if that is not clearly below or above 0, no precision may do"})
		}
	}
	if !quiet {
		t.AppendRow(table.Row{"Mixture", fmt.Sprintf("%s: %s in %s, δ = %s, %s of dimension %d", cmp.Or(printable(r.Name), "mixture"),
			count(r.Components, "component"), count(r.Dimension, "dimension"), r.Delta, r.subspace, r.FisherDimension)})
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

// networkReport is what a report about networks has besides.
type networkReport struct {
	Activation string `json:"activation"`
	Biases     bool   `json:"biases"`
}

// comparedReport has two values of a loss by which containment is refuted.
type comparedReport struct {
	Outside string `json:"loss_at_most"`    // of what reads noise
	Inside  string `json:"inside_at_least"` // of all that sees S_F alone
	Gap     string `json:"gap_at_least,omitempty"`
}

// ofNetworks makes the report one about networks without biases, with what is proved of them if that is not nil.
func (r proofReport) ofNetworks(a network.Activation, b *network.Bounds) proofReport {
	r.Property, r.Map, r.networkReport = "containment", networks, &networkReport{Activation: string(a)}
	if b != nil {
		r.comparedReport = &comparedReport{}
		r.Outside, r.Inside = b.Short()
	}
	return r
}
