package queue

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// follower reads a stream from its first message on, each once and in order, whatever becomes of connection and server.
type follower struct {
	js     jetstream.JetStream
	stream string
	seen   int    // messages so far
	next   uint64 // sequence in the stream of the next message, or less where some are deleted

	consumer  jetstream.Consumer
	delivered uint64 // messages of this consumer: a gap in its own count is a message that was lost on the way
}

const (
	batchSize = 64 // of half a megabyte at most
	batchWait = 2 * time.Second
)

// read hands messages to each as they come, for batchWait or until each returns false.
func (f *follower) read(ctx context.Context, each func(jetstream.Msg) bool) error {
	err := f.batch(ctx, each)
	if err != nil {
		f.consumer = nil // a new one goes on from here
	}
	return err
}

func (f *follower) batch(ctx context.Context, each func(jetstream.Msg) bool) error {
	if f.consumer == nil {
		err := limited(ctx, func(ctx context.Context) (err error) {
			f.consumer, err = f.js.CreateConsumer(ctx, f.stream, jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy,
				DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(f.next, 1), InactiveThreshold: time.Minute, MemoryStorage: true, Replicas: 1})
			return err
		})
		if err != nil {
			return err
		}
		f.delivered = 0
	}
	ctx, stop := context.WithTimeout(ctx, batchWait)
	defer stop()
	messages, err := f.consumer.Fetch(batchSize, jetstream.FetchContext(ctx), jetstream.FetchHeartbeat(batchWait/4))
	if err != nil {
		return err
	}
	for m := range messages.Messages() {
		at, err := m.Metadata()
		if err != nil {
			return err
		}
		if at.Sequence.Consumer != f.delivered+1 {
			f.consumer = nil
			return nil
		}
		f.delivered++
		f.seen++
		f.next = at.Sequence.Stream + 1
		if !each(m) {
			f.consumer = nil // what else it has been sent is not wanted
			return nil
		}
	}
	return messages.Error()
}
