package proof_test

import (
	"bytes"
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// Lies in a certificate are refused.
func TestContainmentLies(t *testing.T) {
	reference := ownReference(t)
	half := big.NewRat(1, 2)
	for _, id := range []string{"B", "T", "Q"} {
		c, _ := mustProve(t, reference[id])
		altered := func(change func(*proof.Certificate)) proof.Certificate {
			other, departure := c, *c.Departure
			other.Departure = &departure
			change(&other)
			return other
		}
		for name, lie := range map[string]proof.Certificate{
			"another M": altered(func(c *proof.Certificate) {
				c.Minimiser = [][]*big.Rat{append([]*big.Rat{}, c.Minimiser[0]...), c.Minimiser[len(c.Minimiser)-1]}[:len(c.Minimiser)]
				c.Minimiser[0][0] = new(big.Rat).Add(c.Minimiser[0][0], big.NewRat(1, 1000))
			}),
			"M not semidefinite": altered(func(c *proof.Certificate) {
				c.Minimiser = [][]*big.Rat{append([]*big.Rat{}, c.Minimiser[0]...), c.Minimiser[len(c.Minimiser)-1]}[:len(c.Minimiser)]
				c.Minimiser[0][0] = new(big.Rat).Neg(c.Minimiser[0][0])
			}),
			"another dual": altered(func(c *proof.Certificate) {
				c.Departure.Dual = make([][]*big.Rat, len(c.Minimiser))
				for i := range c.Minimiser {
					for j := range c.Minimiser {
						entry := new(big.Rat)
						if i == j {
							entry.Set(half)
						}
						c.Departure.Dual[i] = append(c.Departure.Dual[i], entry)
					}
				}
			}),
			"a higher interval": altered(func(c *proof.Certificate) {
				c.Departure.Low = new(big.Rat).Add(c.Departure.Low, new(big.Rat).Abs(c.Departure.Low))
			}),
			"a narrower interval": altered(func(c *proof.Certificate) {
				middle := new(big.Rat).Add(c.Departure.Low, c.Departure.High)
				c.Departure.Low = middle.Mul(middle, half)
			}),
			"an interval with 0": altered(func(c *proof.Certificate) { c.Departure.Low, c.Departure.High = big.NewRat(-1, 1), big.NewRat(1, 1) }),
			"a direction of 0": altered(func(c *proof.Certificate) {
				c.Departure.Direction = make([]*big.Rat, len(c.Departure.Direction))
				for i := range c.Departure.Direction {
					c.Departure.Direction[i] = new(big.Rat)
				}
			}),
			"fewer numbers": altered(func(c *proof.Certificate) { c.Departure.Direction = c.Departure.Direction[1:] }),
			"no departure":  altered(func(c *proof.Certificate) { c.Departure = nil }),
			"holds":         altered(func(c *proof.Certificate) { c.Verdict = oracle.Holds }),
			"holds, bare": altered(func(c *proof.Certificate) {
				*c = proof.Certificate{Pairs: c.Pairs, Containment: true, Verdict: oracle.Holds, Basis: c.Basis}
			}),
			"of equality":   altered(func(c *proof.Certificate) { c.Containment = false }),
			"too coarse":    altered(func(c *proof.Certificate) { c.Accuracy = 1 }),
			"another basis": altered(func(c *proof.Certificate) { c.Basis = []int{1} }),
			"another mixture": altered(func(c *proof.Certificate) {
				e := c.Pairs.Left.Exact()
				e.Weights = append([]*big.Rat{big.NewRat(3, 1)}, e.Weights[1:]...)
				m, err := gmm.NewExact(e)
				if err != nil {
					t.Fatal(err)
				}
				if c.Pairs, err = gmm.NewPairs(m, c.Pairs.ExactDelta()); err != nil {
					t.Fatal(err)
				}
			}),
		} {
			if _, err := proof.Check(lie); !errors.Is(err, proof.ErrRefused) && !errors.Is(err, gmm.ErrOtherModel) {
				t.Errorf("%s: %s is not refused: %v", id, name, err)
			}
		}
	}
}

// A certificate without the coupling that it rests on, and with any digit changed: what is accepted is true, as two components depart where, and only where, the envelope
// is larger than S_F.
func TestTamperedContainment(t *testing.T) {
	c, _ := mustProve(t, ownReference(t)["B"])
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	uncoupled := proof.Reseal(strings.NewReplacer(`"0.8"`, `"0"`, `"-0.4"`, `"0"`).Replace(text))
	if _, err := recheck(uncoupled); !errors.Is(err, proof.ErrRefused) {
		t.Errorf("a certificate without couplings is not refused: %v", err)
	}
	if _, err := recheck(text); err != nil {
		t.Errorf("a certificate is refused: %v", err)
	}
	rng := rand.New(rand.NewPCG(22, 1))
	var accepted, refused int
	for range enough.Cases(60) {
		tampered := proof.Reseal(tamper(text, rng))
		d, err := recheck(tampered)
		if err != nil {
			refused++
			continue
		}
		accepted++
		if !d.Left.Envelope().Leaves() {
			t.Errorf("accepted: %s", tampered)
		}
	}
	if accepted == 0 || refused < accepted/10 {
		t.Errorf("%d accepted and %d refused: the test says little", accepted, refused)
	}
}

func recheck(text string) (gmm.Pairs, error) {
	c, err := proof.Read("tampered", strings.NewReader(text))
	if err != nil {
		return gmm.Pairs{}, err
	}
	theorem, err := proof.Check(c)
	if err == nil && theorem.Verdict != oracle.Refuted {
		err = errors.New("not refuted")
	}
	return c.Pairs, err
}
