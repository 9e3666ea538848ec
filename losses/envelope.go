package losses

import (
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// enveloped brings pairs of own covariances, on which a loss of dot scores depends one by one, into the coordinates of their envelope E, where that is smaller than the
// space: Col(A*) ⊆ E for every convex loss of dot scores, every δ and every number of columns, as given the labels the part of x across E is independent of the rest and
// has the mean 0 (conditional Jensen inequality). Of distances that holds of the central subspace 𝒞, as the part of x − y across it has the same law whatever the labels are; E is
// then 𝒞. Of affine maps it is E_c, that of differences, which of centred pairs is E: the mean of the part across it goes into the bias. A blind solve is not.
func (l Loss) enveloped(p gmm.Pairs, o Options) (gmm.Pairs, *gmm.Envelope, error) {
	if o.Method != solver.Reduced || p.Modalities() == 2 || !l.Oracle.Own(p) || p.Uninformative() {
		return p, nil, nil
	}
	e := l.EnvelopeOf(p.Left)
	if !e.Known() || e.Dimension() == p.Left.Dimension() {
		return p, e, nil
	}
	along, err := p.Along(e.Basis())
	return along, e, err
}

// EnvelopeOf returns the subspace in which Col(A*) lies, by theorem, where components have their own covariances: the envelope, of affine maps that of differences, of distances the central subspace.
func (l Loss) EnvelopeOf(m *gmm.Mixture) *gmm.Envelope {
	switch {
	case l.Affine():
		return m.EnvelopeOfDifferences()
	case l.Differences():
		return m.CentralSubspace()
	}
	return m.Envelope()
}

// inEnvelope tells whether the decision was made in the coordinates of an envelope.
func (d Decision) inEnvelope() bool {
	return d.Envelope != nil && d.Envelope.Known() && d.Envelope.Dimension() < d.Given.Left.Dimension()
}

// Lifted is the candidate in the coordinates of the pairs that were given. What lifting rounds is in the bounds of distances.
func (d Decision) Lifted() solver.Candidate {
	c := d.Candidate
	if !d.inEnvelope() {
		return c
	}
	lift := gmm.NewLift(d.Envelope.Basis())
	for _, m := range []*solver.Minimum{&c.Free, &c.Constrained, &c.Inside} {
		var cost float64
		m.Form, cost = lift.Form(d.Given.Left, m.Form)
		m.DistanceBound += cost
		m.Left.Columns, m.Shift.Columns = lift.Columns(m.Left.Columns), lift.Columns(m.Shift.Columns)
		m.Right = m.Left
	}
	return c
}

// LiftedVector takes a vector of coordinates of the envelope, a functional of x, to that of the pairs that were given.
func (d Decision) LiftedVector(v []float64) []float64 {
	if !d.inEnvelope() {
		return v
	}
	return mat.Col(nil, 0, gmm.NewLift(d.Envelope.Basis()).Columns(mat.NewDense(len(v), 1, slices.Clone(v))))
}
