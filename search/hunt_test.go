package search_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

func claimOf(t testing.TB, id string) theorems.Claim {
	t.Helper()
	claims, err := theorems.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return claims[0]
}

// A hunt by evaluations finds each known falsehood, in few components, whatever the
// seed. (Ten seeds of each, and the time they take, are in BENCHMARKS.md.)
func TestHuntFindsKnownFalsehoods(t *testing.T) {
	for _, c := range []struct {
		claim       string
		delta       *big.Rat
		components  int
		evaluations int
		seeds       int
	}{
		{"equality", nil, 2, 4000, 2},
		{"equality-centred", big.NewRat(1, 1), 3, 60000, 1},
		{"equality-biased", big.NewRat(1, 2), 3, 60000, 1},
		{"equality-biased", big.NewRat(1, 5), 3, 60000, 1},
		{"equality-biased", big.NewRat(9, 10), 3, 60000, 1},
		{"svd-shared", nil, 2, 4000, 2},
	} {
		if testing.Short() && c.components > 2 {
			continue
		}
		claim := claimOf(t, c.claim)
		for seed := range uint64(enough.Cases(c.seeds)) {
			f, err := search.Hunt(context.Background(), claim, search.Options{
				Limits: search.Limits{Delta: c.delta}, Evaluations: c.evaluations, Seed: seed, Workers: 2})
			if err != nil {
				t.Errorf("%s at δ = %v, seed %d: %v", c.claim, c.delta, seed, err)
				continue
			}
			t.Logf("%s, seed %d: %s; %s; start %d, %d evaluations", c.claim, seed, f.Case.Pairs.GoString(), f.Outcome.Detail, f.Start, f.Evaluations)
			p := f.Case.Pairs
			if p.Components() != c.components || p.Left.Dimension() != 2 {
				t.Errorf("%s, seed %d: K = %d, d = %d, want %d and 2", c.claim, seed, p.Components(), p.Left.Dimension(), c.components)
			}
			if f.Outcome.Verdict != oracle.Refuted || claim.Check(f.Case).Verdict != oracle.Refuted || claim.Hunt.Hypotheses.Check(f.Case) != nil {
				t.Errorf("%s, seed %d: %v is no counterexample", c.claim, seed, f.Case)
			}
			if c.delta != nil && p.ExactDelta().Cmp(c.delta) != 0 {
				t.Errorf("%s, seed %d: δ = %v, want %v", c.claim, seed, p.ExactDelta(), c.delta)
			}
			if c.claim == "equality" {
				checkSmall(t, f.Case)
			}
		}
	}
}

// checkSmall tells whether the weights sum to at most 5 and means are whole numbers
// up to 3.
func checkSmall(t *testing.T, c theorems.Case) {
	t.Helper()
	e := c.Pairs.Left.Exact()
	for _, w := range e.Weights {
		if w.Denom().Int64() > 5 {
			t.Errorf("%v: a weight is %v, want whole weights of sum 5 at most", c, w)
		}
	}
	for _, row := range e.Means {
		for _, x := range row {
			if size := new(big.Rat).Abs(x); !x.IsInt() || size.Cmp(big.NewRat(3, 1)) > 0 {
				t.Errorf("%v: a coordinate is %v, want whole ones up to 3", c, x)
			}
		}
	}
}

