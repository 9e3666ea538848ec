package generators_test

import (
	"testing"

	"contrastcheck/generators"

	"gonum.org/v1/gonum/mat"
)

// Own covariances have part of their mean as a lower bound.
func TestOwnCovariancesAreBounded(t *testing.T) {
	for _, f := range generators.Families() {
		for seed := range draws {
			m := f.Draw.Example(seed)
			if m.Shared() {
				break
			}
			if w, err := m.WhitenFull(); err != nil || !(0 < w.LeastEigenvalue && w.LeastEigenvalue <= 1) {
				t.Errorf("%s: Σ_k ⪰ %g Σ̄, %v: %#v", f.Name, w.LeastEigenvalue, err, m)
			}
		}
	}
}

// A tilted mixture has Σ̄ = I exactly, and its means span the first axis.
func TestTiltedFisherSubspace(t *testing.T) {
	for seed := range draws {
		g := generators.Tilted().Example(seed)
		e := g.Pooled().Exact()
		if !mat.Equal(g.Pooled().Covariance(), mat.NewDiagDense(2, []float64{1, 1})) {
			t.Fatalf("%#v is not pooled to the identity: %v", g, e.Covariance)
		}
		for _, mean := range e.Means {
			if mean[1].Sign() != 0 {
				t.Errorf("%#v leaves the first axis", g)
			}
		}
	}
}
