package oracle_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"

	"gonum.org/v1/gonum/mat"
)

// No verdict is given on pairs that a theorem does not speak of, such as own covariances taken for their mean.
func TestOtherModelsAreNotJudged(t *testing.T) {
	own := readAny(t, `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, -0.4], [-0.4, 1]]]}`).Pairs
	two := readAny(t, `{"weights": [1, 1], "visual": {"means": [[1, 0], [-1, 0]], "covariance": "identity"}, "text": {"means": [[1, 0], [-1, 1]], "covariance": "identity"}}`).Pairs
	half, err := two.WithDelta(gmm.Rationals(0.5)[0])
	if err != nil {
		t.Fatal(err)
	}
	a, form := mat.NewDense(2, 1, []float64{1, 0}), gmm.Plain(mat.NewDense(2, 2, []float64{1, 0, 0, 0}))
	rng := rand.New(rand.NewPCG(1, 2))
	single := map[string]func(gmm.Pairs) error{
		"Judge":         func(p gmm.Pairs) error { return panicOf(func() { oracle.Judge(p, form, form, 0) }) },
		"OutsideFisher": func(p gmm.Pairs) error { _, err := oracle.OutsideFisher(p, form); return err },
		"Stationarity":  func(p gmm.Pairs) error { _, err := oracle.Stationarity(p, a, 1e-3); return err },
		"Monotonicity":  func(p gmm.Pairs) error { _, err := oracle.Monotonicity(p, a, a, 1e-3); return err },
		"Prove":         func(p gmm.Pairs) error { _, err := proof.Prove(p, form); return err },
		"Check":         func(p gmm.Pairs) error { _, err := proof.Check(proof.Certificate{Pairs: p}); return err },
		"Refine":        func(p gmm.Pairs) error { _, err := proof.Limit(1).Refine(p, form, 5); return err },
		"EncloseLoss":   func(p gmm.Pairs) error { _, err := proof.Limit(1).EncloseLoss(p, nil, 64); return err },
		"Affordable":    func(p gmm.Pairs) error { return proof.Limit(1).Affordable(p) },
	}
	one := map[string]func(gmm.Pairs) error{
		"JudgeGeneral":   func(p gmm.Pairs) error { return panicOf(func() { oracle.JudgeGeneral(p, form, form) }) },
		"JudgeSpectral":  func(p gmm.Pairs) error { return panicOf(func() { oracle.JudgeSpectral(p, form) }) },
		"SampledLoss":    func(p gmm.Pairs) error { _, err := oracle.SampledLoss(p, a, 2, 2, rng); return err },
		"PairStatistics": func(p gmm.Pairs) error { _, _, err := oracle.PairStatistics(p, 2, rng); return err },
	}
	certain := map[string]func(gmm.Pairs) error{
		"JudgeClip":           func(p gmm.Pairs) error { return panicOf(func() { oracle.JudgeClip(p, form, 0) }) },
		"JudgeSpectralPaired": func(p gmm.Pairs) error { return panicOf(func() { oracle.JudgeSpectralPaired(p, form) }) },
		"JudgeClipPair":       func(p gmm.Pairs) error { _, err := oracle.JudgeClipPair(p, a, a, 1e-3); return err },
		"SampledClipLoss":     func(p gmm.Pairs) error { _, err := oracle.SampledClipLoss(p, a, a, 2, 2, rng); return err },
	}
	for _, c := range []struct {
		judges map[string]func(gmm.Pairs) error
		others []gmm.Pairs
	}{{single, []gmm.Pairs{own, two}}, {one, []gmm.Pairs{two}}, {certain, []gmm.Pairs{own, half, two.Apart()}}} {
		for name, judge := range c.judges {
			for _, p := range c.others {
				if err := judge(p); !errors.Is(err, gmm.ErrOtherModel) {
					t.Errorf("%s of %s: %v, want ErrOtherModel", name, p.Model(), err)
				}
			}
		}
	}
	if _, err := oracle.WeakDelta(own.Left); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("δ₀ of own covariances: %v, want ErrOtherModel", err)
	}
	if v, _, _ := oracle.JudgeLine(own, form, 0, 1); v != oracle.Undecided {
		t.Errorf("a line of own covariances: %v", v)
	}
	if x := oracle.Distance(own, form, 1e-3); x < 1e300 {
		t.Errorf("a distance of own covariances: %g", x)
	}
	if x := oracle.GeneralDistance(two, form, 1e-3); x < 1e300 {
		t.Errorf("a distance of two modalities: %g", x)
	}
}

// An asymmetric matrix is not the symmetric one of its parts.
func TestAsymmetricMatricesAreNotJudged(t *testing.T) {
	p := readAny(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`).Pairs
	defer func() {
		if recover() == nil {
			t.Error("an asymmetric matrix was judged")
		}
	}()
	form := gmm.Plain(mat.NewDense(2, 2, []float64{1, 1, 0, 1}))
	oracle.Judge(p, form, form, 0)
}

// panicOf returns ErrOtherModel if f panics because of one.
func panicOf(f func()) (err error) {
	defer func() {
		if text, _ := recover().(string); strings.HasPrefix(text, "oracle: gmm: ") {
			err = gmm.ErrOtherModel
		}
	}()
	f()
	return nil
}
