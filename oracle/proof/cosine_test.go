package proof_test

import (
	"bytes"
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"
	"contrastcheck/oracle/proof"
)

// cosines is the text of a certificate about cosines.
func cosines(t *testing.T, mixture string, temperature, noise *big.Rat) string {
	t.Helper()
	c, err := proof.Limit(1).ProveCosine(pairs(t, mixture), temperature, noise)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Certificates about cosines are read as they are written, prove what they say and depend on the mixture in whitened coordinates alone.
func TestCosineCertificates(t *testing.T) {
	t.Parallel()
	for _, mixture := range []string{onLine, `{"weights": [3, 1], "means": [[-1, -2], [3, 6]], "covariance": [[2, "1/2"], ["1/2", 3]], "delta": "9/10"}`,
		`{"weights": [1, 1, 1], "means": [[0, 0], [0, 2], [0, -1]], "covariance": "identity"}`} {
		for _, noise := range []*big.Rat{nil, big.NewRat(1, 1)} {
			text := cosines(t, mixture, big.NewRat(1, 2), noise)
			c, err := proof.Read("test", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			theorem, err := proof.Check(c)
			if err != nil {
				t.Fatal(err)
			}
			if theorem.Verdict != oracle.Refuted || theorem.By != proof.ByComparison || theorem.Cosine == nil || theorem.Cosine.Gap().Sign() <= 0 || !theorem.Containment {
				t.Errorf("%v proves %+v", text, theorem)
			}
			c.Verdict = oracle.Holds
			if _, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) {
				t.Errorf("the contrary: %v", err)
			}
		}
	}
	one := cosines(t, onLine, big.NewRat(1, 2), big.NewRat(1, 1))
	turned := cosines(t, `{"weights": [3, 1], "means": [[0, -2], [0, 6]], "covariance": [[1, 0], [0, 4]]}`, big.NewRat(1, 2), big.NewRat(1, 1))
	bounds := func(text string) string {
		return text[strings.Index(text, `"loss_at_most"`):strings.Index(text, `"sha256"`)]
	}
	if bounds(one) != bounds(turned) {
		t.Errorf("in other coordinates %s, %s", bounds(one), bounds(turned))
	}
}

// Of certificates with one number changed and the digest computed anew, none is accepted: they state their bounds to thirty digits.
func TestTamperedCosineCertificates(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 1))
	squeezed := 0
	for _, noise := range []*big.Rat{nil, big.NewRat(1, 1), big.NewRat(1, 16)} {
		text := cosines(t, onLine, big.NewRat(1, 2), noise)
		squeezed += strings.Count(text, `"squeeze":`)
		if _, err := proof.Read("tampered", strings.NewReader(strings.Replace(text, "every rank", "any rank", 1))); !errors.Is(err, proof.ErrCertificate) {
			t.Errorf("another statement: %v", err)
		}
		for refused := 0; refused < enough.Cases(60); {
			tampered := tamperNetwork(text, rng)
			sealed := proof.Reseal(tampered)
			if tampered == text || sealed == text {
				continue
			}
			if _, err := proof.Read("tampered", strings.NewReader(tampered)); err == nil {
				t.Fatalf("the digest lets through %s", tampered)
			}
			read, err := proof.Read("tampered", strings.NewReader(sealed))
			if err == nil {
				const little = 0.01 // several times what the certificate as it is takes
				_, err = proof.Limit(little).Check(read)
			}
			if err == nil {
				t.Fatalf("accepted: %s", sealed)
			}
			refused++
		}
	}
	if squeezed != 1 {
		t.Errorf("%d certificates of squeezed nodes", squeezed)
	}
}

// What no line is, is refused as such; what does not pay, is not proved.
func TestCosinesBesideALine(t *testing.T) {
	t.Parallel()
	half := big.NewRat(1, 2)
	for _, c := range []struct {
		mixture string
		noise   *big.Rat
		want    error
	}{
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, nil, line.ErrShape},
		{`{"weights": [1, 1], "means": [[1], [4]], "covariance": "identity"}`, nil, line.ErrShape},
		{`{"weights": [1, 1], "means": [[0, 0], [0, 0]], "covariance": "identity"}`, nil, line.ErrShape},
		{`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": ["identity", "identity"]}`, nil, line.ErrShape},
		{`{"weights": [1, 1], "means": [[20, 0], [30, 0]], "covariance": "identity"}`, nil, proof.ErrNotProved},
		{onLine, big.NewRat(50, 1), proof.ErrNotProved},
	} {
		if _, err := proof.Limit(1).ProveCosine(pairs(t, c.mixture), half, c.noise); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", c.mixture, err, c.want)
		}
	}
}