// The limits are kept: δ, components, dimension and separation.
func TestHuntKeepsLimits(t *testing.T) {
	claim := claimOf(t, "equality")
	near := search.Limits{Separation: big.NewRat(5, 2)} // without it the means end √10 apart
	f, err := search.Hunt(context.Background(), claim, search.Options{Limits: near, Evaluations: 20000, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	checkSeparation(t, f.Case, near.Separation)
	claim = claimOf(t, "equality-biased")
	l := search.Limits{Delta: big.NewRat(3, 4), Components: theorems.Range{Least: 4, Most: 4}, Dimension: theorems.Range{Least: 2, Most: 2}, Separation: big.NewRat(22, 1)}
	f, err = search.Hunt(context.Background(), claim, search.Options{Limits: l, Evaluations: 60000, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	p := f.Case.Pairs
	if p.Components() != 4 || p.Left.Dimension() != 2 || p.ExactDelta().Cmp(l.Delta) != 0 {
		t.Errorf("%v is outside the limits", f.Case)
	}
	checkSeparation(t, f.Case, l.Separation)
}

// checkSeparation tells whether no two means are farther apart than most, for the
// identity covariance, at which such hunts end.
func checkSeparation(t *testing.T, c theorems.Case, limit *big.Rat) {
	t.Helper()
	most, _ := limit.Float64()
	means := c.Pairs.Left.Means()
	k, d := means.Dims()
	for i := range k {
		for j := range i {
			var square float64
			for a := range d {
				x := means.At(i, a) - means.At(j, a)
				square += x * x
			}
			if square > most*most {
				t.Errorf("%v: two means are farther apart than %v", c, most)
			}
		}
	}
}

func TestHuntRefuses(t *testing.T) {
	hunt := func(id string, l search.Limits) error {
		_, err := search.Hunt(context.Background(), claimOf(t, id), search.Options{Limits: l, Evaluations: 100})
		return err
	}
	if err := hunt("invariance", search.Limits{}); !errors.Is(err, search.ErrNotSearchable) {
		t.Errorf("a claim without a search gives %v", err)
	}
	for _, l := range []search.Limits{
		{Delta: big.NewRat(1, 2)}, {Components: theorems.Range{Least: 3, Most: 2}}, {Components: theorems.Range{Least: 0, Most: 2}},
		{Dimension: theorems.Range{Least: 1, Most: 1000}}, {Separation: big.NewRat(-1, 1)},
	} {
		if err := hunt("equality-centred", l); !errors.Is(err, search.ErrLimits) {
			t.Errorf("%+v gives %v", l, err)
		}
	}
	// Two centred components have a Fisher subspace that is a line, where equality holds.
	if err := hunt("equality-centred", search.Limits{Components: theorems.Range{Least: 2, Most: 2}}); !errors.Is(err, search.ErrNothingFound) {
		t.Errorf("what is true gives %v", err)
	}
}

func TestHuntEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := search.Hunt(ctx, claimOf(t, "equality"), search.Options{Workers: 2}); !errors.Is(err, search.ErrNothingFound) {
		t.Errorf("a cancelled hunt ends with %v", err)
	}
}

// A hunt whose context ends yields what it has found as it is, even where a check never ends.
func TestHuntKeepsWhatItHasFound(t *testing.T) {
	claim := claimOf(t, "equality")
	ctx, cancel := context.WithCancel(context.Background())
	never := make(chan int)
	defer close(never)
	check := claim.Check
	var refuted atomic.Pointer[theorems.Case]
	claim.Check = func(c theorems.Case) theorems.Outcome {
		if refuted.Load() != nil {
			cancel()
			<-never
		}
		outcome := check(c)
		if outcome.Verdict == oracle.Refuted {
			refuted.Store(&c)
		}
		return outcome
	}
	f, err := search.Hunt(ctx, claim, search.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if f.Case.Pairs.GoString() != refuted.Load().Pairs.GoString() || f.Outcome.Verdict != oracle.Refuted || f.Outcome.Certificate != nil {
		t.Errorf("found %s: %v, want %s as it was drawn", f.Case.Pairs.GoString(), f.Outcome, refuted.Load().Pairs.GoString())
	}
}

// The budget ends a hunt that finds nothing.
func TestHuntEndsWithItsBudget(t *testing.T) {
	two := search.Limits{Components: theorems.Range{Least: 2, Most: 2}} // where the claim is true
	_, err := search.Hunt(context.Background(), claimOf(t, "equality-centred"), search.Options{Limits: two, Budget: 50 * time.Millisecond, Workers: 2})
	if !errors.Is(err, search.ErrNothingFound) {
		t.Errorf("%v, want ErrNothingFound", err)
	}
}

// What is found within a number of evaluations does not depend on the workers.
func TestHuntIsDeterministic(t *testing.T) {
	hunt := func(claim string, evaluations, workers int) string {
		finds, err := search.All(context.Background(), claimOf(t, claim), search.Options{Evaluations: evaluations, Seed: 5, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for f := range finds {
			fmt.Fprintf(&b, "%d %d %s %v\n", f.Start, f.Evaluations, f.Case.Pairs.GoString(), f.Outcome)
		}
		return b.String()
	}
	for claim, evaluations := range map[string]int{"equality": 1300, "equality-biased": 10000} {
		one, three := hunt(claim, evaluations, 1), hunt(claim, evaluations, 3)
		if strings.Count(one, "\n") < 2 {
			t.Errorf("%s: only %q was found", claim, one)
		}
		if one != three {
			t.Errorf("%s: one worker finds\n%sthree find\n%s", claim, one, three)
		}
	}
}
