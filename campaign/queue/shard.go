package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"contrastcheck/campaign"
	"contrastcheck/internal/workers"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// mostDeliveries is how often a shard is handed out to workers of which none reports anything, as they are killed or cut off, before
// that counts as a failure of the shard.
const mostDeliveries = 20

// done is a shard that a worker is done with.
type done struct {
	message  jetstream.Msg
	id       string
	n        int
	delivery uint64
	result   []byte
	failure  error
	alive    context.CancelFunc // ends the signs of life
}

// do does a shard. It returns false where there is nothing to hand in.
func (w *worker) do(ctx context.Context, m jetstream.Msg, silence time.Duration) (d done, found bool) {
	at, err := m.Metadata()
	id, n, ok := parseShard(m.Subject())
	if err != nil || !ok {
		_ = m.Term()
		return d, false
	}
	living, stop := context.WithCancel(ctx)
	d = done{message: m, id: id, n: n, delivery: at.NumDelivered, alive: stop}
	go live(living, m, silence)
	d.result, d.failure = w.run(ctx, d)
	switch {
	case ctx.Err() != nil:
		stop()
		_ = m.Nak() // somebody else has it at once
		return d, false
	case errors.Is(d.failure, ErrGone):
		stop()
		_ = m.Term()
		return d, false
	}
	return d, true
}

// live gives signs of life, of which the server misses two at most.
func live(ctx context.Context, m jetstream.Msg, silence time.Duration) {
	for pause(ctx, silence/3); ctx.Err() == nil; pause(ctx, silence/3) {
		_ = m.InProgress()
	}
}

// run computes the result of a shard, until ctx ends, whatever the job does then.
func (w *worker) run(ctx context.Context, d done) (result []byte, err error) {
	if d.delivery > mostDeliveries {
		return nil, fmt.Errorf("it was handed out %d times, and no worker reported anything", d.delivery-1)
	}
	job, err := w.job(ctx, d.id)
	if err != nil {
		return nil, err
	}
	return workers.Await(ctx, func() ([]byte, error) { return safely(ctx, job, d.n) })
}

// safely makes a panic an error.
func safely(ctx context.Context, job campaign.Job, n int) (result []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if n >= job.Shards() {
		return nil, fmt.Errorf("expected a shard below %d, found %d", job.Shards(), n)
	}
	return job.Run(ctx, n)
}

// hand hands a result or a failure in, for as long as it takes, and then takes the shard out of the queue.
func (w *worker) hand(ctx context.Context, d done) {
	defer d.alive()
	err := patiently(ctx, 0, func(ctx context.Context) error {
		if d.failure != nil {
			return w.fail(ctx, d)
		}
		return w.publish(ctx, d)
	})
	switch {
	case errors.Is(err, errAgain):
		_ = d.message.NakWithDelay(failureWait)
	case err == nil, errors.Is(err, errTaken), errors.Is(err, ErrGone):
		_ = d.message.Ack()
	case ctx.Err() != nil:
		_ = d.message.Nak()
	default:
		w.tell(fmt.Sprintf("campaign %s, shard %d could not be handed in: %v", d.id, d.n+1, err))
		_ = d.message.NakWithDelay(failureWait)
		pause(ctx, failureWait)
	}
}

// failureWait is what passes after a failure before a shard is handed out again.
const failureWait = 2 * time.Second

// publish publishes a result. One that is there already is as good.
func (w *worker) publish(ctx context.Context, d done) error {
	body, large := d.result, len(d.result) > mostMessage
	if large {
		sum := sha256.Sum256(d.result)
		name := hex.EncodeToString(sum[:])
		store, err := w.js.ObjectStore(ctx, largeBucket(d.id))
		if err != nil {
			return err
		}
		if _, err := store.GetInfo(ctx, name); err != nil { // else it is there already
			if _, err := store.PutBytes(ctx, name, d.result); err != nil {
				return err
			}
		}
		body = []byte(name)
	}
	m := w.sign(doneSubject(d.id, d.n), body, d.delivery)
	if large {
		m.Header.Set(headerLarge, "1")
	}
	return w.put(ctx, d.id, m)
}

// put publishes a message of a campaign that takes no second one under its subject: errTaken says that there is one. The campaign may be no more, ErrGone.
func (w *worker) put(ctx context.Context, id string, m *nats.Msg) error {
	_, err := w.js.PublishMsg(ctx, m, jetstream.WithExpectStream(resultsStream(id)))
	if taken(err) {
		return errTaken
	}
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		if _, missing := w.record(ctx, id); errors.Is(missing, ErrGone) {
			return missing
		}
	}
	return err
}

// errTaken says that a subject has its message.
var errTaken = errors.New("campaign: it is there already")

// errAgain is the end of a failure that is not the shard's last.
var errAgain = errors.New("campaign: once more")

// fail publishes a failure under its number, or errAgain.
func (w *worker) fail(ctx context.Context, d done) error {
	text := d.failure.Error()
	text = text[:min(len(text), mostError)]
	for attempt := 1; attempt <= mostFailures; attempt++ {
		m := w.sign(failedSubject(d.id, d.n, attempt), []byte(text), d.delivery)
		err := w.put(ctx, d.id, m)
		switch {
		case errors.Is(err, errTaken):
			continue
		case err != nil:
			return err
		case attempt < mostFailures:
			return errAgain
		}
	}
	return nil
}
