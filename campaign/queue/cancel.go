package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Cancel ends a campaign and deletes everything of it, whatever is left of it; ErrGone says that there was no record. What workers are computing
// of it is dropped when they are done.
func (c *Connection) Cancel(ctx context.Context, id string) error {
	if !validID(id) {
		return fmt.Errorf("%w: expected an id of %d letters and digits, found %q", ErrGone, idLength, id)
	}
	kv, err := c.records(ctx, 0)
	if err == nil {
		if _, err = kv.Get(ctx, id); err == nil {
			err = kv.Purge(ctx, id) // first: workers drop shards of a campaign that has no record
		}
	}
	missing := errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrKeyNotFound)
	if err != nil && !missing {
		return fmt.Errorf("campaign: %w", err)
	}
	shards, err := c.js.Stream(ctx, shardsStream)
	if err == nil {
		err = shards.Purge(ctx, jetstream.WithPurgeSubject(shardsRoot+".*."+id+".*"))
	}
	for _, err := range []error{err, c.js.DeleteStream(ctx, resultsStream(id)), c.js.DeleteObjectStore(ctx, largeBucket(id))} {
		if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) && !errors.Is(err, jetstream.ErrBucketNotFound) {
			return fmt.Errorf("campaign: %w", err)
		}
	}
	if missing {
		return fmt.Errorf("%w as %s", ErrGone, id)
	}
	return nil
}

// Clear deletes what campaigns share, once there is none left; a campaign that is submitted makes it anew.
func (c *Connection) Clear(ctx context.Context) error {
	left, err := c.List(ctx)
	if err != nil || len(left) > 0 {
		return err
	}
	for _, err := range []error{c.js.DeleteStream(ctx, shardsStream), c.js.DeleteKeyValue(ctx, campaignsBucket)} {
		if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) && !errors.Is(err, jetstream.ErrBucketNotFound) {
			return fmt.Errorf("campaign: %w", err)
		}
	}
	return nil
}
