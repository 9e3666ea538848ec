package generators_test

import (
	"math"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// generalFamilies are the generators of mixtures with own covariances, as families.
var generalFamilies = []struct {
	name  string
	draw  *rapid.Generator[*gmm.Mixture]
	hard  string
	is    func(*gmm.Mixture) bool
	least float64
}{
	{"general", generators.General(), "correlations of two components that differ by at least 1", contrary(1), 0.1},
	{"tilted", generators.Tilted(), "correlations that differ by at least ¾ and means that differ", func(g *gmm.Mixture) bool {
		return contrary(0.75)(g) && !g.Pooled().Coincident()
	}, 0.3},
}

func TestHardCasesOfGeneralFamiliesOccur(t *testing.T) {
	for _, f := range generalFamilies {
		hard := 0
		for seed := range draws {
			g := f.draw.Example(seed)
			if f.is(g) {
				hard++
			}
			if w, err := g.WhitenFull(); err != nil || !(0 < w.LeastEigenvalue && w.LeastEigenvalue <= 1) {
				t.Errorf("%s: Σ_k ⪰ %g Σ̄, %v: %#v", f.name, w.LeastEigenvalue, err, g)
			}
		}
		t.Logf("%-18s %3d of %d: %s", f.name, hard, draws, f.hard)
		if float64(hard) < f.least*draws {
			t.Errorf("%s: %s in %d of %d draws, want at least %.0f%%", f.name, f.hard, hard, draws, 100*f.least)
		}
		if one, two := f.draw.Example(7), f.draw.Example(7); one.GoString() != two.GoString() {
			t.Errorf("%s: seed 7 draws %#v, then %#v", f.name, one, two)
		}
	}
}

// A tilted mixture has Σ̄ = I exactly, and its means span the first axis.
func TestTiltedFisherSubspace(t *testing.T) {
	for seed := range draws {
		g := generators.Tilted().Example(seed)
		e, exact := g.Pooled().Exact()
		if !exact || !mat.Equal(g.Pooled().Covariance(), mat.NewDiagDense(2, []float64{1, 1})) {
			t.Fatalf("%#v is not pooled to the identity: %v", g, e.Covariance)
		}
		for _, mean := range e.Means {
			if mean[1].Sign() != 0 {
				t.Errorf("%#v leaves the first axis", g)
			}
		}
	}
}

// contrary tells whether two components' correlations of the same two
// coordinates differ by at least gap.
func contrary(gap float64) func(*gmm.Mixture) bool {
	return func(g *gmm.Mixture) bool {
		for i := range g.Dimension() {
			for j := range i {
				low, high := math.Inf(1), math.Inf(-1)
				for k := range g.Components() {
					c := g.Own(k)
					r := c.At(i, j) / math.Sqrt(c.At(i, i)*c.At(j, j))
					low, high = min(low, r), max(high, r)
				}
				if high-low >= gap {
					return true
				}
			}
		}
		return false
	}
}
