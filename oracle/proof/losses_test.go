package proof_test

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// The mixtures that losses are compared on.
const (
	twoPoints      = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	twoPointsApart = `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`
	rareOutlier    = `{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`
	rarerOutlier   = `{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`
	threeEqual     = `{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`
	fourPoints     = `{"weights": [1, 87, 87, 1], "means": [[19, 18], [3, 1], [-3, -1], [-19, -18]], "covariance": "identity"}`
	rareOften      = `{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity", "delta": "9/10"}`
	alike          = `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`
	mild           = `{"weights": [47, 1, 29], "means": [["9/4", 1], [-21, -18], ["-339/116", -1]], "covariance": "identity"}`
)

var update = flag.Bool("update", false, "prove the losses' certificates anew")

// compared are losses of mixtures, centred where there are more than two means, with the values of λ_min by programs that share nothing with this one, to
// the digits given. Certificates of them are in testdata/losses.
var compared = []struct {
	name    string
	loss    proof.Words
	mixture string
	margin  float64
}{
	{"dv-two", proof.Words{Loss: "dv"}, twoPoints, -3.94460702673764e-4},
	{"dv-apart", proof.Words{Loss: "dv"}, twoPointsApart, -.00728229871865763},
	{"dv-rare", proof.Words{Loss: "dv"}, rareOutlier, -.0108519665565112},
	{"triplet-two", proof.Words{Loss: "triplet"}, twoPoints, -2.43584019e-3},
	{"negative-apart", proof.Words{Loss: "infonce", Negatives: "1"}, twoPointsApart, -1.97850119e-2},
	{"triplet-rare", proof.Words{Loss: "triplet"}, rareOutlier, 5.14909318e-5},
	{"triplet-four", proof.Words{Loss: "triplet"}, fourPoints, -4.013572e-3},
	{"sigmoid-two", proof.Words{Loss: "sigmoid"}, twoPoints, -5.212123661e-3},
	{"sigmoid-4-two", proof.Words{Loss: "sigmoid", Negatives: "4"}, twoPoints, -2.207072548e-3},
	{"sigmoid-rare", proof.Words{Loss: "sigmoid"}, rareOutlier, 6.163520903e-5},
	{"sigmoid-4-rare", proof.Words{Loss: "sigmoid", Negatives: "4"}, rareOutlier, 1.247299374e-4},
	{"sigmoid-64-rare", proof.Words{Loss: "sigmoid", Negatives: "64"}, rareOutlier, -4.410276147e-3},
	{"sigmoid-mild", proof.Words{Loss: "sigmoid", Negatives: "1"}, mild, -6.39493958e-3},
	{"sigmoid-biased", proof.Words{Loss: "sigmoid", Bias: "1"}, alike, -.24979090},
	{"sigmoid-low", proof.Words{Loss: "sigmoid", Bias: "-1"}, alike, .21257632},
	{"distance-rare", proof.Words{Score: "distance"}, rareOutlier, 1.09546642e-4},
	{"distance-rarer", proof.Words{Score: "distance"}, rarerOutlier, 7.00545817e-4},
	{"distance-three", proof.Words{Score: "distance"}, threeEqual, 6.42571605e-3},
	{"distance-biased", proof.Words{Score: "distance"}, rareOften, -5.92432765e-4},
}

func TestLossesAreProved(t *testing.T) {
	t.Parallel()
	for _, c := range compared {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, loss, file := pairs(t, c.mixture), named(t, c.loss), filepath.Join("testdata/losses", c.name+".json")
			if len(p.Weights()) > 2 {
				p = centred(t, p)
			}
			if *update {
				kept(t, loss, p, file)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			certificate, err := proof.Read(file, bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if certificate.Loss.Words() != loss.Words() || certificate.Pairs.GoString() != p.GoString() {
				t.Fatalf("the certificate is about %v and %#v", certificate.Loss.Words(), certificate.Pairs)
			}
			proves(t, certificate, c.margin)
			opposite(t, certificate)
		})
	}
}

// Without a candidate Newton's method finds one, or is told by the loss where to begin.
func TestLossesAreProvedFromNothing(t *testing.T) {
	t.Parallel()
	for _, c := range compared {
		const many = 1 // seconds of proofs
		if len(pairs(t, c.mixture).Weights()) > 2 && c.name != "dv-rare" && enough.Cases(many) == many {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := pairs(t, c.mixture)
			if len(p.Weights()) > 2 {
				p = centred(t, p)
			}
			certificate, err := proof.Prove(named(t, c.loss), p, gmm.Form{})
			if err != nil {
				t.Fatal(err)
			}
			proves(t, certificate, c.margin)
		})
	}
}

// proves checks that a certificate proves λ_min to be as far from 0 as it is, or a little less.
func proves(t *testing.T, c proof.Certificate, margin float64) {
	t.Helper()
	theorem, err := proof.Check(written(t, c))
	if err != nil {
		t.Fatal(err)
	}
	want := oracle.Holds
	if margin < 0 {
		want = oracle.Refuted
	}
	if bound, _ := theorem.Margin.Float64(); theorem.Verdict != want || bound > math.Abs(margin) || bound < 0.5*math.Abs(margin) {
		t.Errorf("%v with a margin of %g, want %v and a little less than %g", theorem.Verdict, bound, want, math.Abs(margin))
	}
}

// kept proves anew and writes the certificate.
func kept(t *testing.T, loss proof.Loss, p gmm.Pairs, file string) {
	t.Helper()
	certificate, err := proof.Prove(loss, p, candidate(loss, p))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := certificate.Write(&text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// candidate is a solver's of more than two means, where it finds one; of two the proof's own Newton's method finds it.
func candidate(l proof.Loss, p gmm.Pairs) gmm.Form {
	words := l.Words()
	of, err := losses.Choose(losses.Settings{Loss: words.Loss, Score: words.Score, Negatives: words.Negatives, Bias: words.Bias})
	if err != nil || len(p.Weights()) == 2 {
		return gmm.Form{}
	}
	found, err := solver.Minimise(of.Solver, p, solver.Options{})
	if err != nil {
		return gmm.Form{}
	}
	return found.Free.Form
}

// opposite checks that a certificate does not prove the contrary of its verdict, with or without a witness: of many means, with another.
func opposite(t *testing.T, c proof.Certificate) {
	t.Helper()
	c.Verdict = oracle.Holds + oracle.Refuted - c.Verdict
	witnesses := [][]*big.Rat{{big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 1)}}
	if c.Witness != nil {
		witnesses = append(witnesses, nil)
	}
	if len(c.Pairs.Weights()) == 2 {
		witnesses = append(witnesses, c.Witness)
	}
	for _, c.Witness = range witnesses {
		if theorem, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("%v is accepted: %v", theorem.Verdict, err)
		}
	}
}

func named(t testing.TB, w proof.Words) proof.Loss {
	t.Helper()
	loss, err := proof.Named(w)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

func centred(t testing.TB, p gmm.Pairs) gmm.Pairs {
	t.Helper()
	p, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
