// Package workers computes on several cores what can be abandoned: when a context ends, so
// does the waiting, whatever the computations under way do. They go on in the background until
// they end by themselves, and what they have to say then is dropped.
package workers

import (
	"context"
	"sync"
	"sync/atomic"
)

// Run calls job(0), …, job(jobs − 1), up to workers of them at once; fewer than one means one.
// What a job has found it hands, as a function, to keep, which has it called by the goroutine
// that called Run, one at a time and those of a job in its order; nothing else may write to what
// others read. keep returns false where ctx has ended: the job should end, too.
//
// Run returns nil once all jobs are done, or the error of ctx as soon as that ends.
func Run(ctx context.Context, workers, jobs int, job func(n int, keep func(func()) bool)) error {
	found := make(chan func())
	var next, done atomic.Int64
	var running sync.WaitGroup
	for range min(max(workers, 1), jobs) {
		running.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= jobs {
					return
				}
				whole := true
				job(n, func(f func()) bool {
					select {
					case found <- f:
						return true
					case <-ctx.Done():
						whole = false
						return false
					}
				})
				if whole {
					done.Add(1)
				}
			}
		})
	}
	go func() {
		running.Wait()
		close(found)
	}()
	for ctx.Err() == nil {
		select {
		case f, more := <-found:
			if more {
				f()
				continue
			}
			if int(done.Load()) == jobs {
				return nil
			}
			return ctx.Err()
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// Await returns what work does, or the error of ctx as soon as that ends.
func Await[R any](ctx context.Context, work func() (R, error)) (result R, err error) {
	ended := Run(ctx, 1, 1, func(_ int, keep func(func()) bool) {
		r, failure := work()
		keep(func() { result, err = r, failure })
	})
	if ended != nil {
		err = ended
	}
	return result, err
}
