package solver

import (
	"math"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// A solver of the CLIP loss with a mistake converges as well as a right one. The
// oracle must notice every one of these, by a bound far beyond what the solver
// claims, so that containment is never certified on a wrong minimiser's strength,
// and must never give a wrong verdict.
func TestOracleCatchesPlantedClipErrors(t *testing.T) {
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
		plant func(f *clip)
	}{
		{"nothing", func(*clip) {}},
		{"quadrature weights without normalisation", func(f *clip) { f.visual.choose = wrongWeights(func(float64) float64 { return 1.001 }) }},
		{"quadrature weights of the physicists' Hermite rule", func(f *clip) {
			f.text.choose = wrongWeights(func(t float64) float64 { return math.Exp(-t * t / 50) })
		}},
		{"gradient: X once for twice", func(f *clip) { f.text.delta = 0 }},
		{"gradient: one modality's W for I", func(f *clip) {
			for i := range f.visual.second {
				f.visual.second[i] = 1
			}
		}},
		{"gradient: centred for raw anchors", func(f *clip) { f.visual.means = f.text.centred }},
		{"gradient: a log-weight off by a hundredth", func(f *clip) { f.text.logWeights[0] += 0.01 }},
		{"partners in another order", func(f *clip) {
			swapped := mat.DenseCopyOf(f.visual.centred)
			swapped.SetCol(0, mat.Col(nil, 1, f.visual.centred))
			swapped.SetCol(1, mat.Col(nil, 0, f.visual.centred))
			f.visual.centred = swapped
		}},
		{"whitening: text means too long by 1e-4", func(f *clip) {
			f.text.means.Scale(1.0001, f.text.means)
			f.visual.centred.Scale(1.0001, f.visual.centred)
		}},
		{"whitening: frame too long by 1e-4", func(f *clip) { f.visual.whitened.Frame.Basis.Scale(1.0001, f.visual.whitened.Frame.Basis) }},
		{"one side's rotation for the other's", func(f *clip) { f.text.rotation = f.visual.rotation }},
	}
	for _, text := range []string{
		`{"weights": [2, 3], "visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": [[2, 1], [1, 1]]},
			"text": {"means": [["0.5", 1], ["-0.5", 2]], "covariance": [[1, 0], [0, 2]]}}`,
		`{"weights": [1, 2, 4], "visual": {"means": [[2, "0.5"], [-1, 0], [0, 1]], "covariance": "identity"},
			"text": {"means": [["1.5", 1], ["-0.5", 0], [1, -2]], "covariance": [[1, "0.5"], ["0.5", 2]]}}`,
	} {
		p := readDocument(t, text).Pairs
		for _, plant := range plants {
			w, err := p.WhitenFull()
			if err != nil {
				t.Fatal(err)
			}
			f, err := newClip(p, w.Left, w.Right)
			if err != nil {
				t.Fatal(err)
			}
			plant.plant(f)
			got, err := f.find("planted", p, mat.NewDense(2, 2, nil), Options{})
			if err != nil {
				t.Fatal(plant.name, err)
			}
			findings := oracle.JudgeClip(p, got.Form, got.DistanceBound)
			if findings.Visual.Containment == oracle.Refuted || findings.Text.Containment == oracle.Refuted {
				t.Errorf("%s: containment is refuted: %+v", plant.name, findings)
			}
			if right := plant.name == "nothing"; right {
				if findings.Visual.Containment != oracle.Holds || findings.Text.Containment != oracle.Holds {
					t.Errorf("nothing planted: %+v", findings)
				}
				if findings.Certificate.Epsilon > 1e-8 {
					t.Errorf("nothing planted: the oracle bounds the distance by %.2g, the solver claims %.2g", findings.Certificate.Epsilon, got.DistanceBound)
				}
				continue
			}
			if caught := findings.Certificate.Epsilon > 1000*got.DistanceBound; !caught || findings.Visual.Containment == oracle.Holds {
				t.Errorf("%s: the oracle bounds the distance by %.2g, the solver claims %.2g, containment %v: not caught", plant.name,
					findings.Certificate.Epsilon, got.DistanceBound, findings.Visual.Containment)
			}
		}
	}
}
