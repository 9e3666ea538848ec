package cli

import (
	"fmt"
	"strings"

	"contrastcheck/oracle"

	"github.com/jedib0t/go-pretty/v6/table"
)

// effect is what a representation keeps of what separates the components: the block of that name.
type effect struct {
	DiscriminantKept number       `json:"discriminant_kept"`
	OnlyTheMean      bool         `json:"only_the_mean"`
	Pairs            []pairEffect `json:"pairs"`

	found oracle.Effect
}

// pairEffect is that of a pair of components, counted from 1; Names are those of classes.
type pairEffect struct {
	Components      [2]int   `json:"components"`
	Names           []string `json:"names,omitempty"`
	Mahalanobis     number   `json:"mahalanobis"`
	MahalanobisKept number   `json:"mahalanobis_kept"`
	Separation      number   `json:"separation"`
}

// newEffect writes an effect; classes are the names of the components, nil if they have none.
func newEffect(e oracle.Effect, classes []string) *effect {
	out := &effect{DiscriminantKept: number(e.Share()), OnlyTheMean: e.OnlyTheMean, Pairs: []pairEffect{}, found: e}
	for _, p := range e.Pairs {
		pair := pairEffect{[2]int{p.First + 1, p.Second + 1}, nil, number(p.Mahalanobis), number(p.Kept), number(p.Separation)}
		if classes != nil {
			pair.Names = []string{classes[p.First], classes[p.Second]}
		}
		out.Pairs = append(out.Pairs, pair)
	}
	return out
}

// withEffects adds what each side keeps.
func (s *solution) withEffects(effects []oracle.Effect, classes []string) {
	switch len(effects) {
	case 1:
		s.Effect = newEffect(effects[0], classes)
	case 2:
		s.Visual.Effect, s.Text.Effect = newEffect(effects[0], classes), newEffect(effects[1], classes)
	}
}

// rows adds the effect to a table of details: the discriminant, and the pairs that keep least.
func (e *effect) rows(t table.Writer, of string) {
	if e == nil || len(e.Pairs) == 0 || !e.DiscriminantKept.finite() {
		return
	}
	t.AppendRow(table.Row{"Keeps" + of, e.found.Discriminants()})
	name := "Worst pair"
	if len(e.Pairs) > 1 {
		name += "s"
	}
	for i, p := range e.Pairs[:min(mostPairs, len(e.Pairs))] {
		first, second := p.names()
		line := fmt.Sprintf("%s; in the embedding %v apart", e.found.Pairs[i].Words(first, second), p.Separation)
		t.AppendRow(table.Row{label(name, i), line})
	}
	if more := len(e.Pairs) - mostPairs; more > 0 {
		t.AppendRow(table.Row{"", count(more, "more pair") + ", of which each keeps as much or more"})
	}
}

// mostPairs are shown to people; JSON has them all.
const mostPairs = 3

func (p pairEffect) names() (first, second string) {
	if p.Names == nil {
		return fmt.Sprintf("components %d", p.Components[0]), fmt.Sprint(p.Components[1])
	}
	return printable(p.Names[0]), printable(p.Names[1])
}

// centredText writes the centred reading of a table beneath the raw one, and why they differ.
func (s solution) centredText(b *strings.Builder, quiet bool) {
	c := s.Centred
	if s.loss.Differences() {
		return // they are one
	}
	fmt.Fprintf(b, "\nCentred, as by --centre: %s\n\n%s\n", c.subspaces(), c.verdicts())
	if !quiet {
		c.details(b)
	}
	c.Bootstrap.text(b, *c, quiet)
	if !quiet {
		e := s.Effect
		if e == nil {
			e = s.Visual.Effect
		}
		fmt.Fprintf(b, "\n%s\n", e.found.WhyCentred())
	}
}
