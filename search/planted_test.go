package search_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
	"contrastcheck/search"
	"contrastcheck/solver"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// shared draws any mixture with a shared covariance.
func shared(k, d int, delta *big.Rat) *rapid.Generator[theorems.Case] {
	return rapid.Map(generators.SharedCovarianceOf(k, k, d, d), func(m *gmm.Mixture) theorems.Case { return withDelta(m, delta) })
}

// rare draws centred mixtures with rare outliers.
func rare(k, d int, delta *big.Rat) *rapid.Generator[theorems.Case] {
	return rapid.Map(generators.RareOutliersOf(k, d), func(m *gmm.Mixture) theorems.Case { return withDelta(m, delta) })
}

func withDelta(m *gmm.Mixture, delta *big.Rat) theorems.Case {
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		panic(err)
	}
	return theorems.Case{Pairs: p}
}

// margin is λ_min(M_u|S_F) with a certified bound of its error.
func margin(p gmm.Pairs) (value, err float64, ok bool) {
	found, failure := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if failure != nil || p.Uninformative() {
		return 0, 0, false
	}
	f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: found.Free.Form, Constrained: found.Constrained.Form, Claimed: found.Free.DistanceBound})
	return f.Margin(), f.Evidence.Epsilon, !math.IsNaN(f.Margin())
}

// at is the case's mixture at another δ.
func at(p gmm.Pairs, delta *big.Rat) gmm.Pairs {
	out, err := p.WithDelta(delta)
	if err != nil {
		panic(err)
	}
	return out
}

func halved(p gmm.Pairs) gmm.Pairs {
	return at(p, new(big.Rat).Mul(p.ExactDelta(), big.NewRat(1, 2)))
}

// compareMargins refutes "the first is at most the second" of two margins.
func compareMargins(first, second gmm.Pairs) theorems.Outcome {
	a, ea, ok := margin(first)
	b, eb, ok2 := margin(second)
	switch {
	case !ok || !ok2:
		return theorems.Outcome{}
	case a-ea > b+eb:
		return theorems.Outcome{Verdict: oracle.Refuted, Value: a - b}
	case a+ea < b-eb:
		return theorems.Outcome{Verdict: oracle.Holds, Value: a - b}
	}
	return theorems.Outcome{}
}

// lineOfDifference checks that the optimum keeps the line of Σ⁻¹(μ₁ − μ₂) only, which is
// the centred Fisher subspace of two components.
func lineOfDifference(c theorems.Case) theorems.Outcome {
	if c.Pairs.Components() != 2 {
		return theorems.Outcome{}
	}
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{Method: solver.Blind, Seed: c.Seed})
	if err != nil {
		return theorems.Outcome{}
	}
	verdict, grade, defect := oracle.JudgeCentred(c.Pairs, found.Constrained.Form)
	return theorems.Outcome{Verdict: verdict, Grade: grade, Value: defect}
}

// svdOf checks that the s leading eigenvectors of E[xxᵀ] span S_F.
func svdOf(c theorems.Case) theorems.Outcome {
	space := subspace.Fisher(c.Pairs.Left)
	found := oracle.Coincide(subspace.SVD(c.Pairs.Left, space.Dimension()), space)
	return theorems.Outcome{Verdict: found.Verdict, Value: found.Angle}
}

// always is the score of a claim that nothing cheaper than its check ranks.
func always(theorems.Case) float64 { return 1 }

func equalityCheck(c theorems.Case) theorems.Outcome {
	m, e, ok := margin(c.Pairs)
	switch {
	case ok && m < -e:
		return theorems.Outcome{Verdict: oracle.Refuted, Value: m}
	case ok && m > e:
		return theorems.Outcome{Verdict: oracle.Holds, Value: m}
	}
	return theorems.Outcome{}
}

func loses(c theorems.Case) float64 { return -solver.Margin(solver.InfoNCE, c.Pairs) }

// only keeps a check to the cases that a hypothesis lets through.
func only(hypothesis func(gmm.Exact) bool, check func(theorems.Case) theorems.Outcome) func(theorems.Case) theorems.Outcome {
	return func(c theorems.Case) theorems.Outcome {
		if hypothesis(c.Pairs.Left.Exact()) {
			return check(c)
		}
		return theorems.Outcome{}
	}
}

func equalWeights(e gmm.Exact) bool {
	for _, w := range e.Weights {
		if w.Cmp(e.Weights[0]) != 0 {
			return false
		}
	}
	return true
}

// noRareClass says that every weight is at least 1/least.
func noRareClass(least int64) func(gmm.Exact) bool {
	return func(e gmm.Exact) bool {
		for _, w := range e.Weights {
			if w.Cmp(big.NewRat(1, least)) < 0 {
				return false
			}
		}
		return true
	}
}

