package theorems_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

// The outcome of a verification depends on the seed alone.
func TestVerifyIsDeterministic(t *testing.T) {
	t.Parallel()
	cases := enough.Cases(4)
	claims := slices.DeleteFunc(theorems.All(), dear)
	run := func(workers int) string {
		results, err := theorems.Verify(context.Background(), claims, theorems.Options{Cases: cases, Seed: 3, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, r := range results {
			b.WriteString(r.Claim.ID)
			for _, n := range []int{r.Cases, r.Holds, r.Refuted, r.Undecided} {
				b.WriteString(" " + strconv.Itoa(n))
			}
			b.WriteString(" " + strconv.FormatFloat(r.Worst, 'g', -1, 64) + "\n")
		}
		return b.String()
	}
	if one, four := run(1), run(4); one != four {
		t.Errorf("one worker finds\n%s\nfour find\n%s", one, four)
	}
}

// What was checked is kept, even where a check never ends.
func TestVerifyAbandonsChecks(t *testing.T) {
	never := make(chan int)
	defer close(never)
	for _, id := range []string{"equality-line", "svd-shared"} { // one that holds, one that is refuted
		claims, err := theorems.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		checks, check := 0, claims[0].Check
		claims[0].Check = func(c theorems.Case) theorems.Outcome {
			if checks++; checks == 2 {
				cancel()
				<-never
			}
			return check(c)
		}
		results, err := theorems.Verify(ctx, claims, theorems.Options{Cases: 10})
		r := results[0]
		if !errors.Is(err, context.Canceled) || r.Cases+r.Replayed != 1 || r.Complete {
			t.Errorf("%s: %v, %d cases and %d replayed, complete = %v, want 1 in all", id, err, r.Cases, r.Replayed, r.Complete)
		}
	}
}

func TestVerifyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	results, err := theorems.Verify(ctx, theorems.All(), theorems.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled verification ends with %v", err)
	}
	for _, r := range results {
		if r.Cases > 0 || r.Found() == oracle.Holds {
			t.Errorf("%s: %v after %d cases, though the context had ended", r.Claim.ID, r.Found(), r.Cases)
		}
	}
}
