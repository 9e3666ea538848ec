package solver_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

func modelPairs(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("model", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// To take own covariances for their mean, two modalities for one, or δ < 1 for 1 would give wrong minimisers: what has
// no theory of them refuses.
func TestSolversRefuseOtherModels(t *testing.T) {
	own := modelPairs(t, `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, -0.4], [-0.4, 1]]]}`)
	two := modelPairs(t, `{"weights": [1, 1], "visual": {"means": [[1, 0], [-1, 0]], "covariance": "identity"}, "text": {"means": [[1, 0], [-1, 1]], "covariance": "identity"}}`)
	half, err := two.WithDelta(gmm.Rationals(0.5)[0])
	if err != nil {
		t.Fatal(err)
	}
	a := mat.NewDense(2, 1, []float64{1, 0})
	single := map[string]func(gmm.Pairs) error{
		"Reduced":      func(p gmm.Pairs) error { _, err := solver.Reduced(p, solver.Options{}); return err },
		"Blind":        func(p gmm.Pairs) error { _, err := solver.Blind(p, solver.Options{}); return err },
		"Literal":      func(p gmm.Pairs) error { _, err := solver.Literal(p, 1, 1, solver.Options{}); return err },
		"NewObjective": func(p gmm.Pairs) error { _, err := solver.NewObjective(p); return err },
		"Loss":         func(p gmm.Pairs) error { _, _, err := solver.Loss(p, a); return err },
	}
	one := map[string]func(gmm.Pairs) error{
		"General":         func(p gmm.Pairs) error { _, err := solver.General(p, solver.Options{}); return err },
		"Spectral":        func(p gmm.Pairs) error { _, err := solver.Spectral(p); return err },
		"SpectralBlind":   func(p gmm.Pairs) error { _, err := solver.SpectralBlind(p, solver.Options{}); return err },
		"SpectralLiteral": func(p gmm.Pairs) error { _, err := solver.SpectralLiteral(p, 1, 1, solver.Options{}); return err },
		"SpectralLoss":    func(p gmm.Pairs) error { return panicOf(func() { solver.SpectralLoss(p, a) }) },
	}
	certain := map[string]func(gmm.Pairs) error{
		"Clip":                func(p gmm.Pairs) error { _, err := solver.Clip(p, solver.Options{}); return err },
		"ClipBlind":           func(p gmm.Pairs) error { _, err := solver.ClipBlind(p, solver.Options{}); return err },
		"ClipLiteral":         func(p gmm.Pairs) error { _, err := solver.ClipLiteral(p, 1, 1, solver.Options{}); return err },
		"ClipLoss":            func(p gmm.Pairs) error { _, _, err := solver.ClipLoss(p, a, a); return err },
		"SpectralPaired":      func(p gmm.Pairs) error { _, err := solver.SpectralPaired(p); return err },
		"SpectralPairedBlind": func(p gmm.Pairs) error { _, err := solver.SpectralPairedBlind(p, solver.Options{}); return err },
		"SpectralPairedLoss":  func(p gmm.Pairs) error { return panicOf(func() { solver.SpectralPairedLoss(p, a, a) }) },
	}
	for _, c := range []struct {
		solvers map[string]func(gmm.Pairs) error
		others  []gmm.Pairs
	}{{single, []gmm.Pairs{own, two}}, {one, []gmm.Pairs{two}}, {certain, []gmm.Pairs{own, half, two.Apart()}}} {
		for name, find := range c.solvers {
			for _, p := range c.others {
				if err := find(p); !errors.Is(err, gmm.ErrOtherModel) {
					t.Errorf("%s of %s: %v, want ErrOtherModel", name, p.Model(), err)
				}
			}
		}
	}
	if x := solver.Margin(own); !math.IsNaN(x) {
		t.Errorf("the margin of own covariances is said to be %g", x)
	}
}

// panicOf returns the error that f panics with, if its text is of another model.
func panicOf(f func()) (err error) {
	defer func() {
		if text, _ := recover().(string); strings.HasPrefix(text, "solver: gmm: ") {
			err = gmm.ErrOtherModel
		}
	}()
	f()
	return nil
}
