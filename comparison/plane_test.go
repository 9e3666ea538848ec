package comparison_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"contrastcheck/comparison"
	"contrastcheck/gmm"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// In the plane of a counterexample with dim S_F = 2, means have the inner products of
// UᵀΣ⁻¹U, and the one column of A* sees their horizontal coordinates alone.
func TestFisherPlaneIsTheWhitenedFisherSubspace(t *testing.T) {
	checked := 0
	for _, id := range []string{"equality", "equality-centred", "equality-biased"} {
		for _, stored := range theorems.Stored(id) {
			p := stored.Case.Pairs
			plane, err := comparison.FisherPlane(p)
			if err != nil {
				t.Fatalf("%s: %v", stored.Name, err)
			}
			if p.Left.FisherDimension() != 2 {
				continue
			}
			checked++
			found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			seen := new(mat.Dense)
			seen.Mul(p.Left.Means(), found.Constrained.Left.Columns) // row k is A*ᵀμ_k
			gram := p.Left.Gram()
			ratio, farthest := 0., 0.
			for k, c := range plane.Components {
				if math.Abs(c.Mean[0]) > farthest {
					farthest, ratio = math.Abs(c.Mean[0]), seen.At(k, 0)/c.Mean[0]
				}
			}
			for k, c := range plane.Components {
				for l, other := range plane.Components {
					got, want := c.Mean[0]*other.Mean[0]+c.Mean[1]*other.Mean[1], gram.G[k][l].Float64()
					if size := math.Hypot(c.Mean[0], c.Mean[1]) * math.Hypot(other.Mean[0], other.Mean[1]); math.Abs(got-want) > 1e-9*size {
						t.Errorf("%s: ⟨μ_%d, μ_%d⟩ = %g in the plane, want %g", stored.Name, k, l, got, want)
					}
				}
				if got := ratio * c.Mean[0]; math.Abs(got-seen.At(k, 0)) > 1e-6*math.Abs(ratio)*farthest {
					t.Errorf("%s: A* sees μ_%d at %g, the horizontal axis says %g", stored.Name, k, seen.At(k, 0), got)
				}
			}
		}
	}
	if checked < 8 {
		t.Errorf("only %d counterexamples were checked", checked)
	}
}

// Where nothing is lost, or there is no plane, there is nothing to see.
func TestPlanesRefuse(t *testing.T) {
	line := pairsOf(t, gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{gmm.Rationals(-1, 0), gmm.Rationals(1, 0)}, Covariance: [][]*big.Rat{gmm.Rationals(1, 0), gmm.Rationals(0, 1)}})
	kept := pairsOf(t, gmm.Exact{Weights: gmm.Rationals(1, 1, 1), Means: [][]*big.Rat{gmm.Rationals(-1, -1), gmm.Rationals(1, 0), gmm.Rationals(0, 1)}, Covariance: [][]*big.Rat{gmm.Rationals(1, 0), gmm.Rationals(0, 1)}})
	for name, err := range map[string]error{
		"a Fisher line":        second(comparison.FisherPlane(line)),
		"a kept plane":         second(comparison.FisherPlane(kept)),
		"SVD of a plane":       second(comparison.SVDPlane(kept.Left)),
		"own covariances":      second(comparison.OwnCovariancePlane(kept)),
		"modality of no lines": second(comparison.ClipPlane(line, mat.NewDense(2, 2, nil))),
	} {
		if !errors.Is(err, comparison.ErrNoPlane) {
			t.Errorf("%s: %v, want ErrNoPlane", name, err)
		}
	}
}

func second(_ comparison.Plane, err error) error { return err }

func pairsOf(t *testing.T, e gmm.Exact) gmm.Pairs {
	t.Helper()
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The other planes show the coordinates as they are, with the subspaces that their claims are about.
func TestPlanesOfOtherCounterexamples(t *testing.T) {
	svd, err := comparison.SVDPlane(theorems.Stored("svd-shared")[0].Case.Pairs.Left)
	if err != nil {
		t.Fatal(err)
	}
	if d := svd.Fisher.Direction; math.Abs(d[1]) > 1e-12 || math.Abs(svd.Lines[0].Direction[0]) > 1e-12 {
		t.Errorf("pancakes: S_F along %v, SVD along %v; want the first axis and the second", d, svd.Lines[0].Direction)
	}
	own, err := comparison.OwnCovariancePlane(theorems.Stored("containment-own-covariance")[0].Case.Pairs)
	if err != nil {
		t.Fatal(err)
	}
	if d := own.Lines[0].Direction; math.Abs(d[1]/d[0]+0.0955) > 1e-3 || own.Components[0].Covariance != [3]float64{1, 0.8, 1} {
		t.Errorf("tilted: Col(A*) along %v, the first covariance %v", d, own.Components[0].Covariance)
	}
	clip := theorems.Stored("clip-containment-every-pair")[0].Case
	paired, err := comparison.ClipPlane(clip.Pairs, clip.A)
	if err != nil {
		t.Fatal(err)
	}
	if len(paired.Lines) != 2 || paired.Lines[1].Direction != [2]float64{0, 1} || math.Abs(paired.Fisher.Direction[1]) > 1e-12 {
		t.Errorf("idle column: %+v, S_V along %v", paired.Lines, paired.Fisher.Direction)
	}
}
