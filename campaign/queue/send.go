package queue

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// window is how many shards are on their way to the server at once.
const window = 1024

// send sends shards that miss a result out, up to most of them, from one on, which it moves on; at the end of all it begins anew another time. The server refuses
// those that it has still: they are waiting for a worker, or at one.
func (k *collector) send(ctx context.Context, from *int, most int) error {
	for sent := 0; sent < most; {
		var numbers []int
		for ; *from < k.record.Shards && len(numbers) < min(window, most-sent); *from++ {
			if k.missing(*from) {
				numbers = append(numbers, *from)
			}
		}
		if len(numbers) == 0 {
			*from = 0
			return nil
		}
		if err := k.sure(ctx, numbers); err != nil {
			return fmt.Errorf("campaign: sending shards out: %w", err)
		}
		sent += len(numbers)
	}
	return nil
}

// sure sends shards, however often it takes.
func (k *collector) sure(ctx context.Context, numbers []int) error {
	again := false
	return patiently(ctx, k.Patience, func(ctx context.Context) error {
		if again { // somebody may have cleared the queue
			if k.gone(ctx) {
				return k.cancelled()
			}
			if err := k.prepare(ctx, k.record); err != nil {
				return err
			}
		}
		again = true
		return k.publish(ctx, numbers)
	})
}

// publish sends shards and awaits that the server has all of them.
func (k *collector) publish(ctx context.Context, numbers []int) error {
	token := k.record.Identity.token()
	futures := make([]jetstream.PubAckFuture, 0, len(numbers))
	for _, n := range numbers {
		f, err := k.js.PublishMsgAsync(nats.NewMsg(shardSubject(token, k.record.ID, n)), jetstream.WithExpectStream(shardsStream))
		if err != nil {
			return err
		}
		futures = append(futures, f)
	}
	for _, f := range futures {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			if !taken(err) {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
