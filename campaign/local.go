package campaign

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// mostHeld bounds the bytes of results that wait for an earlier one: beyond it no shard begins.
const mostHeld = 64 << 20

// Local does the shards in this process, up to workers of them at once; fewer than one means one. It hands their results to merge in the order 0, 1, 2, …, from the goroutine that called it, each as soon as it may: only results that
// wait for their turn are held, about 64 MB of them at most. An error of a shard or of merge ends it, and ErrEnough without one. When ctx ends, so does Local, with its error; what shards have come to until then is merged before, in
// order but with gaps.
func Local(ctx context.Context, job Job, workers int, merge func(n int, result []byte) error) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	p := pool{job: job, shards: job.Shards(), waiting: map[int][]byte{}, most: mostHeld}
	p.changed.L = &p.Mutex
	defer context.AfterFunc(working, p.wake)()
	p.running = min(max(workers, 1), p.shards)
	for range p.running {
		go p.work(working)
	}
	err := p.merge(ctx, merge)
	switch {
	case errors.Is(err, ErrEnough):
		return nil
	case err != nil || ctx.Err() == nil || p.merged == p.shards:
		return err
	}
	return fmt.Errorf("campaign: ended early: %w", ctx.Err())
}

// pool is what workers and the merging share.
type pool struct {
	sync.Mutex
	changed sync.Cond
	job     Job
	shards  int

	begun, merged int            // shards, in their order
	waiting       map[int][]byte // results
	held, most    int            // bytes of them
	failed        error          // of the first shard that failed
	failedAt      int            // that shard
	running       int            // workers
}

func (p *pool) wake() {
	p.Lock()
	defer p.Unlock()
	p.changed.Broadcast()
}

// work does one shard after the other.
func (p *pool) work(ctx context.Context) {
	p.Lock()
	defer p.Unlock()
	defer p.changed.Broadcast()
	defer func() { p.running-- }()
	for {
		for p.held > p.most && ctx.Err() == nil { // the next to be merged has begun
			p.changed.Wait()
		}
		if p.begun == p.shards || p.failed != nil || ctx.Err() != nil {
			return
		}
		n := p.begun
		p.begun++
		p.Unlock()
		result, err := p.job.Run(ctx, n)
		p.Lock()
		switch {
		case err == nil || ctx.Err() != nil && result != nil:
			p.waiting[n] = result
			p.held += len(result)
		case ctx.Err() == nil && (p.failed == nil || n < p.failedAt):
			p.failed, p.failedAt = fmt.Errorf("campaign: shard %d: %w", n, err), n
		}
		p.changed.Broadcast()
	}
}

// merge hands results over, each in its turn, until all are merged or one fails; where ctx ends, at last what there is.
func (p *pool) merge(ctx context.Context, merge func(n int, result []byte) error) error {
	p.Lock()
	defer p.Unlock()
	for p.merged < p.shards && ctx.Err() == nil {
		if _, there := p.waiting[p.merged]; !there {
			if p.failed != nil && p.merged == p.failedAt { // those before it have begun, and are waited for
				return p.failed
			}
			p.changed.Wait()
			continue
		}
		if err := p.hand(p.merged, merge); err != nil {
			return err
		}
		p.merged++
	}
	if p.merged == p.shards {
		return nil
	}
	for p.running > 0 { // they end at once
		p.changed.Wait()
	}
	for _, n := range slices.Sorted(maps.Keys(p.waiting)) {
		if err := p.hand(n, merge); err != nil {
			return err
		}
	}
	return nil
}

// hand hands a result over while others work.
func (p *pool) hand(n int, merge func(n int, result []byte) error) error {
	result := p.waiting[n]
	delete(p.waiting, n)
	p.held -= len(result)
	p.changed.Broadcast()
	p.Unlock()
	defer p.Lock()
	return merge(n, result)
}
