package solver

import (
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// The oracle notices every mistake that is planted in a solve with own covariances,
// and gives no wrong verdict: containment fails for the first mixture and holds, as its
// covariances are equal, for the second.
func TestOracleCatchesPlantedErrorsOfOwnCovariances(t *testing.T) {
	plants := []struct {
		name  string
		plant func(f *general)
	}{
		{"nothing", func(*general) {}},
		{"gradient: δ off by a tenth", func(f *general) { f.target.Scale(0.9, f.target) }},
		{"gradient: a covariance for another", func(f *general) {
			f.covariances[0] = scaledBy(1.01, f.covariances[0])
		}},
		{"gradient: points drawn with a wrong root", func(f *general) { f.roots[1] = scaledBy(0.99, f.roots[1]) }},
		{"gradient: a log-weight off by a hundredth", func(f *general) { f.logWeights[0] += 0.01 }},
		{"whitening: means too long by 1e-4", func(f *general) { f.means.Scale(1.0001, f.means) }},
	}
	equal, err := gmm.NewPairs(generators.SharedCovarianceOf(2, 2, 3, 3).Example(1), big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	tilted, err := gmm.NewPairs(tiltedMixture(t), big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		p     gmm.Pairs
		wrong oracle.Verdict
	}{{"tilted", tilted, oracle.Holds}, {"equal", equal.Apart(), oracle.Refuted}} {
		for _, plant := range plants {
			f, rotation, w := whitenedGeneral(t, c.p)
			plant.plant(f)
			n := len(f.second)
			got, err := f.candidate(c.p.Left, w, rotation, mat.NewDense(n, n, nil), 1e-10)
			if err != nil {
				t.Fatal(plant.name, err)
			}
			if v := oracle.JudgeGeneral(c.p, got.Minimiser.Form, got.Minimiser.Form).Containment; v == c.wrong {
				t.Errorf("%s on %s: the verdict is %v, which is wrong", plant.name, c.name, v)
			}
			fine := oracle.GeneralDistance(c.p, got.Unconstrained.Form, 1e-12)
			if caught := fine > 1000*got.Unconstrained.DistanceBound; caught != (plant.name != "nothing") {
				t.Errorf("%s on %s: the oracle bounds the distance by %.2g, the solver claims %.2g", plant.name, c.name, fine, got.Unconstrained.DistanceBound)
			}
		}
	}
}

// tiltedMixture is the counterexample to containment: means (2, 0), (−1, 0), weights 1:2,
// unit variances, correlations 4/5 and −2/5.
func tiltedMixture(t testing.TB) *gmm.Mixture {
	t.Helper()
	r := func(a, b int64) *big.Rat { return big.NewRat(a, b) }
	tilt := func(c *big.Rat) [][]*big.Rat { return [][]*big.Rat{{r(1, 1), c}, {c, r(1, 1)}} }
	g, err := gmm.New(gmm.Exact{Weights: []*big.Rat{r(1, 1), r(2, 1)}, Means: [][]*big.Rat{{r(2, 1), r(0, 1)}, {r(-1, 1), r(0, 1)}},
		Covariances: [][][]*big.Rat{tilt(r(4, 5)), tilt(r(-2, 5))}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}
