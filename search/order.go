package search

import (
	"cmp"
	"context"
	"iter"
	"sync/atomic"
)

// attempt is the work of a start. It tells what it has led to as often as it likes; the last
// word counts.
type attempt func(found func(Attempt))

// inOrder yields what attempts 0, 1, … lead to, in their order, of which up to workers are under
// way at once. It ends before the first that is nil; none begins once ends is done; and once
// abandoned is, what those under way have found until then is yielded and nothing waited for.
func inOrder(ends, abandoned context.Context, workers int, begin func(n int) attempt) iter.Seq[Attempt] {
	return func(yield func(Attempt) bool) {
		ends, stop := context.WithCancel(ends)
		defer stop()
		pending := make(chan *underWay, workers-1)
		go func() {
			defer close(pending)
			for n := 0; ends.Err() == nil; n++ {
				run := begin(n)
				if run == nil {
					return
				}
				u := &underWay{done: make(chan struct{})}
				select {
				case pending <- u:
					go func() {
						defer close(u.done)
						run(func(r Attempt) { u.found.Store(&r) })
					}()
				case <-ends.Done():
					return
				}
			}
		}()
		for u := range pending {
			select {
			case <-u.done:
			case <-abandoned.Done():
			}
			if !yield(*cmp.Or(u.found.Load(), &Attempt{})) {
				return
			}
		}
	}
}

// underWay is an attempt that has begun.
type underWay struct {
	done  chan struct{}
	found atomic.Pointer[Attempt] // the last word; nil until there is one
}
