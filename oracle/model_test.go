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
	judge := func(l oracle.Loss) func(gmm.Pairs) error {
		return func(p gmm.Pairs) error {
			return panicOf(func() { oracle.Judge(l, p, oracle.Candidates{Free: form, Inside: form}) })
		}
	}
	pair := func(l oracle.Loss) func(gmm.Pairs) error {
		return func(p gmm.Pairs) error { _, err := oracle.JudgePair(l, p, a, a, 1e-3); return err }
	}
	sampled := func(l oracle.Loss) func(gmm.Pairs) error {
		return func(p gmm.Pairs) error { _, err := oracle.Sampled(l, p, a, a, 2, 2, rng); return err }
	}
	single := map[string]func(gmm.Pairs) error{
		"OutsideFisher": func(p gmm.Pairs) error { _, err := oracle.OutsideFisher(p, form); return err },
		"Stationarity": func(p gmm.Pairs) error {
			_, err := oracle.Stationarity(oracle.InfoNCE, p, oracle.Encoders{Left: a}, 1e-3)
			return err
		},
		"Monotonicity": func(p gmm.Pairs) error {
			_, err := oracle.Monotonicity(oracle.InfoNCE, p, oracle.Encoders{Left: a}, oracle.Encoders{Left: a}, 1e-3)
			return err
		},
		"Stationarity of dv": func(p gmm.Pairs) error {
			_, err := oracle.Stationarity(oracle.DonskerVaradhan, p, oracle.Encoders{Left: a}, 1e-3)
			return err
		},
		"Prove":       func(p gmm.Pairs) error { _, err := proof.Prove(proof.InfoNCE, p, form); return err },
		"Check":       func(p gmm.Pairs) error { _, err := proof.Check(proof.Certificate{Pairs: p}); return err },
		"Refine":      func(p gmm.Pairs) error { _, err := proof.Limit(1).Refine(p, form, 5); return err },
		"EncloseLoss": func(p gmm.Pairs) error { _, err := proof.Limit(1).EncloseLoss(p, nil, 64); return err },
		"Affordable":  func(p gmm.Pairs) error { return proof.Limit(1).Affordable(proof.InfoNCE, p) },
	}
	one := map[string]func(gmm.Pairs) error{
		"Judge InfoNCE":   judge(oracle.InfoNCE),
		"JudgePair":       pair(oracle.InfoNCE),
		"Sampled InfoNCE": sampled(oracle.InfoNCE),
		"Judge dv":        judge(oracle.DonskerVaradhan),
		"Sampled dv":      sampled(oracle.DonskerVaradhan),
		"PairStatistics":  func(p gmm.Pairs) error { _, _, err := oracle.PairStatistics(p, 2, rng); return err },
	}
	spectral := map[string]func(gmm.Pairs) error{
		"Judge Spectral": judge(oracle.Spectral), "JudgePair Spectral": pair(oracle.Spectral), "Sampled Spectral": sampled(oracle.Spectral),
	}
	certain := map[string]func(gmm.Pairs) error{"Judge CLIP": judge(oracle.CLIP), "JudgePair CLIP": pair(oracle.CLIP), "Sampled CLIP": sampled(oracle.CLIP)}
	for _, c := range []struct {
		judges map[string]func(gmm.Pairs) error
		others []gmm.Pairs
	}{{single, []gmm.Pairs{own, two}}, {one, []gmm.Pairs{two}}, {spectral, []gmm.Pairs{half, two.Apart()}}, {certain, []gmm.Pairs{own, half, two.Apart()}}} {
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
	if v, _, _ := oracle.JudgeCentred(own, form); v != oracle.Undecided {
		t.Errorf("a line of own covariances: %v", v)
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
	oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: form})
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
