package quadrature_test

import (
	"testing"

	"contrastcheck/solver/quadrature"
)

func TestCheapest(t *testing.T) {
	flat := func(n int, spread float64) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = spread
		}
		return s
	}
	for _, c := range []struct {
		name      string
		spreads   []float64
		tolerance float64
		want      quadrature.Method
	}{
		{"nothing varies", nil, 1e-10, quadrature.TensorProduct},
		{"four directions", flat(4, 1), 1e-10, quadrature.TensorProduct},
		{"seven directions", flat(7, 0.4), 1e-8, quadrature.SparseGrid},
		{"fifteen directions", flat(15, 0.3), 1e-6, quadrature.SparseGrid},
		{"sixty directions, two digits", flat(60, 0.5), 1e-2, quadrature.ShiftedLattice},
		{"steep directions", flat(10, 6), 1e-3, quadrature.ShiftedLattice},
	} {
		if got, nodes := quadrature.Cheapest(c.spreads, c.tolerance); got != c.want {
			t.Errorf("%s: method %d of %.3g nodes, want %d", c.name, got, nodes, c.want)
		}
	}
	previous := 0.0
	for _, tolerance := range []float64{1e-2, 1e-4, 1e-6, 1e-8} {
		_, nodes := quadrature.Cheapest(flat(8, 0.5), tolerance)
		if nodes <= previous {
			t.Errorf("tolerance %g is predicted to need %.3g nodes, a coarser one %.3g", tolerance, nodes, previous)
		}
		previous = nodes
	}
}
