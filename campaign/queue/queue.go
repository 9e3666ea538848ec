// Package queue runs campaigns on other machines, by way of NATS JetStream.
//
// A campaign is a record in a bucket, a stream that takes its results, and a message a shard in a work
// queue that all campaigns share. Workers pull shards, compute them and publish what they found under the
// shard's own subject, which takes one message and no second: that is what makes results unique,
// however often a shard is run. Whoever submitted the campaign follows the results, checks them, and
// once all are in merges them in order as [campaign.Local] does, so that the bytes are those of
// one process.
//
//	contrastcheck-campaigns                        bucket: id → Record
//	contrastcheck.shards.IDENTITY.ID.N             work queue: shard N (from 0) of campaign ID, for workers of one Identity
//	contrastcheck.results.ID.N.done                results of the campaign, one a shard
//	contrastcheck.results.ID.N.failed.K            its K-th failure, K = 1, 2, 3
//	contrastcheck-large-ID                         object store: results too large for a message
//
// Nothing is trusted that comes from a worker: see [Connection.Collect].
package queue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Errors of connections and campaigns.
var (
	ErrNoServer  = errors.New("campaign: no server answers")
	ErrNoStreams = errors.New("campaign: the server has no JetStream")
	ErrLost      = errors.New("campaign: the connection was lost")
	ErrGone      = errors.New("campaign: no such campaign")
)

// Options say how a connection behaves. The zero value is what commands use.
type Options struct {
	Open     func(campaign.Request) (campaign.Job, error) // makes requests ready; default campaign.Open
	Patience time.Duration                                // how long Collect retries a lost connection; default one minute
	Silence  time.Duration                                // how long a shard waits for a sign of life of its worker; default half a minute
}

// Connection is a connection to a server or a cluster. It reconnects by itself.
type Connection struct {
	Options
	nc *nats.Conn
	js jetstream.JetStream
}

// Connect connects to the server of an address. It fails with ErrNoServer or ErrNoStreams.
func Connect(ctx context.Context, a Address, o Options) (*Connection, error) {
	if o.Open == nil {
		o.Open = campaign.Open
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	if o.Silence == 0 {
		o.Silence = 30 * time.Second
	}
	nc, err := a.dial()
	if err != nil {
		if strange := (*url.Error)(nil); errors.As(err, &strange) {
			err = strange.Err // which does not repeat the whole of it
		}
		return nil, fmt.Errorf("%w at %s: %w", ErrNoServer, a, err)
	}
	js, err := jetstream.New(nc)
	if err == nil {
		_, err = js.AccountInfo(ctx)
	}
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("%w, %s: start it as nats-server -js: %w", ErrNoStreams, a, err)
	}
	return &Connection{o, nc, js}, nil
}

// Close ends the connection, once what is under way is sent; a lost one is given up after a second.
func (c *Connection) Close() {
	_ = c.nc.FlushTimeout(time.Second)
	c.nc.Close()
}
