package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go/jetstream"
)

// Working says how a worker works.
type Working struct {
	Cores int          // shards at once; default one
	Tell  func(string) // is called with lines for people, from one goroutine at a time; none if nil
}

// Work serves shards of all campaigns of this Identity until ctx ends; that is no error. A lost connection is tried again for
// ever, and so is a server on which nothing has been submitted yet. Shards under way when ctx ends are given back.
func (c *Connection) Work(ctx context.Context, o Working) error {
	s, err := newSigner()
	if err != nil {
		return err
	}
	w := &worker{Connection: c, signer: s, jobs: map[string]campaign.Job{}, tell: func(string) {}}
	if o.Tell != nil {
		var alone sync.Mutex
		w.tell = func(line string) {
			alone.Lock()
			defer alone.Unlock()
			o.Tell(line)
		}
	}
	w.tell(fmt.Sprintf("worker %s, %v", s.name, Self()))
	var serving sync.WaitGroup
	serving.Go(func() { w.refusals(ctx) })
	for range max(o.Cores, 1) {
		serving.Go(func() { w.serve(ctx) })
	}
	serving.Wait()
	return nil
}

type worker struct {
	*Connection
	signer
	tell func(string)

	mu   sync.Mutex
	jobs map[string]campaign.Job // those of late, by id
}

// How long a worker awaits a shard before it asks again.
const shardWait = 30 * time.Second

// serve does one shard after the other.
func (w *worker) serve(ctx context.Context) {
	var finishing sync.WaitGroup
	defer finishing.Wait()
	room := make(chan struct{}, 1) // a result that is on its way
	var shards jetstream.Consumer
	for ctx.Err() == nil {
		if shards == nil {
			shards = w.shards(ctx)
		}
		if shards == nil {
			pause(ctx, 4*retryWait) // nothing was ever submitted, or nobody answers
			continue
		}
		m, err := next(ctx, shards)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			shards = nil
			pause(ctx, retryWait)
		}
		if m == nil {
			continue
		}
		d, found := w.do(ctx, m, shards.CachedInfo().Config.AckWait)
		if !found {
			continue
		}
		room <- struct{}{}
		finishing.Go(func() {
			w.hand(ctx, d)
			<-room
		})
	}
}

// shards is the part of the queue that workers of this Identity are served from; nil where there is none.
func (w *worker) shards(ctx context.Context) (shards jetstream.Consumer) {
	_ = limited(ctx, func(ctx context.Context) (err error) {
		shards, err = w.js.Consumer(ctx, shardsStream, Self().token())
		return err
	})
	return shards
}

// next awaits a shard; nil if none comes.
func next(ctx context.Context, shards jetstream.Consumer) (jetstream.Msg, error) {
	ctx, stop := context.WithTimeout(ctx, shardWait)
	defer stop()
	batch, err := shards.Fetch(1, jetstream.FetchContext(ctx), jetstream.FetchHeartbeat(shardWait/15))
	if err != nil {
		return nil, err
	}
	if m, ok := <-batch.Messages(); ok {
		return m, nil
	}
	return nil, batch.Error()
}

// job is a campaign made ready. Those of the last few are kept.
func (w *worker) job(ctx context.Context, id string) (campaign.Job, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if job, known := w.jobs[id]; known {
		return job, nil
	}
	var r Record
	err := patiently(ctx, 0, func(ctx context.Context) (err error) {
		r, err = w.Show(ctx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	job, err := w.Open(r.Request)
	if err != nil {
		return nil, err
	}
	w.tell(fmt.Sprintf("campaign %s: %d shards of %s", id, r.Shards, r.Request.Kind))
	const most = 8
	for old := range w.jobs {
		if len(w.jobs) < most {
			break
		}
		delete(w.jobs, old)
	}
	w.jobs[id] = job
	return job, nil
}

// refusals tells of campaigns that this worker may not work at.
func (w *worker) refusals(ctx context.Context) {
	const every = time.Minute
	told := map[string]bool{}
	for ; ctx.Err() == nil; pause(ctx, every) {
		all, err := limitedList(ctx, w.Connection)
		if err != nil {
			continue
		}
		for _, r := range all {
			if r.Identity != Self() && !told[r.ID] {
				told[r.ID] = true
				w.tell(fmt.Sprintf("campaign %s was submitted by another program: expected a worker of %v, found %v; it gets no shards of it", r.ID, r.Identity, Self()))
			}
		}
	}
}

// limitedList is List within the time of one call.
func limitedList(ctx context.Context, c *Connection) (all []Record, err error) {
	err = limited(ctx, func(ctx context.Context) (err error) {
		all, err = c.List(ctx)
		return err
	})
	return all, err
}
