package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"contrastcheck/atlas/mixtures"
	"contrastcheck/gmm"
	"contrastcheck/internal/answer"

	"github.com/jedib0t/go-pretty/v6/table"
)

// text writes the atlas for a person; a quiet text is the table alone.
func (a atlasOutput) text(b *bytes.Buffer, quiet bool) {
	t := plainTable()
	t.AppendRow(table.Row{"LOSS", "SCORE", "CONVEX", "CONTAINMENT", "RAW", "CENTRED", "BIASED", "OWN", "SECONDS"})
	for _, e := range a {
		seconds := ""
		if e.Seconds > 0 {
			seconds = fmt.Sprintf("%.2g", float64(e.Seconds))
		}
		t.AppendRow(table.Row{e.lossNames, e.Score, cmp.Or(e.Convexity, "–"), cmp.Or(e.Containment, "–"), cmp.Or(e.Equality.Raw, "–"),
			cmp.Or(e.Equality.Centred, "–"), cmp.Or(e.Equality.Biased, "–"), cmp.Or(e.Equality.Own, "–"), seconds})
	}
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	fmt.Fprint(b, "\nContainment: Col(A*) ⊆ S_F, of distances ⊆ S_c. Then equality, Col(A*) = S_F or S_c: raw and centred at δ = 1, biased centred at δ < 1, with own\ncovariances. – is not judged.\n")
	for _, e := range a {
		fmt.Fprintf(b, "\n%s, %s score\n", e.entry.Loss.Title, e.Score)
		for _, c := range e.entry.Cells() {
			if c.Cell.Served {
				fmt.Fprintf(b, "  %-11s  %-9v  %s\n", c.Name, c.Cell.Verdict, c.Cell.Evidence)
			}
		}
	}
}

func newLossesOf(p gmm.Pairs, kept []mixtures.Kept) lossesOf {
	return lossesOf{kept: kept, pairs: p, name: cmp.Or(printable(p.Name()), "mixture")}
}

// MarshalJSON implements json.Marshaler.
func (l lossesOf) MarshalJSON() ([]byte, error) {
	out := []answer.Kept{}
	for _, k := range l.kept {
		out = append(out, answer.NewKept(k))
	}
	if l.price != nil {
		out[0].Maps, out[0].LeftOut = newMaps(*l.price), l.price.LeftOut
	}
	return json.Marshal(out)
}

// text writes what losses keep for a person; a quiet text is the table alone.
func (l lossesOf) text(b *bytes.Buffer, quiet bool) {
	if l.price != nil {
		priceText(b, l.name, *l.price, quiet)
		return
	}
	if !quiet {
		fmt.Fprintf(b, "%s: directions of the Fisher subspace, of distances the centred one, that each loss keeps\n\n", l.name)
	}
	t := plainTable()
	head := table.Row{"LOSS", "SCORE", "KEPT", "LOST", "UNDECIDED", "MARGIN", "KNOWN TO ±", "GRADE"}
	own := slices.ContainsFunc(l.kept, func(k mixtures.Kept) bool { return k.Own != nil })
	if own {
		head = append(head, "CONTAINED", "BY", "WITHIN")
	}
	t.AppendRow(head)
	for _, k := range l.kept {
		o := answer.NewKept(k)
		margin := "?"
		if o.Margin.Finite() {
			margin = fmt.Sprintf("%.6g", k.Margin)
		}
		row := table.Row{answer.NamesOf(k.Loss), o.Score, o.Kept, o.Lost, o.Undecided, margin, o.Epsilon.String(), o.Grade}
		if own {
			row = append(row, containedIn(k)...)
		}
		t.AppendRow(row)
	}
	fmt.Fprintln(b, t.Render())
	if quiet {
		return
	}
	if own {
		fmt.Fprint(b, "\nContained: Col(A*) ⊆ S_F, of distances ⊆ S_c; refuted by a condition of optimality inside, whose margin is negative. Within: by theorem Col(A*) lies in\nthe envelope E, of distances in the central subspace 𝒞, of this dimension.\n")
		if slices.ContainsFunc(l.kept, func(k mixtures.Kept) bool { return k.Loss.Affine() }) {
			fmt.Fprint(b, "Of affine maps Col(A*) is asked to lie in S_c, and does in E_c, the envelope of S_c.\n")
		}
	}
	fmt.Fprintf(b, "\n%s\n", mixtures.Advice(l.pairs, l.kept))
	for _, k := range l.kept {
		if k.Reason != "" {
			fmt.Fprintf(b, "%s: %s\n", k.Loss.Title, k.Reason)
		}
	}
	if len(l.kept) > 1 && l.pairs.WantSingle() == nil {
		fmt.Fprint(b, "Not here: embeddings of length 1, whose losses are not convex in AAᵀ; --score cosine tells how much noise they read.\n")
	}
}

// containedIn is where A* lies where components have their own covariances: of losses that know their mean alone in S_F, as of a shared one.
func containedIn(k mixtures.Kept) table.Row {
	if k.Own == nil {
		return table.Row{"holds", "", k.Loss.Subspace()}
	}
	by, within := "", "?"
	if !math.IsNaN(k.Own.Departure) {
		by = fmt.Sprintf("%.4g", k.Own.Departure)
	}
	if k.Own.Envelope > 0 {
		name := "E"
		switch {
		case k.Loss.Affine():
			name = "E_c"
		case k.Loss.Differences():
			name = "𝒞"
		}
		within = fmt.Sprintf("%s, %d", name, k.Own.Envelope)
	}
	return table.Row{k.Own.Containment, by, within}
}
