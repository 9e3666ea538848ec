package cli

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

// envelopeRow is the row of the verdicts about the envelope; nil where it is S_F or not known.
func (s solution) envelopeRow() table.Row {
	switch {
	case s.Envelope == nil || !s.Leaves:
		return nil
	case s.Of.Affine():
		return table.Row{"Envelope", "Col(A*) ⊆ E_c", "HOLDS", fmt.Sprintf("by theorem: dim E_c = %d", *s.Envelope)}
	case s.Of.Differences():
		return table.Row{"Central", "Col(A*) ⊆ 𝒞", "HOLDS", fmt.Sprintf("by theorem: dim 𝒞 = %d; distances see differences of covariance, too", *s.Envelope)}
	case len(s.Couplings) == 0:
		return nil
	}
	var parts []string
	for _, c := range s.Couplings[:min(mostCouplings, len(s.Couplings))] {
		if c.Size > 0 {
			parts = append(parts, fmt.Sprintf("%s by %v", s.component(c.Component), c.Size))
		}
	}
	reason := fmt.Sprintf("by theorem: dim E = %d", *s.Envelope)
	if len(parts) > 0 {
		reason += "; covariances lead out of S_F, that of " + strings.Join(parts, ", of ")
	}
	return table.Row{"Envelope", "Col(A*) ⊆ E", "HOLDS", reason}
}

// mostCouplings are shown to people; JSON has them all.
const mostCouplings = 3

// component names a component, from 1: by its class, if it is one of a table.
func (s solution) component(k int) string {
	if k <= len(s.Classes) {
		return printable(s.Classes[k-1])
	}
	return fmt.Sprintf("component %d", k)
}
