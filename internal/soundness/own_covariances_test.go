package soundness_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// losing draws four raw, equally likely components that lose a direction of their plane, with unit variances and couplings to a third coordinate that cancel on average:
// M_in is singular, and a block of the gradient across it refutes nothing.
func losing() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		tenth := func(n int) *big.Rat { return big.NewRat(int64(n), 10) }
		near := func(n int) *big.Rat { return tenth(n + rapid.IntRange(-1, 1).Draw(t, "moved")) }
		e := gmm.Exact{Name: "losing"}
		sum := []*big.Rat{new(big.Rat), new(big.Rat)}
		for k, mean := range [][2]int{{30, 0}, {0, 10}, {3, 7}, {-20, 20}} {
			e.Weights = append(e.Weights, big.NewRat(1, 1))
			e.Means = append(e.Means, []*big.Rat{near(mean[0]), near(mean[1]), new(big.Rat)})
			own := gmm.IdentityRows(3)
			for i := range 2 {
				c := big.NewRat(int64(rapid.IntRange(-8, 8).Draw(t, "coupling")), 32)
				if k == 3 {
					c.Neg(sum[i])
				}
				sum[i].Add(sum[i], c)
				own[i][2].Set(c)
				own[2][i].Set(c)
			}
			own[2][2].SetInt64(2)
			e.Covariances = append(e.Covariances, own)
		}
		m, err := gmm.NewExact(e)
		if err != nil {
			panic(err)
		}
		return m
	})
}

// moreRoom adds an independent coordinate, so that the envelope is not everything.
func moreRoom(family *rapid.Generator[*gmm.Mixture]) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		m := family.Draw(t, "mixture").Embed()
		hidden, err := m.Transform(generators.Transformation(m.Dimension()).Draw(t, "T"))
		if err != nil {
			panic(err)
		}
		return hidden
	})
}

// Own covariances in two to six dimensions: M*, found blindly in a fifth of the cases and in the envelope in others, does not leave the envelope E beyond the oracle's bound of its distance;
// and whether it leaves S_F is decided alike by the conditions of optimality at the best matrix inside and by the bound of the distance to M*.
func TestRandomOwnCovariances(t *testing.T) { randomOwnCovariances(t, enough.Cases(40)) }

func randomOwnCovariances(t *testing.T, n int) {
	families := []*rapid.Generator[*gmm.Mixture]{
		generators.GeneralOf(2, 3, 2, 4), moreRoom(generators.GeneralOf(2, 3, 1, 3)), moreRoom(generators.Tilted()), generators.GeneralOf(2, 2, 5, 6), losing(),
		moreRoom(generators.GroupedOf(1, 1)), generators.Enveloped(), moreRoom(generators.GeneralOf(2, 2, 4, 5)),
	}
	const every = 5 // solved blindly
	var within, beside, refuted, holds, open, blind, singular int
	start := time.Now()
	for i := range n {
		m := families[i%len(families)].Example(i).Apart()
		delta := big.NewRat(1, 1)
		if i%3 == 1 {
			delta = generators.Informative().Example(i)
		}
		p, err := gmm.NewPairs(m, delta)
		if err != nil {
			t.Fatal(err)
		}
		if p.Uninformative() {
			continue
		}
		name := fmt.Sprintf("case %d: %#v", i, p)
		d, err := losses.Decide(t.Context(), losses.InfoNCE, p, losses.Options{Seed: uint64(i), Limit: 0.2})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := d.Lifted().Constrained.Form
		if i%every == 0 {
			blind++
			c, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind, Seed: uint64(i)})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			found = c.Constrained.Form
		}
		if s := m.FisherDimension(); d.Candidate.Inside.Form.N != nil && d.Candidate.Inside.Rank < s {
			singular++
		}
		const part = 1e-4
		inE := oracle.JudgeWithin(oracle.InfoNCE, p, m.Envelope().Basis(), found, part)
		switch inE.Containment {
		case oracle.Refuted:
			t.Errorf("%s: M* leaves the envelope: defect %.3g (%s)", name, inE.Defect, inE.Rule)
		case oracle.Holds:
			within++
		default:
			beside++
		}
		inS := oracle.JudgeWithin(oracle.InfoNCE, p, m.Pooled().Envelope().Basis(), found, part)
		side := d.Findings.Sides[0]
		switch d.Findings.Containment() {
		case oracle.Holds:
			holds++
			if inS.Containment == oracle.Refuted {
				t.Errorf("%s: containment holds (%s), and M* leaves S_F: defect %.3g", name, d.Findings.ContainmentReason(0), inS.Defect)
			}
		case oracle.Refuted:
			refuted++
			if m.GroupCondition() {
				t.Errorf("%s: containment is refuted (%s), and E[Qx | Px] = 0", name, d.Findings.ContainmentReason(0))
			}
			inside, all := d.Candidate.Inside, d.Candidate.Constrained
			if fall := inside.Loss - all.Loss; fall < -inside.LossError-all.LossError {
				t.Errorf("%s: containment is refuted, and the best inside is better by %.3g", name, -fall)
			}
		default:
			open++
			if side.Slope > side.SlopeError || side.Curvature+side.CurvatureError < 0 {
				t.Errorf("%s: undecided, and a condition of optimality fails inside S_F: %s", name, d.Findings.Evidence.Rule)
			}
		}
	}
	t.Logf("%d cases in %v, %d solved blindly, %d with a singular M_in: in E %d, undecided %d; in S_F %d, not in S_F %d, undecided %d",
		n, time.Since(start).Round(time.Second), blind, singular, within, beside, holds, refuted, open)
	if least := n / 20; refuted < least || holds < least || within < n/2 || singular < n/20 {
		t.Errorf("too few cases of some kind")
	}
}

// A raw mixture that loses a direction: its gradient has a block across S_F at the best matrix inside, and M* lies in S_F all the same.
func TestSingularInsideIsNotRefuted(t *testing.T) {
	text := `{"weights": [1, 1, 1, 1], "means": [[3, 0, 0], [0, 1, 0], ["3/10", "7/10", 0], [-2, 2, 0]], "covariance": [`
	couplings := [][2]string{{"0.0103257", "-0.0042621"}, {"0.2495944", "-0.1030250"}, {"-0.2485120", "0.1025782"}, {"-0.0114081", "0.0047089"}}
	for k, c := range couplings {
		if k > 0 {
			text += ", "
		}
		text += fmt.Sprintf(`[[1, 0, %q], [0, 1, %q], [%q, %q, 1]]`, c[0], c[1], c[0], c[1])
	}
	d, err := gmm.Read("losing", strings.NewReader(text+"]}"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := losses.Decide(t.Context(), losses.InfoNCE, d.Pairs, losses.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v := found.Findings.Containment(); v == oracle.Refuted {
		t.Errorf("containment is refuted: %s", found.Findings.ContainmentReason(0))
	}
	if found.Candidate.Inside.Rank != 1 || math.IsInf(found.Findings.Sides[0].SlopeError, 1) {
		t.Errorf("M_in has rank %d, slope known to ±%g: this was to be singular, and judged", found.Candidate.Inside.Rank, found.Findings.Sides[0].SlopeError)
	}
}
