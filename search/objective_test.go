package search_test

import (
	"context"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

// An objective finds better counterexamples than the simplest is, by its own measure, whatever the workers.
func TestObjectivesAreMet(t *testing.T) {
	hunt := func(id string, o search.Objective, evaluations, workers int) search.Find {
		t.Helper()
		f, err := search.Hunt(context.Background(), claimOf(t, id), search.Options{Objective: o, Evaluations: evaluations, Seed: 2, Workers: workers})
		if err != nil {
			t.Fatalf("%s, %v: %v", id, o, err)
		}
		if claimOf(t, id).Check(f.Case).Verdict != oracle.Refuted {
			t.Fatalf("%s, %v: %v is no counterexample", id, o, f.Case)
		}
		t.Logf("%s, %v: %s; %s", id, o, f.Case.Pairs.GoString(), f.Outcome.Detail)
		return f
	}
	simple, convincing := hunt("equality", search.Simple, 2000, 2), hunt("equality", search.Convincing, 2000, 2)
	if !(convincing.Outcome.Value < 20*simple.Outcome.Value) {
		t.Errorf("the margin is %v, and %v of the simplest", convincing.Outcome.Value, simple.Outcome.Value)
	}
	if again := hunt("equality", search.Convincing, 2000, 1); again.Case.Pairs.GoString() != convincing.Case.Pairs.GoString() {
		t.Errorf("one worker finds %v, two find %v", again.Case, convincing.Case)
	}
	balanced := hunt("equality-biased", search.Balanced, 4500, 2)
	if balanced.Lightest().Cmp(big.NewRat(1, 40)) < 0 || balanced.Outcome.Certificate == nil {
		t.Errorf("the smallest weight is %v (%v), want 1/40 or more, proved", balanced.Lightest(), balanced.Outcome)
	}
}

// The widest margin of a centred counterexample is beyond −1.6e-3, that of 1:11:420, on every seed.
func TestConvincingOnEverySeed(t *testing.T) {
	if !enough.Attack() {
		t.Skip("ten hunts take minutes")
	}
	for seed := range uint64(10) {
		f, err := search.Hunt(context.Background(), claimOf(t, "equality-centred"), search.Options{Objective: search.Convincing, Evaluations: 9000, Seed: seed, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("seed %d: %v, %s", seed, f.Outcome.Value, f.Case.Pairs.GoString())
		if !(f.Outcome.Value <= -1.6e-3) {
			t.Errorf("seed %d: the margin is %v", seed, f.Outcome.Value)
		}
	}
}

func TestParseObjective(t *testing.T) {
	for _, o := range []search.Objective{search.Simple, search.Convincing, search.Balanced} {
		if got, err := search.ParseObjective(o.String()); err != nil || got != o {
			t.Errorf("%v is read as %v, %v", o, got, err)
		}
	}
	if _, err := search.ParseObjective("size"); err == nil {
		t.Error("size is read")
	}
}

// A conjecture of a predicate is hunted; what is found refutes it, by the grade of its quantities, and what the losses keep is as the library of counterexamples has it.
func TestConjecturesAreHunted(t *testing.T) {
	for _, c := range []struct {
		text    string
		centred bool
		says    string
	}{
		{"rank(infonce) == rank(spectral)", false, "rank(infonce) = 1; rank(spectral) = 2"},
		{"rank(infonce) == rank(spectral)", true, "rank(infonce) = 1; rank(spectral) = 2"},
		{"kept(infonce-16) <= kept(infonce)", true, "kept(infonce-16) = 2; kept(infonce) = 1"},
		{"!(rank(infonce) < rank(spectral)) || delta < 1/2", false, "rank(infonce) = 1"},
		{"margin(spectral) >= margin(infonce)", false, "margin(spectral) = "},
	} {
		if c.centred && !enough.Attack() {
			continue // where few losses differ, and solves are slow
		}
		p := parsed(t, c.text)
		claim := search.Conjecture(p)
		f, err := search.Hunt(context.Background(), claim, search.Options{Limits: search.Limits{Centred: c.centred, Conjecture: p}, Evaluations: 6000, Seed: 1, Workers: 2})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if p.Judge(f.Case.Pairs).Verdict != oracle.Refuted || f.Outcome.Grade > oracle.Bounded || !strings.Contains(f.Outcome.Detail, c.says) {
			t.Errorf("%s: %v: %v", c.text, f.Case, f.Outcome)
		}
	}
}

// A corpus is ranked by margin and by size.
func TestRank(t *testing.T) {
	folder := t.TempDir()
	corpus, err := search.OpenCorpus(folder)
	if err != nil {
		t.Fatal(err)
	}
	claim := claimOf(t, "equality")
	for _, stored := range theorems.Stored("equality")[:4] {
		outcome := claim.Check(stored.Case)
		if _, _, _, err := corpus.Add(context.Background(), claim, search.Find{Case: stored.Case, Outcome: outcome}); err != nil {
			t.Fatal(err)
		}
	}
	for _, by := range []search.Objective{search.Simple, search.Convincing, search.Balanced} {
		all, err := search.Rank(context.Background(), folder, by)
		if err != nil || len(all) != 4 {
			t.Fatalf("%v: %d, %v", by, len(all), err)
		}
		ranks := ""
		for i, r := range all {
			for _, s := range all[:i] {
				if (s.Outcome.Value < r.Outcome.Value) != (s.ByMargin < r.ByMargin) {
					t.Errorf("%s has the margin %v and rank %d, %s %v and %d", s.File, s.Outcome.Value, s.ByMargin, r.File, r.Outcome.Value, r.ByMargin)
				}
			}
			ranks += strconv.Itoa(map[search.Objective]int{search.Simple: r.BySize, search.Convincing: r.ByMargin}[by])
			if by == search.Balanced && i > 0 && all[i-1].Lightest.Cmp(r.Lightest) < 0 {
				t.Errorf("%v comes before %v", all[i-1].Lightest, r.Lightest)
			}
		}
		if by != search.Balanced && ranks != "1234" {
			t.Errorf("by %v the ranks are %s", by, ranks)
		}
	}
	if _, err := search.Rank(context.Background(), folder+"/none", search.Simple); err == nil {
		t.Error("a folder that is none is ranked")
	}
}

// A file that a claim is not about is not listed as a counterexample, whatever its name says.
func TestRankAsksWhatTheClaimIsAbout(t *testing.T) {
	folder := t.TempDir()
	uncentred := `{"weights": [1, 2], "means": [[2, 1], [-1, 0]], "covariance": "identity", "delta": 1}`
	weak := `{"weights": [1, 2], "means": [[2, 1], [-1, 0]], "covariance": "identity", "delta": "1/2"}`
	own := `{"weights": [1, 2], "means": [[2, 1], [-1, 0]], "covariance": [[[1, 0], [0, 1]], [[2, 0], [0, 1]]], "delta": 1}`
	for name, text := range map[string]string{"equality-centred_uncentred": uncentred, "equality_weak": weak, "equality_own": own, "equality_two": uncentred} {
		if err := os.WriteFile(filepath.Join(folder, name+".json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	says := map[string]string{"equality-centred_uncentred": "expected a centred mixture", "equality_weak": "expected δ = 1", "equality_own": "expected a shared covariance"}
	all, err := search.Rank(context.Background(), folder, search.Simple)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d, %v", len(all), err)
	}
	for i, r := range all {
		want := says[strings.TrimSuffix(filepath.Base(r.File), ".json")]
		if ranked := r.ByMargin == 1 && r.BySize == 1; r.Refutes() != (want == "") || ranked != r.Refutes() || r.Refutes() != (i == 0) || !strings.Contains(r.Outcome.Detail, want) {
			t.Errorf("%s comes at place %d: %+v", r.File, i, r.Outcome)
		}
	}
}

// What a start gets for an objective is for improving: where it finds nothing, the next one begins as soon as without.
func TestObjectivesPutOffNoStart(t *testing.T) {
	claim := theorems.Claim{ID: "never", Hunt: &theorems.Hunt{
		Score: func(theorems.Case) float64 { return -1 }, Draw: shared, Components: theorems.Range{Least: 2, Most: 2}, Dimension: theorems.Range{Least: 2, Most: 2},
	}}
	first := func(by search.Objective) int {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		scored := 0
		_, err := search.Hunt(ctx, claim, search.Options{Objective: by, Progress: func(tried search.Tried) {
			if scored == 0 {
				scored = tried.Evaluations
			}
			cancel()
		}})
		if !errors.Is(err, search.ErrNothingFound) {
			t.Errorf("%v: %v", by, err)
		}
		return scored
	}
	alone := first(search.Simple)
	for _, by := range []search.Objective{search.Convincing, search.Balanced} {
		if got := first(by); got != alone || got == 0 {
			t.Errorf("%v: the first start scores %d candidates, %d without an objective", by, got, alone)
		}
	}
}
