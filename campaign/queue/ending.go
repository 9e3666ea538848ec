package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go/jetstream"
)

// ending follows the results of a job that may need no more of them, in order.
type ending struct {
	alone  sync.Mutex
	enough func(n int, result []byte) bool // nil where all shards are needed
	next   int                             // shard that it is to be told of
	needed int                             // shards, once it is known that they are enough; else 0
	known  func()                          // is called then
}

// begins makes ready what follows the results anew; nothing where all shards are needed.
func (k *collector) begins() {
	k.end = ending{known: func() {}}
	if job, can := k.Job.(campaign.Ending); can {
		k.end.enough = job.Enough()
	}
}

// advance follows the results as far as they are checked without a gap.
func (k *collector) advance(ctx context.Context) error {
	e := &k.end
	e.alone.Lock()
	defer e.alone.Unlock()
	for e.enough != nil && e.needed == 0 && e.next < k.record.Shards && k.settled(e.next) {
		result, err := k.Run(ctx, e.next)
		if err != nil {
			return err
		}
		if e.next++; e.enough(e.next-1, result) {
			e.needed = e.next
			e.known()
		}
	}
	return nil
}

// onEnough has a function called when it is known that fewer shards are enough.
func (k *collector) onEnough(known func()) {
	k.end.alone.Lock()
	defer k.end.alone.Unlock()
	k.end.known = known
}

// needed is how many shards are enough as far as is known: all of them, or fewer.
func (k *collector) needed() int {
	k.end.alone.Lock()
	defer k.end.alone.Unlock()
	if k.end.needed > 0 {
		return k.end.needed
	}
	return k.record.Shards
}

// confirmed follows the results once more, as what a worker said that was caught later on is done again by now. Where they are not enough any more, gathering goes on.
func (k *collector) confirmed(ctx context.Context) (bool, error) {
	needed := k.needed()
	if needed == k.record.Shards {
		return true, nil
	}
	k.begins()
	if err := k.advance(ctx); err != nil {
		return false, err
	}
	return k.needed() < k.record.Shards, nil
}

// drop takes shards that nobody needs any more out of the queue.
func (k *collector) drop(ctx context.Context) error {
	return patiently(ctx, k.Patience, func(ctx context.Context) error {
		shards, err := k.js.Stream(ctx, shardsStream)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil
		}
		if err == nil {
			err = shards.Purge(ctx, jetstream.WithPurgeSubject(shardsRoot+".*."+k.record.ID+".*"))
		}
		if err != nil {
			return fmt.Errorf("campaign: %w", err)
		}
		return nil
	})
}
