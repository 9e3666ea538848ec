//go:build attack

package soundness

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// Every stored certificate is accepted by the second checker, too.
func TestSecondCheckerAcceptsStored(t *testing.T) {
	c := newSecondChecker(t)
	for name, text := range storedCertificates(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code, said := c.check(t, text, "--against", c.against(t, text)); code != arbAccepts {
				t.Errorf("exit code %d, %s", code, said)
			}
		})
	}
}

// tolerated are the first checker's reasons to refuse what the second may accept: certificates that prove their sentence, but not as prove writes them. The second takes its
// precision from the margin, no nodes and no majorant, bounds in decimals may be true without being the sharpest
// ones, and a hint of 0 is one that is not written.
var tolerated = []string{"a precision of 24 to", "the bounds", "a distance of", "expected the certificate {", "condition that encloses", "cosine: not a refutation", "network: not a refutation", "the curvature at this accuracy", "expected the digest"}

// Tampered certificates, sealed anew and compared with the true mixture: what the first checker accepts the second does, too, and the other way round.
//
//	TRIALS of them, 1,000 by default, of all stored certificates
func TestSecondCheckerRefusesTampered(t *testing.T) {
	c := newSecondChecker(t)
	type attempt struct{ name, text string }
	var attempts []attempt
	texts := storedCertificates(t)
	for name, text := range texts {
		for _, tampered := range tamperings(text) {
			attempts = append(attempts, attempt{name, tampered})
		}
	}
	slices.SortFunc(attempts, func(a, b attempt) int { return strings.Compare(a.name+a.text, b.name+b.text) })
	trials := min(number(t, "TRIALS", 1000), len(attempts))
	rng := rand.New(rand.NewPCG(uint64(number(t, "SEED", 1)), 0))
	rng.Shuffle(len(attempts), func(i, j int) { attempts[i], attempts[j] = attempts[j], attempts[i] })
	refused, both, unserved, sealed := 0, 0, 0, 0
	for _, a := range attempts[:trials] {
		if code, _ := c.check(t, a.text); code == arbAccepts {
			t.Errorf("%s: the digest lets through %s", a.name, a.text)
		} else {
			sealed++
		}
		text, original := resealed(a.text), texts[a.name]
		code, said := c.check(t, text, "--against", c.against(t, original))
		err := firstChecker(text, lawOf(t, original))
		switch {
		case code == arbUnserved:
			unserved++
			t.Logf("%s: unserved: %s; the first checker: %v", a.name, said, err)
		case code == arbAccepts && err == nil:
			both++
		case code != arbAccepts && err != nil:
			refused++
		case code == arbAccepts && slices.ContainsFunc(tolerated, func(reason string) bool { return strings.Contains(err.Error(), reason) }):
			refused++
			t.Logf("%s: the second checker accepts; the first: %.200v", a.name, err)
		default:
			t.Errorf("%s: exit code %d, %s; the first checker: %v; of\n%s", a.name, code, said, err, text)
		}
	}
	t.Logf("%d tamperings: %d refused with the digest as it was; sealed anew %d refused by one or both, %d accepted by both, %d not served", trials, sealed, refused, both, unserved)
}

var normSaid = regexp.MustCompile(`gradient: from (\S+) to (\S+)`)

// compareNorms moves the minimiser, by less and less until a checker accepts, so that the gradient is no rounding: where both do, the first one's bound of its norm is at least what
// the second finds. Where one alone does, the other says that it is for want of accuracy.
func compareNorms(t *testing.T, c secondChecker, certificate proof.Certificate, rng *rand.Rand) {
	t.Helper()
	if words := certificate.Loss.Words(); certificate.Minimiser == nil || certificate.Containment || words != (proof.Words{}) && words.Loss != "dv" {
		return
	}
	for bits := 5; bits <= 20; bits += 3 {
		if comparedAt(t, c, nudged(certificate, rng, bits)) {
			return
		}
	}
}

// nudged has entries of the minimiser that are off by up to a share of 2^−bits.
func nudged(certificate proof.Certificate, rng *rand.Rand, bits int) proof.Certificate {
	size := int64(16) << bits
	rows := certificate.Minimiser
	certificate.Minimiser = nil
	for i, row := range rows {
		certificate.Minimiser = append(certificate.Minimiser, slices.Clone(row))
		for j := range i + 1 {
			moved := new(big.Rat).Mul(row[j], big.NewRat(size+rng.Int64N(33)-16, size))
			certificate.Minimiser[i][j], certificate.Minimiser[j][i] = moved, moved
		}
	}
	return certificate
}

// comparedAt is false where both refuse.
func comparedAt(t *testing.T, c secondChecker, moved proof.Certificate) bool {
	t.Helper()
	var out bytes.Buffer
	if err := moved.Write(&out); err != nil {
		t.Fatal(err)
	}
	code, said := c.check(t, out.String())
	const quick = 0.1
	theorem, err := proofs.Check(moved, quick)
	switch {
	case errors.Is(err, gmm.ErrCost): // a minimiser so far off may take long
		return false
	case code != arbAccepts && err != nil:
		return false
	case code == arbAccepts && err == nil:
		found := normSaid.FindStringSubmatch(said)
		if found == nil {
			t.Fatalf("no norm in %s", said)
		}
		least, _ := new(big.Rat).SetString(found[1])
		if theorem.Radius.Cmp(least) < 0 {
			t.Errorf("the gradient is at least %s, and its bound %s; of\n%s", found[1], theorem.Radius.FloatString(12), &out)
		}
		if least.Sign() > 0 {
			compared++
		}
	case err == nil || !strings.Contains(err.Error(), "a distance of"):
		t.Errorf("exit code %d, %s; the first checker: %v; of\n%s", code, said, err, &out)
	}
	return true
}

var compared int

// Certificates of random mixtures and all losses.
//
//	FRESH of them, 200 by default
func TestSecondCheckerAcceptsFresh(t *testing.T) {
	c := newSecondChecker(t)
	rng := rand.New(rand.NewPCG(uint64(number(t, "SEED", 1)), 1))
	families := generators.Families()
	var losses []proof.Loss
	for _, words := range []proof.Words{{}, {}, {}, {Loss: "dv"}, {Loss: "triplet"}, {Loss: "sigmoid"}, {Loss: "sigmoid", Negatives: "4", Bias: "-1"}, {Score: "distance"}, {Loss: "spectral"}, {Map: "affine"}} {
		loss, err := proof.Named(words)
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, loss)
	}
	found := map[string]int{}
	for i, made := 0, 0; made < number(t, "FRESH", 200); i++ {
		family, loss := families[rng.IntN(len(families))], losses[rng.IntN(len(losses))]
		p, err := gmm.NewPairs(family.Draw.Example(rng.IntN(1<<20)), big.NewRat(int64(1+rng.IntN(4)), 4))
		if err != nil {
			continue
		}
		const cheap = 0.02
		certificate, err := proofs.Prove(loss, p, cheap)
		if err != nil {
			continue
		}
		var out bytes.Buffer
		if err := certificate.Write(&out); err != nil {
			t.Fatal(err)
		}
		made++
		if made%4 == 1 {
			compareNorms(t, c, certificate, rng)
		}
		text := out.String()
		code, said := c.check(t, text, "--against", c.against(t, text))
		found[fmt.Sprint(loss.Words(), " ", certificate.Verdict, " ", certificate.Containment, ": ", code)]++
		if code != arbAccepts {
			t.Errorf("%s, %v: exit code %d, %s; of\n%s", family.Name, loss.Words(), code, said, text)
		}
	}
	t.Log(found, "; norms compared: ", compared)
}
