package cli

import (
	"fmt"
	"strings"

	"contrastcheck/internal/answer"

	"github.com/jedib0t/go-pretty/v6/table"
)

// rows adds the effect to a table of details: the discriminant, and the pairs that keep least.
func effectRows(e *answer.Effect, t table.Writer, of string) {
	if e == nil || len(e.Pairs) == 0 || !e.DiscriminantKept.Finite() {
		return
	}
	t.AppendRow(table.Row{"Keeps" + of, e.Found.Discriminants()})
	name := "Worst pair"
	if len(e.Pairs) > 1 {
		name += "s"
	}
	for i, p := range e.Pairs[:min(mostPairs, len(e.Pairs))] {
		first, second := names(p)
		line := fmt.Sprintf("%s; in the embedding %v apart", e.Found.Pairs[i].Words(first, second), p.Separation)
		t.AppendRow(table.Row{label(name, i), line})
	}
	if more := len(e.Pairs) - mostPairs; more > 0 {
		t.AppendRow(table.Row{"", count(more, "more pair") + ", of which each keeps as much or more"})
	}
}

// mostPairs are shown to people; JSON has them all.
const mostPairs = 3

func names(p answer.PairEffect) (first, second string) {
	if p.Names == nil {
		return fmt.Sprintf("components %d", p.Components[0]), fmt.Sprint(p.Components[1])
	}
	return printable(p.Names[0]), printable(p.Names[1])
}

// centredText writes the centred reading of a table beneath the raw one, and why they differ.
func (s solution) centredText(b *strings.Builder, quiet bool) {
	c := s.reading()
	if s.Of.Differences() {
		return // they are one
	}
	fmt.Fprintf(b, "\nCentred, as by --centre: %s\n\n%s\n", c.subspaces(), c.verdicts())
	if !quiet {
		c.details(b)
	}
	block[resampled](c.Bootstrap).text(b, *c, quiet)
	if !quiet {
		e := s.Effect
		if e == nil {
			e = s.Visual.Effect
		}
		fmt.Fprintf(b, "\n%s\n", e.Found.WhyCentred())
	}
}
