package theorems_test

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

func document(t testing.TB, text string) gmm.Document {
	t.Helper()
	d, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func named(t testing.TB, id string) theorems.Claim {
	t.Helper()
	claims, err := theorems.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return claims[0]
}

// What is drawn for a claim, and what is stored as a counterexample to it, are mixtures that it is about.
func TestClaimsAreAboutWhatIsDrawn(t *testing.T) {
	for _, c := range theorems.All() {
		cases := []theorems.Case{}
		for n := range enough.Cases(20) {
			cases = append(cases, c.Draw.Example(generators.ExampleSeed(c.ID, 3, n)))
		}
		for _, s := range theorems.Stored(c.ID) {
			cases = append(cases, s.Case)
		}
		for _, on := range cases {
			if _, err := c.CaseOf(on.Document(), on.Temperature, on.Seed); err != nil {
				t.Errorf("%s of %#v: %v", c.ID, on, err)
			}
		}
	}
}

// Every hypothesis refuses what does not meet it, in words that say what was expected and found.
func TestClaimsRefuseOtherMixtures(t *testing.T) {
	const (
		raw      = `{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity"}`
		faint    = `{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity", "delta": "1/2"}`
		silent   = `{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity", "delta": 0}`
		line     = `{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": [[1, 0], [0, 2]]}`
		same     = `{"weights": [1, 1], "means": [[1, 0], [1, 0]], "covariance": "identity"}`
		paired   = `{"weights": [1, 1], "visual": {"means": [[1], [-1]], "covariance": [[1]]}, "text": {"means": [[1], [2]], "covariance": [[1]]}}`
		own      = `{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": [[[1, 0], [0, 1]], [[2, 1], [1, 2]]]}`
		unequal  = `{"weights": [1, 1], "means": [[1, 2], [2, 2]], "covariance": "identity"}`
		opposite = `{"weights": [1, 2], "means": [[1, 1], [1, -1]], "covariance": "identity"}`
		five     = `{"weights": [1], "means": [[1, 0, 0, 0, 0]], "covariance": "identity"}`
	)
	for _, c := range []struct{ id, mixture, reason string }{
		{"containment", paired, "expected one modality, found two"},
		{"containment", own, "expected a shared covariance, found components with their own"},
		{"clip-containment", raw, "expected two modalities, found one"},
		{"own-rank", raw, "expected components with covariances of their own, found a shared one"},
		{"containment-envelope", raw, "expected components with covariances of their own, found a shared one"},
		{"containment-group", own, "expected couplings that cancel within groups of components, E[Qx | Px] = 0, found others"},
		{"equality", same, "expected means that are not all equal, found equal ones"},
		{"equality", faint, "expected δ = 1, found δ = 0.5"},
		{"equality-centred", raw, "expected a centred mixture, found the mean coordinate -0.25"},
		{"equality-biased", line, "expected 0 < δ < 1, found δ = 1"},
		{"spectral-equality", silent, "expected 0 < δ ≤ 1, found δ = 0"},
		{"equality-line", raw, "expected dim S_F = 1, found 2"},
		{"small-delta", faint, "expected δ < δ₀ = 0.00"},
		{"small-delta", opposite, "expected δ < δ₀ = "},
		{"symmetric-pair", raw, "expected equal weights, found others"},
		{"symmetric-pair", unequal, "expected means of equal Mahalanobis norm, found others"},
		{"symmetric-pair", line, "expected K = 2 and independent means, found K = 2 and dim S_F = 1"},
		{"orthogonal-mean", raw, "expected Bμ̄ = 0 ≠ μ̄ (whitened), found a cosine of 0."},
		{"orthogonal-mean", line, "expected Bμ̄ = 0 ≠ μ̄ (whitened), found μ̄ = 0"},
		{"svd-spherical", line, "expected Σ = σ²I, found another covariance"},
		{"affine-equality-pair", five, "expected means that are not all equal, found equal ones"},
		{"containment-low-rank", five, "expected K ≥ 2, found 1"},
		{"simsiam-containment", raw, "expected 0 < dim S_F < d, found dim S_F = 2, d = 2"},
		{"network-averaging", `{"weights": [1, 1], "means": [[1], [0]], "covariance": [[1]]}`, "expected dim S_c < d, found dim S_c = 1, d = 1"},
		{"hadsell-containment", same, "expected dim S_c = 1, found 0"},
		{"shared-encoder-gap", same, "expected components that differ, found equal ones"},
		{"negatives-containment", five, "expected d ≤ 4, beyond which a check takes minutes, found 5"},
	} {
		found, err := theorems.Examine(t.Context(), []theorems.Claim{named(t, c.id)}, document(t, c.mixture), theorems.Examination{})
		if err != nil {
			t.Fatal(err)
		}
		if e := found[0]; !errors.Is(e.Outside, theorems.ErrOutside) || !strings.HasPrefix(e.Reason(), c.reason) {
			t.Errorf("%s of %s: %q, want %q", c.id, c.mixture, e.Reason(), c.reason)
		}
	}
}

// Where no check can tell, as λ_min is 0 or far below rounding, theorems do, and are named.
func TestTheoremsDecide(t *testing.T) {
	for _, c := range []struct {
		id, mixture, theorem string
		verdict              oracle.Verdict
	}{
		{"equality", `{"weights": [1, 1], "means": [[1, 2], [2, 1]], "covariance": "identity"}`, "symmetric-pair", oracle.Refuted},
		{"equality", `{"weights": [1, 3], "means": [[1, 1], [1, -3]], "covariance": "identity"}`, "", oracle.Holds},
		{"equality", `{"weights": [3, 1], "means": [[1, 1], [1, -3]], "covariance": "identity"}`, "", oracle.Refuted},
		{"distance-equality", `{"weights": [1, 1], "means": [[0], ["1e-12"]], "covariance": [[1]]}`, "the first-order condition along a direction that is lost", oracle.Holds},
		{"equality", `{"weights": [1, 1], "means": [[1], ["1.00000000000001"]], "covariance": [[1]]}`, "equality-line", oracle.Holds},
	} {
		d := document(t, c.mixture)
		claims, err := theorems.Asked(d, losses.InfoNCE, c.id)
		if err != nil {
			t.Fatal(err)
		}
		found, err := theorems.Examine(t.Context(), claims, d, theorems.Examination{})
		if err != nil {
			t.Fatal(err)
		}
		if e := found[0]; e.Outcome.Verdict != c.verdict || e.Theorem != c.theorem {
			t.Errorf("%s of %s: %v by %q (%s), want %v by %q", c.id, c.mixture, e.Outcome.Verdict, e.Theorem, e.Outcome.Detail, c.verdict, c.theorem)
		} else if want := (theorems.Outcome{Verdict: c.verdict, Detail: "by theorem, " + c.theorem}); c.theorem != "" && e.Outcome != want {
			t.Errorf("%s of %s: %#v, want nothing of the check that could not tell", c.id, c.mixture, e.Outcome)
		}
	}
}

// Where means are equal or 0, or S_F is everything, claims are decided exactly, and say so in numbers that are some.
func TestDegenerateMixtures(t *testing.T) {
	for _, c := range []struct{ id, mixture string }{
		{"orthogonal-mean", `{"weights": [1], "means": [[2, 1]], "covariance": "identity"}`},
		{"orthogonal-mean", `{"weights": [1, 2], "means": [[2, 1], [2, 1]], "covariance": "identity", "delta": "1/2"}`},
		{"spectral-equality", `{"weights": [1], "means": [[0, 0]], "covariance": "identity"}`},
		{"agreement-equality", `{"weights": [1], "means": [[0, 0]], "covariance": "identity"}`},
		{"containment-own-covariance", `{"weights": [1, 2], "means": [[2, 0], [0, 1]], "covariance": ["identity", [[2, 0], [0, 1]]]}`},
	} {
		found, err := theorems.Examine(t.Context(), []theorems.Claim{named(t, c.id)}, document(t, c.mixture), theorems.Examination{})
		if err != nil {
			t.Fatal(err)
		}
		if o := found[0].Outcome; o.Verdict != oracle.Holds || o.Grade != oracle.Bounded || strings.Contains(o.Detail, "NaN") || strings.Contains(o.Detail, "+Inf") {
			t.Errorf("%s of %s: %v", c.id, c.mixture, o)
		}
	}
}

// No mixture refutes what is recorded as true, no two claims contradict each other about equality for one loss, and neither cores nor company change an answer.
func TestExaminedMixtures(t *testing.T) {
	mixtures := rapid.OneOf(generators.SharedCovarianceOf(2, 3, 1, 2), generators.CentredDistinct(), generators.RareOutlier(), generators.SymmetricTie(), generators.OrthogonalMean(), generators.Tilted(), generators.Grouped()).
		Filter(func(m *gmm.Mixture) bool { return m.Dimension() <= 3 })
	for n := range enough.Cases(12) {
		seed := generators.ExampleSeed("examined", 1, n)
		p, err := gmm.NewPairs(mixtures.Example(seed), generators.Delta().Example(seed))
		if err != nil {
			t.Fatal(err)
		}
		d := gmm.Document{Pairs: p}
		claims := slices.DeleteFunc(theorems.OfMixture(d), func(c theorems.Claim) bool { return strings.HasSuffix(c.ID, "-definition") }) // which are dear
		found, err := theorems.Examine(t.Context(), claims, d, theorems.Examination{Seed: 1, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		equality := map[oracle.Verdict]string{}
		for _, e := range found {
			if e.Claim.Recorded == oracle.Holds && e.Outcome.Verdict == oracle.Refuted {
				t.Fatalf("%s is refuted by %#v: %s", e.Claim.ID, p, e.Outcome.Detail)
			}
			if e.Outside == nil && slices.Contains([]string{"equality", "equality-centred", "equality-biased", "equality-of-infonce"}, e.Claim.ID) {
				equality[e.Outcome.Verdict] = e.Claim.ID
			}
		}
		if len(equality) > 1 {
			t.Fatalf("%#v: contradictory verdicts on equality: %v", p, equality)
		}
		alone := found[n*7%len(found)]
		again, err := theorems.Examine(t.Context(), []theorems.Claim{alone.Claim}, d, theorems.Examination{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := again[0].Outcome.String(), alone.Outcome.String(); got != want || again[0].Reason() != alone.Reason() {
			t.Fatalf("%#v: %s alone: %s, in company %s", p, alone.Claim.ID, got, want)
		}
	}
}

// Equality is asked of every loss that serves the pairs, once.
func TestEqualityIsAskedOfEveryLoss(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity"}`,
		`{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity", "delta": 0.5}`,
		`{"weights": [1, 3], "means": [[3, -3], [-1, 1]], "covariance": "identity", "delta": 0.5}`,
	} {
		d := document(t, text)
		asked, ids := map[string]bool{}, map[string]bool{}
		for _, c := range theorems.OfMixture(d) {
			if ids[c.ID] {
				t.Errorf("%s is asked twice", c.ID)
			}
			ids[c.ID] = true
			if _, err := c.CaseOf(d, nil, 1); err == nil {
				for _, s := range c.EqualityOf(d) {
					asked[s] = true
				}
			}
		}
		for _, l := range losses.All() {
			if l.Admit(d.Pairs) == nil && !asked[l.Label()] && !ids[l.Name()+"-equality"] {
				t.Errorf("%s: nobody asks equality of the %s", text, l.Title)
			}
		}
	}
}

// Claims are asked about one loss, too, or refused.
func TestAsked(t *testing.T) {
	d := document(t, `{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity"}`)
	triplet := losses.Triplet
	claims, err := theorems.Asked(d, triplet)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.ID)
	}
	if want := []string{"triplet-definition", "triplet-convexity", "triplet-containment", "triplet-stationarity", "equality-of-triplet"}; !slices.Equal(ids, want) {
		t.Errorf("of triplets %v are asked, want %v", ids, want)
	}
	for _, c := range []struct {
		loss losses.Loss
		ids  []string
		want string
	}{
		{losses.InfoNCE, []string{"equalty"}, "did you mean equality?"},
		{losses.InfoNCE, []string{"nothing of the kind"}, "expected one of the claims infonce-definition, "},
		{losses.InfoNCE, []string{"equality", "equality"}, `found "equality" twice`},
		{triplet, []string{"containment"}, "found containment"},
	} {
		if _, err := theorems.Asked(d, c.loss, c.ids...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v of the %s: %v, want %q", c.ids, c.loss.Title, err, c.want)
		}
	}
	if claims, err := theorems.Asked(d, triplet, "equality"); err != nil || claims[0].ID != "equality-of-triplet" {
		t.Errorf("equality of triplets: %v", err)
	}
}

// A representation that is drawn suits the units of the data.
func TestDrawnRepresentationsSuitTheUnits(t *testing.T) {
	d := document(t, `{"weights": [1, 3], "means": [["2e9", "1e-9"], ["-1e9", "3e-9"]], "covariance": [["1e18", 0], [0, "1e-18"]]}`)
	found, err := theorems.Examine(t.Context(), []theorems.Claim{named(t, "infonce-definition"), named(t, "stationarity"), named(t, "convexity")}, d, theorems.Examination{Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		if e.Outcome.Verdict != oracle.Holds {
			t.Errorf("%s: %v", e.Claim.ID, e.Outcome)
		}
	}
}

// The temperature is that of the claims about cosines.
func TestExaminedTemperature(t *testing.T) {
	d := document(t, `{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": "identity"}`)
	for _, temperature := range []*big.Rat{nil, big.NewRat(1, 4)} {
		found, err := theorems.Examine(t.Context(), []theorems.Claim{named(t, "cosine-slope")}, d, theorems.Examination{Temperature: temperature})
		if err != nil {
			t.Fatal(err)
		}
		want := "τ = 1:"
		if temperature != nil {
			want = "τ = 0.25:"
		}
		if !strings.HasPrefix(found[0].Outcome.Detail, want) {
			t.Errorf("τ = %v: %s", temperature, found[0].Outcome.Detail)
		}
	}
}

// In many dimensions a witness is found, and proved, along the few that tell the components apart.
func TestSharedEncoderGapInManyDimensions(t *testing.T) {
	c := named(t, "shared-encoder-gap")
	m := document(t, `{"weights": [1, 2, 3], "means": [[1, 0], [0, 1], [2, 1]], "covariance": [[2, 1], [1, 3]]}`).Pairs.Left
	few, err := gmm.NewPairs(m, big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		m = m.Embed()
	}
	if m, err = m.Transform(generators.Transformation(m.Dimension()).Example(3)); err != nil {
		t.Fatal(err)
	}
	many, err := gmm.NewPairs(m, big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []gmm.Pairs{few, many} {
		if o := c.Check(theorems.Case{Pairs: p}); o.Verdict != oracle.Holds || o.Grade != oracle.Proved || !(o.Value < -0.1) {
			t.Errorf("%d dimensions: %v", p.Left.Dimension(), o)
		}
	}
}

// A claim about several losses is asked about all of them of a mixture that is given, not about one that a seed chooses.
func TestDistanceEqualityIsAskedOfEveryDistance(t *testing.T) {
	d := document(t, `{"weights": [1, 3], "means": [[2, 1], [-1, 2]], "covariance": "identity"}`)
	want := []string{"distance-infonce", "distance-triplet", "distance-sigmoid", "distance-hinge"}
	if got := named(t, "distance-equality").EqualityOf(d); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
