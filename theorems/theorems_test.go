package theorems_test

import (
	"flag"
	"slices"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/internal/shrink"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(25)
	m.Run()
}

// checks is how many checks rapid will run: a fifth of its setting under -short.
func checks(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		n /= 5
	}
	return n
}

// Every claim that is recorded as true holds on every random case; undecided
// cases are counted, and bounded to one in twenty.
func TestClaimsThatHold(t *testing.T) {
	for _, claim := range theorems.All() {
		if claim.Recorded != oracle.Holds {
			continue
		}
		t.Run(claim.ID, func(t *testing.T) {
			t.Parallel()
			ran, open := 0, 0
			limit := checks(t)
			rapid.Check(t, func(t *rapid.T) {
				c := claim.Draw.Draw(t, "case")
				ran++
				switch outcome := claim.Check(c); outcome.Verdict {
				case oracle.Refuted:
					t.Fatalf("%s is refuted: %s", claim.ID, outcome.Detail)
				case oracle.Undecided:
					open++
				}
			})
			t.Logf("%d cases, %d undecided", ran, open)
			if ran < limit {
				t.Errorf("only %d of %d cases ran", ran, limit)
			}
			const oneIn, few = 20, 3 // a few prove nothing in a short run
			if open > max(ran/oneIn, few) {
				t.Errorf("%d of %d cases are undecided, at most one in %d may be", open, ran, oneIn)
			}
		})
	}
}

// dear tells that a claim is about a loss that takes more than a millisecond: shrinking a counterexample asks for thousands of verdicts.
func dear(c theorems.Claim) bool {
	return slices.ContainsFunc([]string{"negatives-", "sigmoid-", "distance-", "containment-own-covariance", "containment-group-finite", "own-rank", "cosine-", "affine-equality", "network-", "sign-network-unbiased", "relu-network-unbiased", "simsiam-", "hadsell-"}, func(loss string) bool { return strings.HasPrefix(c.ID, loss) })
}

// Every claim that is recorded as false is refuted anew: rapid looks for a
// counterexample and shrinks it to the shape of the simplest that is stored.
func TestClaimsThatAreRefuted(t *testing.T) {
	const most = 3000 // draws; about one in seventeen, twenty-seven and thirteen refutes
	refuted := 0
	for _, claim := range theorems.All() {
		if claim.Recorded != oracle.Refuted {
			continue
		}
		refuted++
		t.Run(claim.ID, func(t *testing.T) {
			if testing.Short() && refuted > 1 {
				t.Skip("hundreds of cases are checked; the stored ones are")
			}
			t.Parallel()
			if dear(claim) {
				for i := range most {
					if claim.Check(claim.Draw.Example(i)).Verdict == oracle.Refuted {
						return
					}
				}
				t.Fatalf("no counterexample to %q in %d draws", claim.Statement, most)
			}
			c, found := shrink.Failure(claim.Draw, most, 1, func(c theorems.Case) (string, bool) {
				return claim.ID + " is refuted", claim.Check(c).Verdict == oracle.Refuted
			})
			if !found {
				t.Fatalf("no counterexample to %q in %d draws", claim.Statement, most)
			}
			outcome := claim.Check(c)
			t.Logf("%s\n  refuted by %#v\n  %s", claim.Statement, c, outcome.Detail)
			components, dimension := simplest(theorems.Stored(claim.ID))
			if k, d := shape(c); k != components || d != dimension {
				t.Errorf("the shrunk counterexample has K = %d, d = %d, the simplest stored one %d, %d", k, d, components, dimension)
			}
			if claim.ID == "equality" {
				e := c.Pairs.Left.Exact()
				for _, row := range e.Means {
					for _, x := range row {
						if denominator := x.Denom().Int64(); denominator > 2 {
							t.Errorf("the shrunk counterexample has the coordinate %v, want whole numbers or halves", x)
						}
					}
				}
			}
			if outcome.Verdict != oracle.Refuted || outcome.Grade != oracle.Bounded && outcome.Certificate == nil {
				t.Errorf("the shrunk counterexample is %v, grade %v", outcome.Verdict, outcome.Grade)
			}
		})
	}
	if refuted < 4 {
		t.Errorf("only %d claims are recorded as refuted", refuted)
	}
}

// simplest returns the shape of the fewest components, and of these the fewest dimensions.
func simplest(stored []theorems.StoredCase) (components, dimension int) {
	for i, s := range stored {
		if k, d := shape(s.Case); i == 0 || k < components || k == components && d < dimension {
			components, dimension = k, d
		}
	}
	return components, dimension
}

// shape returns the numbers of components and of dimensions of a case of one modality.
func shape(c theorems.Case) (components, dimension int) {
	return c.Pairs.Components(), c.Pairs.Left.Dimension()
}

// Every stored counterexample refutes its claim, by a margin far beyond its error.
func TestStoredCounterexamples(t *testing.T) {
	for _, claim := range theorems.All() {
		stored := theorems.Stored(claim.ID)
		if (claim.Recorded == oracle.Refuted) != (len(stored) > 0) {
			t.Errorf("%s is recorded as %v, and %d counterexamples are stored", claim.ID, claim.Recorded, len(stored))
		}
		for _, s := range stored {
			outcome := claim.Check(s.Case)
			t.Logf("%s: %s", s.Name, outcome.Detail)
			const clear = 1e-5
			far := outcome.Value <= -clear // a margin below 0
			switch claim.Measure {
			case "angle":
				far = outcome.Value > 80 // degrees
			case "defect", "gap":
				far = outcome.Value > clear
			}
			if outcome.Verdict != oracle.Refuted || !far {
				t.Errorf("%s: %v, %s", s.Name, outcome.Verdict, outcome.Detail)
			}
		}
	}
}