// False variants of true claims, and what is known to be false under stronger
// hypotheses: each is refuted within its evaluations.
func TestPlantedFalsehoodsAreRefuted(t *testing.T) {
	raw := theorems.Hypotheses{Distinct: true}
	centred := theorems.Hypotheses{Centred: true, Distinct: true}
	biased := theorems.Hypotheses{Centred: true, Distinct: true, Delta: theorems.DeltaBiased}
	between := func(least, most int) theorems.Range { return theorems.Range{Least: least, Most: most} }
	for _, c := range []struct {
		falsehood   string
		hunt        theorems.Hunt
		check       func(theorems.Case) theorems.Outcome
		limits      search.Limits
		evaluations int
	}{
		{"containment in the centred Fisher subspace, for raw mixtures",
			theorems.Hunt{Score: always, Hypotheses: raw, Draw: shared, Components: between(2, 2), Dimension: between(2, 2)}, lineOfDifference, search.Limits{}, 400},
		{"the same for equal weights, whatever the norms",
			theorems.Hunt{Score: always, Hypotheses: raw, Draw: shared, Components: between(2, 2), Dimension: between(2, 3)}, only(equalWeights, lineOfDifference), search.Limits{}, 2000},
		{"SVD finds the Fisher subspace",
			theorems.Hunt{Score: always, Hypotheses: raw, Draw: shared, Components: between(2, 4), Dimension: between(2, 4)}, svdOf, search.Limits{}, 400},
		{"SVD finds the Fisher subspace of centred mixtures",
			theorems.Hunt{Score: always, Hypotheses: centred, Draw: func(k, d int, delta *big.Rat) *rapid.Generator[theorems.Case] {
				return rapid.Map(generators.ParallelPancakes(), func(m *gmm.Mixture) theorems.Case { return withDelta(m, delta) })
			}, Components: between(2, 4), Dimension: between(2, 4)}, svdOf, search.Limits{}, 400},
		{"λ_min(M_u) does not fall as δ rises",
			theorems.Hunt{Score: func(c theorems.Case) float64 {
				return solver.Margin(solver.InfoNCE, halved(c.Pairs)) - solver.Margin(solver.InfoNCE, c.Pairs)
			},
				Hypotheses: centred, Draw: rare, Components: between(3, 3), Dimension: between(2, 2)},
			func(c theorems.Case) theorems.Outcome { return compareMargins(halved(c.Pairs), c.Pairs) }, search.Limits{}, 2000},
		{"λ_min(M_u) does not rise with δ",
			theorems.Hunt{Score: func(c theorems.Case) float64 {
				return solver.Margin(solver.InfoNCE, c.Pairs) - solver.Margin(solver.InfoNCE, halved(c.Pairs))
			},
				Hypotheses: centred, Draw: centredShared, Components: between(2, 3), Dimension: between(1, 2)},
			func(c theorems.Case) theorems.Outcome { return compareMargins(c.Pairs, halved(c.Pairs)) }, search.Limits{}, 2000},
		{"equality of raw mixtures at δ = 1/8",
			theorems.Hunt{Score: loses, Hypotheses: raw, Draw: shared, Components: between(2, 3), Dimension: between(2, 2)}, equalityCheck,
			search.Limits{Delta: big.NewRat(1, 8)}, 4000},
		{"equality of raw mixtures with equal weights",
			theorems.Hunt{Score: loses, Hypotheses: raw, Draw: shared, Components: between(2, 3), Dimension: between(2, 2)}, only(equalWeights, equalityCheck), search.Limits{}, 8000},
		{"equality of raw mixtures of four components in three dimensions",
			theorems.Hunt{Score: loses, Hypotheses: raw, Draw: shared}, equalityCheck,
			search.Limits{Components: between(4, 4), Dimension: between(3, 3)}, 8000},
		{"equality of centred mixtures at δ = ½ whose weights are at least 1/300",
			theorems.Hunt{Score: loses, Hypotheses: biased, Draw: rare, Ascent: theorems.ByLifting, Components: between(3, 3), Dimension: between(2, 2)},
			only(noRareClass(300), equalityCheck), search.Limits{Delta: big.NewRat(1, 2)}, 60000},
		{"equality of centred mixtures at δ = ½ whose means are at most 20 apart",
			theorems.Hunt{Score: loses, Hypotheses: biased, Draw: rare, Ascent: theorems.ByLifting, Components: between(3, 3), Dimension: between(2, 2)},
			equalityCheck, search.Limits{Delta: big.NewRat(1, 2), Separation: big.NewRat(20, 1)}, 60000},
		{"equality of centred mixtures at δ = 1, from starts that hardly ever refute it",
			theorems.Hunt{Score: loses, Hypotheses: centred, Draw: centredShared, Ascent: theorems.ByLifting, Components: between(3, 3), Dimension: between(2, 2)},
			equalityCheck, search.Limits{Delta: big.NewRat(1, 1)}, 60000},
		{"equality of centred mixtures of four components at δ = 1",
			theorems.Hunt{Score: loses, Hypotheses: centred, Draw: rare, Ascent: theorems.ByLifting, Components: between(4, 4), Dimension: between(2, 2)},
			equalityCheck, search.Limits{Delta: big.NewRat(1, 1)}, 60000},
	} {
		if testing.Short() && c.evaluations > 2000 {
			continue
		}
		claim := theorems.Claim{ID: "planted: " + c.falsehood, Check: c.check, Hunt: &c.hunt}
		finds, err := search.All(context.Background(), claim, search.Options{Limits: c.limits, Evaluations: c.evaluations, Seed: 1, Workers: 2})
		if err != nil {
			t.Fatalf("%s: %v", c.falsehood, err)
		}
		found := false
		for f := range finds {
			t.Logf("%s: %s, %.3g, %d evaluations", c.falsehood, f.Case.Pairs.GoString(), f.Outcome.Value, f.Evaluations)
			found = f.Outcome.Verdict == oracle.Refuted
			break
		}
		if !found {
			t.Errorf("%s: not refuted in %d evaluations", c.falsehood, c.evaluations)
		}
	}
}

