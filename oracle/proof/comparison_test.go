package proof_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/network"
)

const onLine = `{"weights": [3, 1], "means": [[-1, 0], [3, 0]], "covariance": "identity"}`

// comparison is the text of a certificate about networks.
func comparison(t *testing.T, mixture string, a network.Activation) string {
	t.Helper()
	c, err := proof.Limit(1).ProveNetwork(pairs(t, mixture), a, 0)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Certificates about networks are read as they are written, prove what they say and depend on the mixture in whitened coordinates alone.
func TestNetworkCertificates(t *testing.T) {
	t.Parallel()
	for i, mixture := range []string{
		onLine,
		`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity"}`,
		`{"weights": [3, 1], "means": [[-1, -2], [3, 6]], "covariance": [[2, "1/2"], ["1/2", 3]], "delta": "9/10"}`,
	} {
		for _, a := range []network.Activation{network.Sign, network.ReLU} {
			if i > 0 && a == network.ReLU && !enough.Attack() { // seconds each
				continue
			}
			text := comparison(t, mixture, a)
			c, err := proof.Read("test", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			theorem, err := proof.Check(c)
			if err != nil {
				t.Fatal(err)
			}
			if theorem.Verdict != oracle.Refuted || theorem.By != proof.ByComparison || theorem.Comparison == nil || theorem.Comparison.Gap().Sign() <= 0 {
				t.Errorf("%v proves %+v", text, theorem)
			}
			c.Verdict = oracle.Holds
			if _, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) {
				t.Errorf("the contrary: %v", err)
			}
		}
	}
}

// Of certificates with one number changed and the digest computed anew, none is accepted: they state their bounds to thirty digits.
func TestTamperedNetworkCertificates(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 1))
	for _, c := range []struct {
		activation network.Activation
		attempts   int
	}{{network.Sign, enough.Cases(180)}, {network.ReLU, enough.Cases(20)}} {
		text := comparison(t, onLine, c.activation)
		if _, err := proof.Read("tampered", strings.NewReader(strings.Replace(text, "of any width", "of every width", 1))); !errors.Is(err, proof.ErrCertificate) {
			t.Errorf("another statement: %v", err)
		}
		refused := 0
		for refused < c.attempts {
			tampered := tamperNetwork(text, rng)
			if tampered == text {
				continue
			}
			sealed := proof.Reseal(tampered)
			if sealed == text { // the statement, which is written anew, too; or 0 has become 00
				continue
			}
			if _, err := proof.Read("tampered", strings.NewReader(tampered)); err == nil {
				t.Fatalf("the digest lets through %s", tampered)
			}
			read, err := proof.Read("tampered", strings.NewReader(sealed))
			if err == nil {
				const little = 0.05 // several times what the certificate as it is takes; a grid of thousands of steps takes minutes
				_, err = proof.Limit(little).Check(read)
			}
			if err == nil {
				t.Fatalf("accepted: %s", sealed)
			}
			refused++
		}
	}
}

var numberOrSign = regexp.MustCompile(`\d+|"-`)

// tamperNetwork changes one number of the text, or its sign, other than a digit of the digest.
func tamperNetwork(text string, rng *rand.Rand) string {
	end := strings.Index(text, `"sha256"`)
	places := numberOrSign.FindAllStringIndex(text[:end], -1)
	at := places[rng.IntN(len(places))]
	if text[at[0]] == '"' {
		return text[:at[0]+1] + text[at[1]:]
	}
	digits := []byte(text[at[0]:at[1]])
	if i := rng.IntN(len(digits)); rng.IntN(2) == 0 {
		digits[i] = byte('0' + rng.IntN(10))
	} else {
		digits = append(digits, byte('0'+rng.IntN(10)))
	}
	return text[:at[0]] + string(digits) + text[at[1]:]
}

// What no line is, is refused as such; what the bounds do not decide, is not proved.
func TestNetworksBesideALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mixture string
		want    error
	}{
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, line.ErrShape},
		{`{"weights": [1, 1], "means": [[1], [4]], "covariance": "identity"}`, line.ErrShape},
		{`{"weights": [1, 1], "means": [[0, 0], [0, 0]], "covariance": "identity"}`, line.ErrShape},
		{`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": ["identity", "identity"]}`, line.ErrShape},
		{`{"weights": [1, 1], "means": [[1, 0], [1, 0]], "covariance": "identity"}`, proof.ErrNotProved},
		{`{"weights": [1, 1], "means": [[1, 0], [4, 0]], "covariance": "identity", "delta": 0}`, proof.ErrNotProved},
		{`{"weights": [1, 1], "means": [[-2, 0], [2, 0]], "covariance": "identity"}`, proof.ErrNotProved},
	} {
		for _, a := range []network.Activation{network.Sign, network.ReLU} {
			if _, err := proof.Limit(1).ProveNetwork(pairs(t, c.mixture), a, 0); !errors.Is(err, c.want) {
				t.Errorf("%s, %s: %v, expected %v", c.mixture, a, err, c.want)
			}
		}
	}
}
