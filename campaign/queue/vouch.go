package queue

import (
	"context"
	"crypto/sha256"
	"fmt"

	"contrastcheck/campaign"
	"contrastcheck/internal/workers"
)

// vouch does a shard again of each worker of whose shards none was, once any worker is caught: who lies under a new key for every shard would be caught
// in a few of them otherwise, and be believed in all others.
func (k *collector) vouch(ctx context.Context) error {
	drawn := k.strangers(k.draw)
	var failed error
	err := workers.Run(ctx, k.Workers, len(drawn), func(i int, keep func(func()) bool) {
		n := drawn[i]
		found, err := k.Job.Run(ctx, n)
		keep(func() {
			if err != nil {
				failed = err
				return
			}
			var lie error
			if digest, _ := k.trusted(n); digest != digestOf(sha256.Sum256(found)) {
				lie = &campaign.False{Shard: n, Expected: fmt.Sprintf("%.60q, as it was done again", found), Found: "another result"}
			}
			k.examined(k.workerOf(n), lie, true)
		})
	})
	if err == nil {
		err = failed
	}
	return err
}

// strangers draws a shard of each worker that was neither caught nor has had one done again; none where nobody was caught.
func (l *ledger) strangers(draw func() float64) (drawn []int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	caught := false
	for _, w := range l.workers {
		caught = caught || w.lie != nil
	}
	if !caught {
		return nil
	}
	seen, of := make([]int, len(l.workers)), make([]int, len(l.workers))
	for n, s := range l.shards {
		if s.worker == nobody || l.workers[s.worker].lie != nil || l.workers[s.worker].redone {
			continue
		}
		if seen[s.worker]++; draw()*float64(seen[s.worker]) < 1 { // the last of seen shards, with probability 1/seen
			of[s.worker] = n
		}
	}
	for w := range of {
		if seen[w] > 0 {
			drawn = append(drawn, of[w])
		}
	}
	return drawn
}

// workerOf is who has answered a shard.
func (l *ledger) workerOf(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int(l.shards[n].worker)
}
