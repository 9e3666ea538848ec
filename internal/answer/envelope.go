package answer

import "contrastcheck/losses"

// Coupling tells how a component's covariance couples S_F to its complement.
type Coupling struct {
	Component int      `json:"component"` // from 1
	Direction []Number `json:"direction"`
	Size      Number   `json:"size"`
}

// withEnvelope adds the dimension of the envelope of own covariances, where it is known, and what makes it larger than S_F. Of distances that is the central subspace, which
// has all differences of covariances, and no couplings tell anything.
func (s *Solution) withEnvelope(d losses.Decision) {
	e := d.Envelope
	if e == nil || !e.Known() {
		return
	}
	dimension := e.Dimension()
	s.Envelope = &dimension
	if s.Leaves = e.Leaves(); !s.Leaves || s.Of.Differences() {
		return
	}
	found, err := d.Pairs.Left.Couplings()
	if err != nil {
		return // what explains is left out; verdicts rest on other numbers
	}
	for _, c := range found {
		row := Coupling{Component: c.Component + 1, Size: Number(c.Size)}
		for _, x := range d.LiftedVector(c.Direction) {
			row.Direction = append(row.Direction, Number(x))
		}
		s.Couplings = append(s.Couplings, row)
	}
}