// The stored counterexamples to the claims about centred mixtures are centred,
// and those to the open case have 0 < δ < 1: hypotheses that no check tests.
func TestStoredCounterexamplesMeetTheHypotheses(t *testing.T) {
	for _, id := range []string{"equality", "equality-centred", "equality-biased"} {
		for _, s := range theorems.Stored(id) {
			e := s.Case.Pairs.Left.Exact()
			for _, x := range e.Mean() {
				if id != "equality" && x.Sign() != 0 {
					t.Errorf("%s is not centred: its mean has the coordinate %v", s.Name, x)
				}
			}
			if delta := s.Case.Pairs.Delta(); (id == "equality-biased") != (delta < 1) || delta == 0 {
				t.Errorf("%s has δ = %v", s.Name, delta)
			}
		}
	}
}

func TestFind(t *testing.T) {
	if all, err := theorems.Find(); err != nil || len(all) != len(theorems.All()) {
		t.Errorf("%d claims, %v", len(all), err)
	}
	if _, err := theorems.Find("equality", "equalty"); err == nil || !strings.Contains(err.Error(), `found "equalty"`) {
		t.Errorf("an unknown claim gives %v", err)
	}
	seen := map[string]bool{}
	for _, c := range theorems.All() {
		if seen[c.ID] || c.Statement == "" || c.Source == "" || c.Measure == "" || c.Recorded == oracle.Undecided {
			t.Errorf("the claim %q is incomplete or twice in the registry", c.ID)
		}
		seen[c.ID] = true
	}
}

// Every claim says what it assumes and what is drawn, for reports.
func TestClaimsSayWhatTheyAssume(t *testing.T) {
	for _, c := range theorems.All() {
		for name, text := range map[string]string{"hypotheses": c.Hypotheses, "drawn": c.Drawn, "measure": c.Measure} {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s %q, want words without a full stop", c.ID, name, text)
			}
		}
	}
}

// A result keeps every outcome, the part of a defect that is its bound, and every counterexample.
func TestResultsKeepOutcomes(t *testing.T) {
	claims, err := theorems.Find("containment", "equality")
	if err != nil {
		t.Fatal(err)
	}
	results, err := theorems.Verify(t.Context(), claims, theorems.Options{Cases: 40, Seed: 5, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	bounded := 0
	for _, r := range results {
		if len(r.Outcomes) != r.Cases {
			t.Errorf("%s: %d outcomes of %d cases", r.Claim.ID, len(r.Outcomes), r.Cases)
		}
	}
	for _, o := range results[0].Outcomes {
		if o.Bound < 0 || o.Bound > o.Value {
			t.Errorf("the bound %g of a defect of %g", o.Bound, o.Value)
		}
		if o.Bound > 0 {
			bounded++
		}
	}
	if bounded < 20 {
		t.Errorf("only %d of 40 defects have a bound", bounded)
	}
	equality := results[1]
	if want := equality.Replayed + 1; len(equality.Counterexamples) != want || equality.Counterexample().Name != "equality_1-two-points" {
		t.Errorf("%d counterexamples, the first %q; want %d, the stored ones first", len(equality.Counterexamples), equality.Counterexample().Name, want)
	}
}

// Two subspaces that nearly coincide are not said to be one where no theorem says so.
func TestSVDOfNearlySphericalMixtures(t *testing.T) {
	claims, err := theorems.Find("svd-shared")
	if err != nil {
		t.Fatal(err)
	}
	for covariance, want := range map[string]oracle.Verdict{
		`[[1, 0], [0, 1]]`: oracle.Holds, `[[2, 0], [0, 1]]`: oracle.Undecided, `[[1, "1e-12"], ["1e-12", 1]]`: oracle.Refuted, `[[1, "1e-20"], ["1e-20", 1]]`: oracle.Undecided, `[[1, 0.5], [0.5, 1]]`: oracle.Refuted,
	} {
		file, err := gmm.Read("file", strings.NewReader(`{"weights": [1, 1], "means": [[2, 0], [-2, 0]], "covariance": `+covariance+`}`))
		if err != nil {
			t.Fatal(err)
		}
		if o := claims[0].Check(theorems.Case{Pairs: file.Pairs}); o.Verdict != want {
			t.Errorf("covariance %s: %v (%s), want %v", covariance, o.Verdict, o.Detail, want)
		}
	}
}

// The claims about a loss are those of no other whose name is longer.
func TestAbout(t *testing.T) {
	for _, c := range []struct {
		settings losses.Settings
		has, not string
	}{
		{losses.Settings{Score: losses.Distance}, "distance-equality", "distance-sigmoid-convexity"},
		{losses.Settings{Loss: "sigmoid", Score: losses.Distance}, "distance-sigmoid-convexity", "distance-equality"},
		{losses.Settings{Loss: "sigmoid"}, "sigmoid-equality", "distance-sigmoid-convexity"},
	} {
		l, err := losses.Choose(c.settings)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, claim := range theorems.About(l) {
			ids = append(ids, claim.ID)
		}
		if !slices.Contains(ids, c.has) || slices.Contains(ids, c.not) {
			t.Errorf("the claims about the %s are %v: expected %s, and not %s", l.Title, ids, c.has, c.not)
		}
	}
}
