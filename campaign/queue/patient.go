package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// How long a call of the server may take, and what passes before another try.
const (
	callTime  = 5 * time.Second
	retryWait = 250 * time.Millisecond
)

// passing tells errors that may go away by themselves: those of a connection that is lost, and of a server or a cluster that is just coming up.
func passing(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		const replicasNotSupported = 10074 // by a server that is no cluster
		return api.Code >= 500 && api.ErrorCode != replicasNotSupported
	}
	for _, e := range []error{nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrConnectionClosed, nats.ErrReconnectBufExceeded,
		nats.ErrStaleConnection, jetstream.ErrNoHeartbeat, jetstream.ErrNoStreamResponse, jetstream.ErrServerShutdown, jetstream.ErrAsyncPublishTimeout, context.DeadlineExceeded} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// patiently calls the server until it answers, or for ErrLost has not answered for so long. No patience means for ever.
func patiently(ctx context.Context, patience time.Duration, call func(context.Context) error) error {
	began := time.Now()
	for {
		err := limited(ctx, call)
		switch {
		case err == nil || ctx.Err() == nil && !passing(err):
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case patience > 0 && time.Since(began) > patience:
			return fmt.Errorf("%w: no answer for %v: %w", ErrLost, patience, err)
		}
		pause(ctx, retryWait)
	}
}

// limited calls the server once.
func limited(ctx context.Context, call func(context.Context) error) error {
	ctx, stop := context.WithTimeout(ctx, callTime)
	defer stop()
	return call(ctx)
}

// pause waits for a time, or for ctx to end.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
