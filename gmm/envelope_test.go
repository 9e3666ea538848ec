package gmm_test

import (
	"testing"
)

func TestEnvelopeOfReferences(t *testing.T) {
	g := readGeneral(t, soundGeneral)
	if e := g.Left.Envelope(); e.Dimension() != 2 || e.Invariant() {
		t.Errorf("%d", e.Dimension())
	}
	c, err := g.Left.Couplings()
	t.Log(c, err)
	a, err := g.Left.Along(g.Left.Envelope().Basis())
	t.Log(a, err)
}
