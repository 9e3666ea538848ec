package solver

import (
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// A solver of the spectral loss with a mistake is as sure of itself as a right
// one. The oracle must notice every one of these, by a bound far beyond what the
// solver claims, and must never give a wrong verdict.
func TestOracleCatchesPlantedSpectralErrors(t *testing.T) {
	stretched := func(a *mat.Dense, factor float64) { a.Scale(factor, a) }
	plants := []struct {
		name  string
		plant func(f *spectral)
	}{
		{"nothing", func(*spectral) {}},
		{"X too large by 1e-4", func(f *spectral) { stretched(f.partners, 1.0001) }},
		{"partners for δ = 1", func(f *spectral) { f.partners = f.visual.means }},
		{"weights that add up to 1.001", func(f *spectral) {
			for k := range f.weights {
				f.weights[k] *= 1.001
			}
		}},
		{"means too long by 1e-4", func(f *spectral) { stretched(f.visual.means, 1.0001) }},
		{"not turned back", func(f *spectral) { f.visual.rotation = mat.NewDense(2, 2, []float64{1, 0, 0, 1}) }},
		{"whitening: frame too long by 1e-4", func(f *spectral) { stretched(f.visual.whitened.Frame.Basis, 1.0001) }},
		{"whitening: no root", func(f *spectral) {
			n, _ := f.visual.whitened.Root.Dims()
			f.visual.whitened.Root = mat.NewTriDense(n, mat.Lower, nil)
			for i := range n {
				f.visual.whitened.Root.SetTri(i, i, 1.01)
			}
		}},
	}
	for _, text := range []string{
		`{"weights": [1, 3], "means": [[2, 0], [1, 1]], "covariance": [[1, 0.5], [0.5, 1]], "delta": "1/2"}`,
		`{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[[1, 0.5], [0.5, 4.25]], [[2, -1], [-1, 1]]], "delta": "3/4"}`,
	} {
		d, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		p := d.Pairs
		for _, plant := range plants {
			w, err := p.Left.Pooled().WhitenFisher()
			if err != nil {
				t.Fatal(err)
			}
			f, err := newSpectral(p.Pooled(), w)
			if err != nil {
				t.Fatal(err)
			}
			plant.plant(f)
			got := f.candidate("planted", closedForm, p.Left, f.closed(), 2).Minimiser
			findings := oracle.JudgeSpectral(p, got.Form)
			if findings.Equality == oracle.Refuted || findings.Containment != oracle.Holds {
				t.Errorf("%s on %s: equality %v, containment %v", plant.name, text, findings.Equality, findings.Containment)
			}
			caught := findings.Certificate.Epsilon > 1000*got.DistanceBound
			if right := plant.name == "nothing"; caught == right {
				t.Errorf("%s on %s: the oracle bounds the distance by %.2g, the solver claims %.2g", plant.name, text,
					findings.Certificate.Epsilon, got.DistanceBound)
			}
		}
	}
}

// The same of two modalities.
func TestOracleCatchesPlantedPairedErrors(t *testing.T) {
	d, err := gmm.Read("test", strings.NewReader(`{"weights": [2, 3], "visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": [[2, 1], [1, 1]]},
		"text": {"means": [["0.5", 1, 0], ["-0.5", 0, 1]], "covariance": [[1, 0, 0], [0, 2, "0.5"], [0, 0.5, 1]]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, plant := range []struct {
		name  string
		plant func(f *spectral)
	}{
		{"nothing", func(*spectral) {}},
		{"the other modality's order", func(f *spectral) {
			swapped := mat.DenseCopyOf(f.partners)
			swapped.SetCol(0, mat.Col(nil, 1, f.partners))
			swapped.SetCol(1, mat.Col(nil, 0, f.partners))
			f.partners = swapped
		}},
		{"X too large by 1e-4", func(f *spectral) {
			f.partners = mat.DenseCopyOf(f.partners)
			f.partners.Scale(1.0001, f.partners)
		}},
		{"text means too long by 1e-4", func(f *spectral) {
			f.text.means = mat.DenseCopyOf(f.text.means)
			f.text.means.Scale(1.0001, f.text.means)
		}},
		{"one side's rotation for the other's", func(f *spectral) { f.text.rotation = f.visual.rotation }},
	} {
		w, err := d.Pairs.WhitenFisher()
		if err != nil {
			t.Fatal(err)
		}
		f, err := newCrossSpectral(d.Pairs, w.Left, w.Right)
		if err != nil {
			t.Fatal(err)
		}
		plant.plant(f)
		got := f.crossCandidate("planted", closedForm, d.Pairs, f.closed(), 2)
		findings := oracle.JudgeSpectralPaired(d.Pairs, got.Form)
		if findings.Visual.Equality != oracle.Holds || findings.Text.Equality != oracle.Holds {
			t.Errorf("%s: the verdicts are wrong: %+v", plant.name, findings)
		}
		caught := findings.Certificate.Epsilon > 1000*got.DistanceBound
		if right := plant.name == "nothing"; caught == right {
			t.Errorf("%s: the oracle bounds the distance by %.2g, the solver claims %.2g", plant.name, findings.Certificate.Epsilon, got.DistanceBound)
		}
	}
}
