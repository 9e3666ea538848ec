package proof_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// Certificates of other losses with one number changed, parameters of the loss among them: what is accepted is true, as solver and oracle find.
func TestTamperedCertificatesOfLosses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dv-two", "dv-apart", "triplet-two", "negative-apart", "sigmoid-4-two", "sigmoid-low", "distance-three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bytes, err := os.ReadFile(filepath.Join("testdata/losses", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			text, refused := string(bytes), 0
			rng, attempts := rand.New(rand.NewPCG(2, uint64(len(name)))), enough.Cases(8)
			for range attempts {
				tampered := tamper(text, rng)
				c, err := proof.Read("tampered", strings.NewReader(proof.Reseal(tampered)))
				if err != nil {
					refused++
					continue
				}
				const enough = 0.05 // several times what the certificates as they are take
				theorem, err := proof.Limit(enough).Check(c)
				if err != nil {
					refused++
					continue
				}
				if want, known := truth(t, c); known && theorem.Verdict != want {
					t.Errorf("accepted: %v, where %v is true, of %s", theorem.Verdict, want, tampered)
				}
			}
			if refused < attempts/4 {
				t.Errorf("%d refused of %d: the test says little", refused, attempts)
			}
		})
	}
}

// truth is what solver and oracle find of a certificate's pairs, of distances what a theorem says; known is false where neither says anything.
func truth(t *testing.T, c proof.Certificate) (verdict oracle.Verdict, known bool) {
	t.Helper()
	words := c.Loss.Words()
	if words.Score != "" {
		return oracle.Holds, c.Pairs.Delta() == 1
	}
	of, err := losses.Choose(losses.Settings{Loss: words.Loss, Negatives: words.Negatives, Bias: words.Bias})
	if err != nil && words.Loss == "infonce" {
		of, err = losses.Triplet, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	found, err := losses.Decide(context.Background(), of, c.Pairs, losses.Options{})
	if err != nil {
		return verdict, false
	}
	return found.Findings.Equality(), found.Findings.Equality() != oracle.Undecided
}

// A certificate of one loss is none of another, whose verdict may be the contrary.
func TestCertificatesAreOfTheirLoss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, other string }{
		{"triplet-rare", "sigmoid-64-rare"}, {"dv-rare", "triplet-rare"}, {"sigmoid-rare", "dv-rare"}, {"sigmoid-low", "sigmoid-biased"},
		{"distance-rare", "triplet-rare"}, {"distance-rare", "dv-rare"}, {"dv-rare", "distance-rare"},
	} {
		read := func(name string) proof.Certificate {
			text, err := os.ReadFile(filepath.Join("testdata/losses", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			certificate, err := proof.Read(name, strings.NewReader(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			return certificate
		}
		swapped := read(c.name)
		swapped.Loss = read(c.other).Loss
		if theorem, err := proof.Check(swapped); !errors.Is(err, proof.ErrRefused) && !errors.Is(err, proof.ErrNotProved) {
			t.Errorf("%s as one of %v: %v, %v", c.name, swapped.Loss.Words(), theorem.Verdict, err)
		}
	}
}
