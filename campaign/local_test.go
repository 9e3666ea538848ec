package campaign_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"contrastcheck/campaign"
)

// toy is a job of shards that work calls.
type toy struct {
	shards int
	work   func(ctx context.Context, n int) ([]byte, error)
}

func (j toy) Shards() int                                         { return j.shards }
func (j toy) Run(ctx context.Context, n int) ([]byte, error)      { return j.work(ctx, n) }
func (j toy) Check(ctx context.Context, n int, text []byte) error { return nil }

// numbered is a job whose results are the numbers of its shards.
func numbered(shards int) toy {
	return toy{shards, func(_ context.Context, n int) ([]byte, error) { return strconv.AppendInt(nil, int64(n), 10), nil }}
}

// Results come in order and none is missing, whatever the workers.
func TestLocalMergesInOrder(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 5, 500} {
		next := 0
		err := campaign.Local(t.Context(), numbered(300), workers, func(n int, result []byte) error {
			if n != next || string(result) != strconv.Itoa(n) {
				t.Fatalf("%d workers: %d, %s in the place of %d", workers, n, result, next)
			}
			next++
			return nil
		})
		if err != nil || next != 300 {
			t.Errorf("%d workers: %v after %d", workers, err, next)
		}
	}
}

// Shards that come in a given order, the last first, are merged in theirs; who waits for the first is held.
func TestLocalWaitsForTheFirst(t *testing.T) {
	const shards = 5
	var gates [shards + 1]chan struct{}
	for n := range gates {
		gates[n] = make(chan struct{})
	}
	close(gates[shards])
	job := toy{shards, func(_ context.Context, n int) ([]byte, error) {
		<-gates[n+1]
		defer close(gates[n])
		return []byte{byte(n)}, nil
	}}
	var merged []int
	if err := campaign.Local(t.Context(), job, shards, func(n int, _ []byte) error { merged = append(merged, n); return nil }); err != nil || !slices.IsSorted(merged) || len(merged) != shards {
		t.Errorf("%v: merged %v", err, merged)
	}
}

// Enough ends the work without an error, another error with it, and what comes later is dropped.
func TestLocalEndsWithItsMerge(t *testing.T) {
	wrong := errors.New("wrong")
	for _, c := range []struct{ said, want error }{{campaign.ErrEnough, nil}, {fmt.Errorf("so: %w", campaign.ErrEnough), nil}, {wrong, wrong}} {
		calls := 0
		err := campaign.Local(t.Context(), numbered(50), 3, func(n int, _ []byte) error {
			if calls++; n == 4 {
				return c.said
			}
			return nil
		})
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) || calls != 5 {
			t.Errorf("%v: %v after %d calls", c.said, err, calls)
		}
	}
	job := toy{9, func(_ context.Context, n int) ([]byte, error) {
		if n == 6 {
			return nil, wrong
		}
		return []byte{1}, nil
	}}
	merged := 0
	if err := campaign.Local(t.Context(), job, 2, func(int, []byte) error { merged++; return nil }); !errors.Is(err, wrong) || !strings.Contains(err.Error(), "shard 6") || merged != 6 {
		t.Errorf("a shard that fails: %v, %d merged", err, merged)
	}
}

// When the context ends, what shards have come to is handed over, in order.
func TestLocalIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	job := toy{100, func(ctx context.Context, n int) ([]byte, error) {
		switch n {
		case 0: // is merged
		case 3:
			cancel()
			return []byte("whole"), nil
		case 1:
			<-ctx.Done()
			return []byte("a part"), ctx.Err()
		default:
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return []byte("first"), nil
	}}
	var merged []string
	err := campaign.Local(ctx, job, 4, func(n int, result []byte) error {
		merged = append(merged, fmt.Sprintf("%d %s", n, result))
		return nil
	})
	if want := []string{"0 first", "1 a part", "3 whole"}; !errors.Is(err, context.Canceled) || !slices.Equal(merged, want) {
		t.Errorf("%v: merged %q, want %q", err, merged, want)
	}
}

// While the first shard takes its time, others go on until what waits for it is large.
func TestLocalHoldsALimitedAmount(t *testing.T) {
	const size = 1 << 20
	var begun atomic.Int64
	stalled := make(chan struct{})
	job := toy{1000, func(ctx context.Context, n int) ([]byte, error) {
		if n == 0 {
			<-stalled
		}
		if begun.Add(1) == 64 { // so many wait, and no more begin than there are workers
			close(stalled)
		}
		return make([]byte, size), nil
	}}
	most := int64(0)
	err := campaign.Local(t.Context(), job, 4, func(n int, _ []byte) error {
		most = max(most, begun.Load()-int64(n))
		return nil
	})
	if err != nil || most > 80 {
		t.Errorf("%v: %d MB waited", err, most)
	}
}

// A request that this program does not serve is refused in a line.
func TestOpenRefuses(t *testing.T) {
	for _, r := range []campaign.Request{{}, {Kind: "verify"}, {Kind: "verify", Parameters: []byte(`{"claims":[]}`)}, {Kind: "verify", Parameters: []byte(`{"claims":[{"id":"none","cases":3}],"seed":1,"outcomes":false}`)},
		{Kind: "verify", Parameters: []byte(`{"claims":[{"id":"equality","cases":0}],"seed":1,"outcomes":false}`)}, {Kind: "verify", Parameters: []byte(`{"claims":[{"id":"equality","cases":3}],"seed":1,"other":1}`)},
		{Kind: "search", Parameters: []byte(`{}`)}, {Kind: "search", Parameters: []byte(`{"claim":"equality","objective":"simple"}`)}, {Kind: "search", Parameters: []byte(`{"claim":"augmentation","objective":"simple","evaluations":3}`)},
		{Kind: "frontier", Parameters: []byte(`{}`)}, {Kind: "refine", Parameters: []byte(`{}`)}, {Kind: "refine", Parameters: []byte(`null`)}} {
		if job, err := campaign.Open(r); !errors.Is(err, campaign.ErrRequest) || job != nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %s: %v, %v", r.Kind, r.Parameters, job, err)
		}
	}
}
