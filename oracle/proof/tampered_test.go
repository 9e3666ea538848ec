package proof_test

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

var numberPattern = regexp.MustCompile(`\d+`)

// Certificates with one number changed: read from the file as it is, and, without the digest, as a value. What is accepted is true, as
// the oracle finds with the solver's own minimiser.
func TestTamperedCertificates(t *testing.T) {
	var texts []string
	for _, text := range []string{
		`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`,
		`{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[1, "1/2"], ["1/2", "17/4"]]}`,
		`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`,
		`{"weights": [2, 1, 1], "means": [[2, "3/2"], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": "1/2"}`,
		`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`,
	} {
		p := pairs(t, text)
		certificate, err := proof.Prove(proof.InfoNCE, p, reduced(t, p))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := certificate.Write(&b); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
	}
	attempts := enough.Cases(400)
	var accepted, refused atomic.Int32
	t.Cleanup(func() { // after the shares, which run beside other tests
		if a, r := int(accepted.Load()), int(refused.Load()); a < attempts/50 || r < attempts/4 {
			t.Errorf("%d accepted and %d refused of %d: the test says little", a, r, attempts)
		}
	})
	const shares = 4
	for share := range shares {
		t.Run(fmt.Sprint("share ", share), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, uint64(share)))
			for range attempts / shares {
				text := texts[rng.IntN(len(texts))]
				tampered := tamper(text, rng)
				if tampered == text {
					continue
				}
				if accepts(t, text, tampered) {
					accepted.Add(1)
				} else {
					refused.Add(1)
				}
			}
		})
	}
}

// accepts tells whether a tampered certificate is accepted, and fails the test if it proves what is false.
func accepts(t *testing.T, text, tampered string) bool {
	t.Helper()
	sealed := proof.Reseal(tampered)
	if _, err := proof.Read("tampered", strings.NewReader(tampered)); err == nil && sealed != text {
		t.Errorf("the digest lets through %s", tampered)
	}
	c, err := proof.Read("tampered", strings.NewReader(sealed))
	if err != nil {
		return false
	}
	const enough = 0.02 // ten times what the certificates as they are take; means that are far apart take seconds
	theorem, err := proof.Limit(enough).Check(c)
	if err != nil {
		return false
	}
	if !isTrue(t, c, theorem) {
		t.Errorf("accepted: %v under %+v, which is false, of %s", theorem.Verdict, theorem.Hypotheses, sealed)
	}
	return true
}

// tamper changes one number of the text other than a digit of the digest; where there are three components, other than
// the hints, which could cost seconds.
func tamper(text string, rng *rand.Rand) string {
	end := strings.Index(text, `"sha256"`)
	if strings.Count(text[:strings.Index(text, "means")], ",") == 3 {
		end = strings.Index(text, `"precision"`)
	}
	places := numberPattern.FindAllStringIndex(text[:end], -1)
	at := places[rng.IntN(len(places))]
	digits := []byte(text[at[0]:at[1]])
	switch i := rng.IntN(len(digits)); rng.IntN(3) {
	case 0:
		digits[i] = byte('0' + rng.IntN(10))
	case 1:
		digits = append(digits, byte('0'+rng.IntN(10)))
	default:
		digits = []byte(fmt.Sprint(rng.IntN(100)))
	}
	return text[:at[0]] + string(digits) + text[at[1]:]
}

// isTrue judges a theorem by other means: exact ties by their definition, all else by solver and oracle.
func isTrue(t *testing.T, c proof.Certificate, theorem proof.Theorem) bool {
	t.Helper()
	if theorem.Hypotheses != hypotheses(c.Pairs) {
		return false
	}
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	judged := oracle.Judge(oracle.InfoNCE, c.Pairs, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
	if theorem.By == proof.BySwap {
		return judged.Equality() == oracle.Undecided && len(c.Pairs.Weights()) == 2
	}
	return judged.Equality() == theorem.Verdict
}

// hypotheses finds those of pairs from B = Σ w (μ − μ̄)(μ − μ̄)ᵀ, whose trace is 0 where all means are equal, and μ̄.
func hypotheses(p gmm.Pairs) proof.Hypotheses {
	e := p.Left.Exact()
	total, spread, length := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, w := range e.Weights {
		total.Add(total, w)
	}
	for i := range e.Means[0] {
		average := new(big.Rat)
		for k, w := range e.Weights {
			average.Add(average, new(big.Rat).Mul(new(big.Rat).Quo(w, total), e.Means[k][i]))
		}
		length.Add(length, new(big.Rat).Mul(average, average))
		for k := range e.Weights {
			gap := new(big.Rat).Sub(e.Means[k][i], average)
			spread.Add(spread, gap.Mul(gap, gap))
		}
	}
	return proof.Hypotheses{
		Informative: p.Delta() > 0 && spread.Sign() > 0, Certain: p.ExactDelta().RatString() == "1", Centred: length.Sign() == 0,
	}
}
