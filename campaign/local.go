package campaign

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// ahead is how many shards a worker that waits for none may be ahead of the merging, for each worker: results that wait for an earlier one are held, and no more than these.
const ahead = 32

// Local does the shards in this process, up to workers of them at once; fewer than one means one. It hands their results to merge in the order 0, 1, 2, …, from the goroutine that called it, each as soon as it may: only results that
// wait for their turn are held. An error of a shard or of merge ends it, and ErrEnough without one. When ctx ends, so does Local, with its error; what shards have come to until then is merged before, in
// order but with gaps.
func Local(ctx context.Context, job Job, workers int, merge func(n int, result []byte) error) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	shards := job.Shards()
	workers = min(max(workers, 1), shards)
	room := make(chan struct{}, ahead*workers) // a token for each shard that has begun and is not merged
	done := make(chan ran, cap(room))          // never full: nobody waits to hand over
	var next atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for {
				select {
				case room <- struct{}{}:
				case <-working.Done():
					return
				}
				n := int(next.Add(1)) - 1
				if n >= shards || working.Err() != nil {
					return
				}
				result, err := job.Run(working, n)
				done <- ran{n, result, err}
			}
		})
	}
	go func() {
		running.Wait()
		close(done)
	}()
	q := inOrder{merge: merge, waiting: map[int][]byte{}, merged: func() { <-room }}
	for r := range done {
		switch {
		case ctx.Err() != nil:
			q.late(r)
			continue
		case r.err != nil:
			return fmt.Errorf("campaign: shard %d: %w", r.n, r.err)
		}
		if err := q.add(r); errors.Is(err, ErrEnough) {
			return nil
		} else if err != nil {
			return err
		}
		if q.next == shards {
			return nil
		}
	}
	err := q.rest()
	if ctx.Err() == nil || err != nil && !errors.Is(err, ErrEnough) {
		return err
	}
	return fmt.Errorf("campaign: ended early: %w", ctx.Err())
}

// ran is what a shard came to.
type ran struct {
	n      int
	result []byte
	err    error
}

// inOrder holds results until it is their turn.
type inOrder struct {
	merge   func(n int, result []byte) error
	merged  func()
	waiting map[int][]byte
	next    int
}

// add merges what may be merged.
func (q *inOrder) add(r ran) error {
	q.waiting[r.n] = r.result
	for result, there := q.waiting[q.next]; there; result, there = q.waiting[q.next] {
		delete(q.waiting, q.next)
		if err := q.merge(q.next, result); err != nil {
			return err
		}
		q.next++
		q.merged()
	}
	return nil
}

// late keeps what a shard came to before it was interrupted.
func (q *inOrder) late(r ran) {
	if r.result != nil {
		q.waiting[r.n] = r.result
	}
}

// rest merges what there is, with gaps.
func (q *inOrder) rest() error {
	for _, n := range slices.Sorted(maps.Keys(q.waiting)) {
		if err := q.merge(n, q.waiting[n]); err != nil {
			return err
		}
	}
	return nil
}
