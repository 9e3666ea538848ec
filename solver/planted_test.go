package solver

import (
	"math"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// A solver with a mistake converges as well as a right one: its own residual
// tells nothing. The oracle must notice every one of these, by a bound that is
// far beyond what the solver claims, and must never give a wrong verdict.
func TestOracleCatchesPlantedErrors(t *testing.T) {
	wrongWeights := func(distort func(t float64) float64) func(*quadrature.Rule, []float64, float64, int) error {
		return func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error {
			err := rule.Choose(ranges, tolerance, limit)
			for i, points := range rule.Directions {
				weights := make([]float64, len(points.Weights))
				for n, w := range points.Weights {
					weights[n] = w * distort(points.Nodes[n])
				}
				rule.Directions[i].Weights = weights
			}
			return err
		}
	}
	plants := []struct {
		name  string
		plant func(f *infonce, w *gmm.Whitened)
	}{
		{"quadrature weights without normalisation", func(f *infonce, _ *gmm.Whitened) {
			f.choose = wrongWeights(func(float64) float64 { return 1.001 })
		}},
		{"quadrature weights of the physicists' Hermite rule", func(f *infonce, _ *gmm.Whitened) {
			f.choose = wrongWeights(func(t float64) float64 { return math.Exp(-t * t / 50) })
		}},
		{"gradient: δ off by a tenth", func(f *infonce, _ *gmm.Whitened) { f.delta *= 0.9 }},
		{"gradient: M for M + ½(MC + CM)", func(f *infonce, _ *gmm.Whitened) {
			for i := range f.second {
				f.second[i] = 1
			}
		}},
		{"gradient: centred for raw means", func(f *infonce, _ *gmm.Whitened) { f.means = f.centred }},
		{"gradient: a log-weight off by a hundredth", func(f *infonce, _ *gmm.Whitened) { f.logWeights[0] += 0.01 }},
		{"whitening: means too long by 1e-4", func(f *infonce, _ *gmm.Whitened) {
			f.means.Scale(1.0001, f.means)
			f.centred.Scale(1.0001, f.centred)
		}},
		{"whitening: no root", func(_ *infonce, w *gmm.Whitened) {
			n, _ := w.Root.Dims()
			w.Root = mat.NewTriDense(n, mat.Lower, nil)
			for i := range n {
				w.Root.SetTri(i, i, 1.01)
			}
		}},
		{"whitening: frame too long by 1e-4", func(_ *infonce, w *gmm.Whitened) { w.Frame.Basis.Scale(1.0001, w.Frame.Basis) }},
	}
	mixtures := []struct {
		text string
		want oracle.Verdict
	}{
		{`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, oracle.Refuted},
		{`{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[1, 0.5], [0.5, 4.25]]}`, oracle.Refuted},
		{`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`, oracle.Refuted},
		{`{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": 0.5}`, oracle.Holds},
	}
	for _, c := range mixtures {
		p := readPairs(t, c.text)
		for _, plant := range append(plants, struct {
			name  string
			plant func(f *infonce, w *gmm.Whitened)
		}{"nothing", func(*infonce, *gmm.Whitened) {}}) {
			w, err := p.Left.WhitenFisher()
			if err != nil {
				t.Fatal(err)
			}
			f, rotation := newInfoNCE(p, w)
			plant.plant(f, &w)
			n := len(f.second)
			got, err := f.candidate(new(Workspace), "planted", p.Left, w, rotation, mat.NewDense(n, n, nil), 1e-10)
			if err != nil {
				t.Fatal(plant.name, err)
			}
			findings := oracle.Judge(p, got.Unconstrained.Form, got.Minimiser.Form, got.Unconstrained.DistanceBound)
			if v := findings.Equality; v != oracle.Undecided && v != c.want {
				t.Errorf("%s on %s: the verdict is %v, the truth %v", plant.name, c.text, v, c.want)
			}
			fine := oracle.Distance(p, got.Unconstrained.Form, 1e-12)
			caught := fine > 1000*got.Unconstrained.DistanceBound
			switch {
			case plant.name == "nothing":
				if findings.Equality != c.want || caught {
					t.Errorf("nothing planted on %s: verdict %v, distance bound %.2g where the solver claims %.2g",
						c.text, findings.Equality, fine, got.Unconstrained.DistanceBound)
				}
			case !caught:
				t.Errorf("%s on %s: the oracle bounds the distance by %.2g, the solver claims %.2g: not caught",
					plant.name, c.text, fine, got.Unconstrained.DistanceBound)
			}
		}
	}
}
