package proof_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// ownReference are mixtures whose components have their own covariances, of testdata/own.json.
func ownReference(t testing.TB) map[string]gmm.Pairs {
	t.Helper()
	text, err := os.ReadFile("testdata/own.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]struct{ Mixture json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]gmm.Pairs{}
	for id, entry := range file {
		out[id] = pairs(t, string(entry.Mixture))
	}
	return out
}

// proveContainment proves that containment holds or fails, from what the solver finds of the projected mixture.
func proveContainment(p gmm.Pairs) (proof.Certificate, error) {
	var candidate gmm.Form
	if projected, err := proof.Limit(1).ProjectedOwn(p); err == nil {
		found, err := solver.Minimise(solver.InfoNCE, projected, solver.Options{})
		if err != nil {
			return proof.Certificate{}, errors.Join(proof.ErrNotProved, err)
		}
		candidate = found.Constrained.Form
	}
	return proof.Limit(1).ProveContainment(p, candidate)
}

// mustProve is a certificate that containment is refuted, which the checker accepts.
func mustProve(t testing.TB, p gmm.Pairs) (proof.Certificate, proof.Theorem) {
	t.Helper()
	c, err := proveContainment(p)
	if err != nil {
		t.Fatal(err)
	}
	theorem, err := proof.Check(c)
	if err != nil {
		t.Fatal(err)
	}
	if theorem.Verdict != oracle.Refuted || !theorem.Containment {
		t.Fatalf("proved %v of %s", theorem.Verdict, theorem.Statement)
	}
	return c, theorem
}

// The violated conditions are those of a computation by another program, whose digits are in the file.
func TestContainmentRefuted(t *testing.T) {
	reference := ownReference(t)
	for id, want := range map[string]float64{
		"B": .079916286376078234, "B_affine": .079916286376078234, "C": .049947678985048896, "Q": -.0061635787396718,
		"T": math.Hypot(.015385017542, .035514177482),
	} {
		t.Run(id, func(t *testing.T) {
			c, theorem := mustProve(t, reference[id])
			low, _ := c.Departure.Low.Float64()
			high, _ := c.Departure.High.Float64()
			if low < 0 && want > 0 {
				low, high = -high, -low
			}
			// Of two columns the direction that is taken need not be the steepest in its last digits.
			const digits = 1e-9
			if want < low-digits || want > high+digits || high-low > .05*math.Abs(want) {
				t.Errorf("[%g, %g], want %g", low, high, want)
			}
			if by := map[bool]proof.Method{true: proof.ByDescent, false: proof.ByCoupling}[id == "Q"]; theorem.By != by {
				t.Errorf("by %s, want %s", theorem.By, by)
			}
		})
	}
}

// Containment that holds is proved where it is exact invariance, and never refuted.
func TestContainmentNotRefuted(t *testing.T) {
	reference := ownReference(t)
	for id, text := range map[string]string{
		// N_in is singular by symmetry and the cross block is 1.1e-4, but only beside the direction that N_in has not.
		"singular": `{"weights": [4, 4, 3, 8, 8], "means": [[2, 2, 0], [2, -2, 0], ["7/4", 0, 0], ["7/4", 1, 0], ["7/4", -1, 0]], "covariance": [
			[[1, 0, 0], [0, 1, "1/4"], [0, "1/4", 1]], [[1, 0, 0], [0, 1, "-1/4"], [0, "-1/4", 1]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
			[[1, 0, 0], [0, 1, "-19/64"], [0, "-19/64", 1]], [[1, 0, 0], [0, 1, "19/64"], [0, "19/64", 1]]]}`,
		"half": `{"weights": [1, 2, 3], "delta": "1/2", "means": [[1, 0], [1, 0], [-1, 0]], "covariance": [
			[[1, "2/5"], ["2/5", "1/2"]], [[1, "-1/5"], ["-1/5", "5/4"]], [[1, 0], [0, 1]]]}`,
	} {
		reference[id] = pairs(t, text)
	}
	for _, id := range []string{"Sym", "Group", "singular", "half"} {
		if id == "singular" && !enough.Attack() { // ten seconds
			continue
		}
		if c, err := proveContainment(reference[id]); !errors.Is(err, proof.ErrNotProved) {
			t.Errorf("%s: proved %v, want not proved: %v", id, c.Departure, err)
		}
	}
	for _, id := range []string{"A", "A3"} {
		c, err := proveContainment(reference[id])
		if err != nil {
			t.Fatal(err)
		}
		theorem, err := proof.Check(c)
		if err != nil || theorem.Verdict != oracle.Holds || theorem.By != proof.ByInvariance {
			t.Errorf("%s: %v by %s, want holds by invariance: %v", id, theorem.Verdict, theorem.By, err)
		}
	}
}

// Where containment would hold but for the rounding of its numbers, the proof is of the rounded ones: ten digits of K3's couplings, and seven of a mixture with a singular
// N_in, whose coupling is −9.3717e-10 by float64 at twice as many nodes.
func TestContainmentOfRoundedNumbers(t *testing.T) {
	raw := pairs(t, `{"weights": [1, 1, 1, 1], "means": [[3, 0, 0], [0, 1, 0], ["0.3", "0.7", 0], [-2, 2, 0]], "covariance": [
		[[1, 0, "0.0103257"], [0, 1, "-0.0042621"], ["0.0103257", "-0.0042621", 1]],
		[[1, 0, "0.2495944"], [0, 1, "-0.1030250"], ["0.2495944", "-0.1030250", 1]],
		[[1, 0, "-0.2485120"], [0, 1, "0.1025782"], ["-0.2485120", "0.1025782", 1]],
		[[1, 0, "-0.0114081"], [0, 1, "0.0047089"], ["-0.0114081", "0.0047089", 1]]]}`)
	for _, c := range []struct {
		p    gmm.Pairs
		most float64
	}{{ownReference(t)["K3"], 1e-11}, {raw, 1e-9}} {
		certificate, _ := mustProve(t, c.p)
		low, _ := certificate.Departure.Low.Float64()
		high, _ := certificate.Departure.High.Float64()
		if certificate.Departure.Along == nil || math.Abs(low) > c.most || math.Abs(high) > c.most {
			t.Errorf("a condition in [%g, %g], which is not of rounding", low, high)
		}
	}
}

// However small a coupling is, it refutes; its condition is in proportion.
func TestContainmentOfSmallCouplings(t *testing.T) {
	for _, exponent := range []string{"e-3", "e-6", "e-12"} {
		text := strings.ReplaceAll(`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "0.8E"], ["0.8E", 1]], [[1, "-0.4E"], ["-0.4E", 1]]]}`, "E", exponent)
		c, _ := mustProve(t, pairs(t, text))
		scale, _ := new(big.Rat).SetString("1" + exponent)
		unit, _ := scale.Float64()
		low, _ := c.Departure.Low.Float64()
		high, _ := c.Departure.High.Float64()
		if want := .07991628 * unit; low > want || high < want {
			t.Errorf("coupling %s: [%g, %g], want %g", exponent, low, high, want)
		}
	}
}

// In a plane, too.
func TestContainmentOfSmallCouplingsInAPlane(t *testing.T) {
	mustProve(t, pairs(t, `{"weights": [1, 1, 1], "means": [[2, 0, 0], [-1, 2, 0], [-1, -2, 0]], "covariance": [
		[[1, 0, "5e-13"], [0, 1, 0], ["5e-13", 0, 1]], [[1, 0, 0], [0, 1, "25e-14"], [0, "25e-14", 1]], [[1, 0, "-5e-13"], [0, 1, "-25e-14"], ["-5e-13", "-25e-14", 1]]]}`))
}

// What is proved of random mixtures agrees with the solver's minimisers in all dimensions.
func TestContainmentOfRandomMixtures(t *testing.T) {
	refuted := 0
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.Tilted(), generators.General()).Draw(t, "mixture")
		if m.FisherDimension() > 2 {
			t.Skip("dim S_F")
		}
		p, err := gmm.NewPairs(m.Apart(), big.NewRat(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		c, err := proveContainment(p)
		if errors.Is(err, proof.ErrNotProved) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		theorem, err := proof.Check(c)
		if err != nil {
			t.Fatal("the checker refuses what is proved: ", err)
		}
		found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			return
		}
		gap, slack := found.Inside.Loss-found.Constrained.Loss, found.Inside.LossError+found.Constrained.LossError
		switch {
		case theorem.Verdict == oracle.Holds && gap > slack:
			t.Fatalf("holds, but the loss falls outside by more than its error")
		case theorem.Verdict == oracle.Refuted && gap < -slack:
			t.Fatalf("the solver's minimiser is worse than one inside")
		case theorem.Verdict == oracle.Refuted:
			refuted++
			low, _ := c.Departure.Low.Float64()
			if math.Abs(low) > .03 && gap <= slack {
				t.Fatalf("refuted by far, but the loss does not fall outside")
			}
		}
	})
	if refuted == 0 {
		t.Error("nothing was refuted")
	}
}
