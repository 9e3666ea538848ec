package workers_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"contrastcheck/internal/workers"
)

// All that jobs keep arrives, that of one job in its order.
func TestRun(t *testing.T) {
	for _, cores := range []int{0, 1, 3, 50} {
		kept := make([][]int, 20)
		err := workers.Run(t.Context(), cores, len(kept), func(n int, keep func(func()) bool) {
			for i := range n {
				keep(func() { kept[n] = append(kept[n], i) })
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for n, got := range kept {
			if len(got) != n || !slices.IsSorted(got) {
				t.Errorf("%d workers: job %d has kept %v", cores, n, got)
			}
		}
	}
	if err := workers.Run(t.Context(), 2, 0, nil); err != nil {
		t.Errorf("no jobs: %v", err)
	}
}

// When the context ends, what was kept stands, and a job that never ends holds nobody.
func TestRunIsAbandoned(t *testing.T) {
	never := make(chan int)
	ctx, cancel := context.WithCancel(t.Context())
	var kept []int
	refused := make(chan bool, 1)
	err := workers.Run(ctx, 2, 3, func(n int, keep func(func()) bool) {
		switch n {
		case 0:
			keep(func() { kept = append(kept, n); cancel() })
			refused <- !keep(func() { t.Error("kept after the end") })
		default:
			<-never
		}
	})
	if !errors.Is(err, context.Canceled) || !slices.Equal(kept, []int{0}) {
		t.Errorf("%v, kept %v", err, kept)
	}
	if !<-refused {
		t.Error("what came after the end was taken")
	}
	close(never)
}

func TestAwait(t *testing.T) {
	failure := errors.New("failure")
	if x, err := workers.Await(t.Context(), func() (int, error) { return 7, failure }); x != 7 || !errors.Is(err, failure) {
		t.Errorf("%d, %v, want 7 and the failure", x, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	never := make(chan int)
	defer close(never)
	cancel()
	if _, err := workers.Await(ctx, func() (int, error) { return <-never, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the error of the context", err)
	}
}
