package cli

import (
	"fmt"
	"strings"

	"contrastcheck/losses"

	"github.com/jedib0t/go-pretty/v6/table"
)

// coupling tells how a component's covariance couples S_F to its complement.
type coupling struct {
	Component int      `json:"component"` // from 1
	Direction []number `json:"direction"`
	Size      number   `json:"size"`
}

// withEnvelope adds the dimension of the envelope of own covariances, where it is known, and what makes it larger than S_F. Of distances that is the central subspace, which
// has all differences of covariances, and no couplings tell anything.
func (s *solution) withEnvelope(d losses.Decision) {
	e := d.Envelope
	if e == nil || !e.Known() {
		return
	}
	dimension := e.Dimension()
	s.Envelope = &dimension
	if s.leaves = e.Leaves(); !s.leaves || s.loss.Differences() {
		return
	}
	found, err := d.Pairs.Left.Couplings()
	if err != nil {
		return // what explains is left out; verdicts rest on other numbers
	}
	for _, c := range found {
		row := coupling{Component: c.Component + 1, Size: number(c.Size)}
		for _, x := range d.LiftedVector(c.Direction) {
			row.Direction = append(row.Direction, number(x))
		}
		s.Couplings = append(s.Couplings, row)
	}
}

// envelopeRow is the row of the verdicts about the envelope; nil where it is S_F or not known.
func (s solution) envelopeRow() table.Row {
	switch {
	case s.Envelope == nil || !s.leaves:
		return nil
	case s.loss.Affine():
		return table.Row{"Envelope", "Col(A*) ⊆ E_c", "HOLDS", fmt.Sprintf("by theorem: dim E_c = %d", *s.Envelope)}
	case s.loss.Differences():
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