// centredShared draws centred mixtures with any shared covariance.
func centredShared(k, d int, delta *big.Rat) *rapid.Generator[theorems.Case] {
	return rapid.Map(shared(k, d, delta), func(c theorems.Case) theorems.Case {
		m, err := c.Pairs.Left.Centre()
		if err != nil {
			panic(err)
		}
		return withDelta(m, delta)
	})
}

// A claim about own covariances needs no more than a score to be searched: the draws are
// its own, and each covariance is made simple.
func TestOwnCovariancesAreShrunk(t *testing.T) {
	claim := theorems.Claim{
		ID: "planted: SVD finds the Fisher subspace of own covariances",
		Draw: rapid.Map(generators.General(), func(g *gmm.Mixture) theorems.Case {
			p, err := gmm.NewPairs(g, big.NewRat(3, 4))
			if err != nil {
				panic(err)
			}
			return theorems.Case{Pairs: p}
		}),
		Check: func(c theorems.Case) theorems.Outcome { return svdOf(c) },
		Hunt:  &theorems.Hunt{Score: always, Hypotheses: theorems.Hypotheses{Distinct: true}},
	}
	f, err := search.Hunt(context.Background(), claim, search.Options{Evaluations: 800})
	if err != nil {
		t.Fatal(err)
	}
	g := f.Case.Pairs
	t.Log(f.Case.Pairs.GoString())
	if g.Shared() || g.Components() != 2 || g.Left.Dimension() != 2 || g.Delta() != 1 || f.Outcome.Verdict != oracle.Refuted {
		t.Errorf("%v is not minimal", f.Case)
	}
	// One variance that differs is enough; another draw may need two.
	odd := 0
	for k := range 2 {
		for i := range 2 {
			for j := range i + 1 {
				if x := g.Left.Own(k).At(i, j); i == j && x != 1 || i != j && x != 0 {
					odd++
				}
			}
		}
	}
	if odd > 2 {
		t.Errorf("%v has %d covariance entries that are not the identity's", f.Case, odd)
	}
}

// What is true is never refuted, however the hunt looks: every claim that holds, its
// check asked of each draw.
func TestTruthsAreNotRefuted(t *testing.T) {
	draws := enough.Cases(5)
	hunted := 0
	for _, claim := range theorems.All() {
		if claim.Recorded != oracle.Holds || claim.Draw.Example(0).Pairs.Modalities() == 2 {
			continue
		}
		hunted++
		checked := 0
		check := claim.Check
		claim.Check = func(c theorems.Case) theorems.Outcome { checked++; return check(c) }
		claim.Hunt = &theorems.Hunt{Score: always, Components: theorems.Range{Least: 1, Most: 12}, Dimension: theorems.Range{Least: 1, Most: 12}}
		f, err := search.Hunt(context.Background(), claim, search.Options{Evaluations: draws, Seed: 3})
		if !errors.Is(err, search.ErrNothingFound) {
			t.Errorf("%s: %v, %v", claim.ID, f.Case, err)
		}
		if checked < draws/2 {
			t.Errorf("%s: only %d of %d draws were checked", claim.ID, checked, draws)
		}
	}
	if hunted < 12 {
		t.Errorf("only %d true claims were hunted, want 12", hunted)
	}
}
