package solver

import (
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// stateOf states a loss in whitened coordinates, with no bound of its work.
func stateOf(t testing.TB, l Loss, p gmm.Pairs, w gmm.WhitenedPairs) *stated {
	t.Helper()
	f, err := state(l, p, w, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.Law.Budget = nil
	return &stated{term.NewSum(f.Law, l.terms(f.Law)...), l, p, w}
}

// whole states a loss in all coordinates.
func whole(t testing.TB, l Loss, p gmm.Pairs) *stated {
	t.Helper()
	if l.pools {
		p = p.Pooled()
	}
	w, err := p.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	return stateOf(t, l, p, w)
}

// whitened states InfoNCE in all coordinates.
func whitened(t testing.TB, p gmm.Pairs) *stated {
	t.Helper()
	return whole(t, InfoNCE, p)
}

// evaluated is f at M.
func evaluated(f *stated, m *mat.Dense, tolerance float64) (*term.Point, error) {
	pt := new(term.Point)
	return pt, f.At(pt, m, tolerance)
}

// minimised is f at its minimiser, from M = 0.
func minimised(t testing.TB, f *stated, s *descent.State, tolerance float64) *term.Point {
	t.Helper()
	if _, _, err := f.Minimise(s, f.zero(), tolerance); err != nil {
		t.Fatal(err)
	}
	return s.Here().(*term.Point)
}
