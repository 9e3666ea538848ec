package queue

import (
	"context"
	"errors"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// mostFailures is how often a shard may fail before it is parked.
const mostFailures = 3

// mostMessage bounds a message, in bytes: half of what a server takes that nobody has configured. What is larger goes to the object store.
const mostMessage = 512 << 10

// records opens the bucket of campaigns, and makes it where it is missing and replicas are given.
func (c *Connection) records(ctx context.Context, replicas int) (jetstream.KeyValue, error) {
	if replicas == 0 {
		return c.js.KeyValue(ctx, campaignsBucket)
	}
	if kv, err := c.js.KeyValue(ctx, campaignsBucket); err == nil {
		return kv, nil
	}
	return c.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: campaignsBucket, Description: "campaigns of contrastcheck", Replicas: replicas})
}

// prepare makes what a campaign needs, where it is missing.
func (c *Connection) prepare(ctx context.Context, r Record) error {
	shards := jetstream.StreamConfig{Name: shardsStream, Description: "shards of campaigns of contrastcheck", Subjects: []string{shardsRoot + ".>"},
		Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew, MaxMsgsPerSubject: 1, DiscardNewPerSubject: true, Replicas: r.Replicas}
	stream, err := c.js.Stream(ctx, shardsStream)
	if err == nil {
		shards.Replicas = max(r.Replicas, stream.CachedInfo().Config.Replicas) // of the most careful campaign
	}
	if _, err := c.js.CreateOrUpdateStream(ctx, shards); err != nil {
		return err
	}
	token := r.Identity.token()
	if _, err := c.js.CreateOrUpdateConsumer(ctx, shardsStream, jetstream.ConsumerConfig{Durable: token, FilterSubject: shardsRoot + "." + token + ".>",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: c.Silence, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: mostWaiting}); err != nil {
		return err
	}
	// A result and three failures a shard, and no more: that bounds what a worker can flood it with.
	if _, err := c.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: resultsStream(r.ID), Description: "results of a campaign of contrastcheck",
		Subjects: []string{resultsRoot + "." + r.ID + ".>"}, Discard: jetstream.DiscardNew, MaxMsgsPerSubject: 1, DiscardNewPerSubject: true,
		MaxMsgs: int64((1 + mostFailures) * r.Shards), MaxMsgSize: mostMessage + mostHeader, AllowDirect: true, Replicas: r.Replicas}); err != nil {
		return err
	}
	_, err = c.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: largeBucket(r.ID), Description: "large results of a campaign of contrastcheck", Replicas: r.Replicas})
	return err
}

// mostWaiting bounds the cores of all workers of one identity that wait for a shard.
const mostWaiting = 1 << 17

// mostHeader bounds the headers of a result, in bytes.
const mostHeader = 8 << 10

// taken tells whether a message was refused because its subject has one.
func taken(err error) bool {
	const storeFailed = 10077 // the server's code, which is that of a full stream, too
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == storeFailed && strings.Contains(api.Description, "per subject")
}
