package proof_test

import (
	"bytes"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

func pairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// stored returns the InfoNCE counterexamples to equality.
func stored(t testing.TB) map[string]gmm.Pairs {
	t.Helper()
	files, err := filepath.Glob("../../theorems/testdata/counterexamples/equality*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d stored counterexamples, want at least 10: %v", len(files), err)
	}
	out := map[string]gmm.Pairs{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = pairs(t, string(text))
	}
	return out
}

// written returns a certificate as a reader of its file has it.
func written(t testing.TB, c proof.Certificate) proof.Certificate {
	t.Helper()
	var text bytes.Buffer
	if err := c.Write(&text); err != nil {
		t.Fatal(err)
	}
	read, err := proof.Read("certificate", &text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// Iris and Wine, with three directions, are among them.
func TestStoredCounterexamplesAreProved(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds of proofs; those of theorems are checked")
	}
	t.Parallel()
	for name, p := range stored(t) {
		certificate, err := proof.Prove(proof.InfoNCE, p, reduced(t, p))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		theorem, err := proof.Check(written(t, certificate))
		if err != nil || theorem.Verdict != oracle.Refuted || theorem.Margin.Sign() <= 0 {
			t.Errorf("%s: %v, %v", name, theorem.Verdict, err)
		}
		claim, _, _ := strings.Cut(name, "_")
		want := proof.Hypotheses{Informative: true, Certain: claim != "equality-biased", Centred: claim != "equality"}
		if theorem.Hypotheses != want {
			t.Errorf("%s: proved under the hypotheses %+v, want %+v", name, theorem.Hypotheses, want)
		}
	}
}

func BenchmarkProve(b *testing.B) {
	for name, p := range stored(b) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
				if err != nil {
					b.Fatal(err)
				}
				certificate, err := proof.Prove(proof.InfoNCE, p, found.Free.Form)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := proof.Check(certificate); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Random centred mixtures of three components in the plane: what the oracle says holds is proved, and never the contrary.
func TestCentredTriplesAreProved(t *testing.T) {
	t.Parallel()
	most := enough.Cases(30)
	draw := generators.SphericalOf(3, 3, 2, 2)
	proved, hold := 0, 0
	for seed := 0; hold < most; seed++ {
		m, err := draw.Example(seed).Centre()
		if err != nil {
			t.Fatal(err)
		}
		p, err := gmm.NewPairs(m, big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			continue
		}
		judged := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
		if judged.Equality() != oracle.Holds {
			continue
		}
		hold++
		certificate, err := proof.Prove(proof.InfoNCE, p, found.Free.Form)
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			continue
		}
		if theorem, err := proof.Check(certificate); err != nil || theorem.Verdict != oracle.Holds {
			t.Fatalf("%#v: the oracle says holds, the proof %v, %v", p, theorem.Verdict, err)
		}
		proved++
	}
	if 100*proved < 95*hold {
		t.Errorf("%d of %d proved, want at least 95%%", proved, hold)
	}
}

// Cases that need no analysis.
func TestExactCasesAndTies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		verdict    oracle.Verdict
		by         proof.Method
	}{
		{"symmetric pair", `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, oracle.Refuted, proof.BySwap},
		{"symmetric pair, another metric", `{"weights": [2, 2], "means": [[3, 1], [1, 3]], "covariance": [[2, 1], [1, 2]], "delta": "1/3"}`, oracle.Refuted, proof.BySwap},
		{"one component", `{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`, oracle.Refuted, proof.ByZero},
		{"one component at the origin", `{"weights": [1], "means": [[0, 0]], "covariance": "identity"}`, oracle.Holds, proof.ByZero},
		{"no information", `{"weights": [1, 2], "means": [[1, 0], [0, 1]], "covariance": "identity", "delta": 0}`, oracle.Refuted, proof.ByZero},
		{"coincident means", `{"weights": [1, 2], "means": [[1, 1], [1, 1]], "covariance": "identity"}`, oracle.Refuted, proof.ByZero},
		{"a line", `{"weights": [1, 2], "means": [[2, 2], [-1, -1]], "covariance": "identity"}`, oracle.Holds, proof.ByLine},
		{"a pair of equal weights, not of equal lengths", `{"weights": [1, 1], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, oracle.Holds, proof.ByEnclosure},
		// All means have one coordinate along their mean.
		{"a split pair", `{"weights": [1, 1, 2], "means": [[1, 0], [1, 0], [0, 1]], "covariance": "identity"}`, oracle.Refuted, proof.ByOrthogonalMean},
		{"three points in a row", `{"weights": [1, 2, 1], "means": [[2, 0], [1, 1], [0, 2]], "covariance": "identity"}`, oracle.Refuted, proof.ByOrthogonalMean},
		{"four points in a row", `{"weights": [1, 2, 2, 1], "means": [[3, 0], [2, 1], [1, 2], [0, 3]], "covariance": "identity", "delta": "1/2"}`, oracle.Refuted, proof.ByOrthogonalMean},
		{"unequal weights", `{"weights": [1, 3], "means": [[1, 3], [1, -1]], "covariance": "identity"}`, oracle.Refuted, proof.ByOrthogonalMean},
		{"another metric", `{"weights": [1, 3], "means": [[1, 5], [1, 1]], "covariance": [[1, 2], [2, 5]]}`, oracle.Refuted, proof.ByOrthogonalMean},
	} {
		p := pairs(t, c.text)
		certificate, err := proof.Prove(proof.InfoNCE, p, reduced(t, p))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		theorem, err := proof.Check(written(t, certificate))
		if err != nil || theorem.Verdict != c.verdict || theorem.By != c.by {
			t.Errorf("%s: %v by %v, %v, want %v by %v", c.name, theorem.Verdict, theorem.By, err, c.verdict, c.by)
		}
	}
}

// A bad candidate costs steps, never the truth.
func TestBadCandidates(t *testing.T) {
	p := pairs(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`)
	form := reduced(t, p)
	form.N.Set(0, 0, form.N.At(0, 0)+0.05)
	certificate, err := proof.Prove(proof.InfoNCE, p, form)
	if err != nil {
		t.Fatal(err)
	}
	if theorem, err := proof.Check(certificate); err != nil || theorem.Verdict != oracle.Refuted {
		t.Errorf("%v, %v", theorem.Verdict, err)
	}
	// Positive definite and far off: the checker must not take it for M_u.
	certificate.Minimiser = [][]*big.Rat{{big.NewRat(1, 2), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 2)}}
	certificate.Witness, certificate.Verdict = nil, oracle.Holds
	if theorem, err := proof.Check(certificate); !errors.Is(err, proof.ErrRefused) {
		t.Errorf("½I passes for a minimiser: %v, %v", theorem.Verdict, err)
	}
}
