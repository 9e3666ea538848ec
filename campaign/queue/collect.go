package queue

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go/jetstream"
)

// Collecting says how results are collected.
type Collecting struct {
	Workers  int            // cores for checking, and for doing shards again; default one
	Recheck  float64        // share of the shards that are done again, from 0 to 1
	Progress func(Progress) // is called from one goroutine; none if nil
}

// Progress is how far a campaign is.
type Progress struct {
	Answered, Shards int // shards that are done, of all
	Workers          int // that have answered
}

// Collect sends the shards of a campaign out, waits until all are answered, and then calls merge with their results in the order 0, 1, 2, …, as [campaign.Local] does, whose ErrEnough it takes, too.
//
// No worker is trusted. Each result is checked by the job, which proves again whatever it claims to refute; a share of the
// shards, which nobody can foretell, is done again here. Whoever is caught with a false result is named in the report, and all shards that
// it has answered are done again here, so that a worker that lies in n shards is caught with probability [Caught]. As it may
// be known by other names, too, each worker of whose shards none was done again has one drawn, then. Merging begins
// when all is known, and takes nothing but what was checked, by digests that are kept here.
//
// A campaign that was collected in part, by whomever, is taken up where it is: shards that have neither a result nor a message in the queue are sent out again, and parked ones are
// tried again. Collect ends with ErrLost where the server does not answer for the connection's Patience, with ErrGone
// where the campaign was cancelled, and with Parked where shards have failed. Memory: some 100 bytes a shard, and the results that
// are under way.
func (c *Connection) Collect(ctx context.Context, r Record, job campaign.Job, o Collecting, merge func(n int, result []byte) error) (Report, error) {
	if found := Self(); found != r.Identity {
		return Report{}, fmt.Errorf("campaign: campaign %s is one of %v: expected that program, found %v", r.ID, r.Identity, found)
	}
	if shards := job.Shards(); shards != r.Shards {
		return Report{}, fmt.Errorf("campaign: campaign %s: expected %d shards, found %d", r.ID, r.Shards, shards)
	}
	k := &collector{Connection: c, Job: job, record: r, Collecting: o, ledger: newLedger(r.Shards), draw: newDraw()}
	k.begins()
	err := k.gather(ctx)
	for known := false; err == nil && !known; {
		if err = k.vouch(ctx); err == nil {
			known, err = k.confirmed(ctx)
		}
		if err == nil && !known {
			err = k.gather(ctx)
		}
	}
	if err == nil && o.Recheck < 1 { // else failures are not believed either: these shards are done here
		err = k.parked(k.needed())
	}
	if err == nil {
		err = campaign.Local(ctx, k, o.Workers, func(n int, result []byte) error {
			err := merge(n, result)
			if err == nil || errors.Is(err, campaign.ErrEnough) {
				k.merged++
			}
			return err
		})
	}
	return k.report(o.Recheck), err
}

// collector is a Job, too: the one that is merged. Its shards are those of the job, taken from the server where they are to be trusted.
type collector struct {
	*Connection
	campaign.Job
	Collecting
	*ledger
	record Record
	draw   func() float64
	stream jetstream.Stream
	end    ending
}

// Shards is how many of the job's are merged.
func (k *collector) Shards() int { return k.needed() }

// gather waits until all shards are answered and checked.
func (k *collector) gather(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	arrivals := make(chan jetstream.Msg)
	var examining sync.WaitGroup
	for range max(k.Workers, 1) {
		examining.Go(func() {
			for m := range arrivals {
				if err := k.examine(ctx, m); err != nil {
					stop(err)
				}
			}
		})
	}
	err := k.follow(ctx, arrivals)
	close(arrivals)
	examining.Wait()
	if err == nil && k.needed() < k.record.Shards {
		err = k.drop(ctx)
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	stop(nil)
	return err
}

// follow reads results until there is one, or a last failure, of every shard.
func (k *collector) follow(ctx context.Context, arrivals chan<- jetstream.Msg) error {
	waiting, err := k.begin(ctx)
	if err != nil {
		return err
	}
	f := &follower{js: k.js, stream: resultsStream(k.record.ID)}
	each := func(m jetstream.Msg) bool {
		k.arrive(ctx, m, arrivals)
		k.tell()
		return ctx.Err() == nil && !k.ready()
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	k.onEnough(stop)
	heard, moved := time.Now(), time.Now()
	sent, idle, from := false, false, 0
	for !k.ready() {
		if !sent && (f.seen >= waiting || idle) {
			sent = true // what is not answered by now is sent out, again where it was sent before
			if err := k.send(ctx, &from, k.record.Shards); err != nil {
				return err
			}
			from, moved = 0, time.Now()
		}
		before := f.next
		err := f.read(reading, each)
		switch {
		case k.ready():
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil || f.next > before:
			heard, idle = time.Now(), f.next == before
		case !passing(err) && k.gone(ctx):
			return k.cancelled()
		case time.Since(heard) > k.Patience:
			return fmt.Errorf("%w: no answer for %v: %w", ErrLost, k.Patience, err)
		default:
			pause(ctx, retryWait)
		}
		if f.next > before {
			moved = time.Now()
		}
		if sent && err == nil && time.Since(moved) > k.Silence { // in case the server has lost some: where it has not, it refuses them
			if err := k.send(ctx, &from, window); err != nil {
				return err
			}
			moved = time.Now()
		}
	}
	return nil
}

// ready tells whether nothing more is to be waited for.
func (k *collector) ready() bool { return k.complete() || k.needed() < k.record.Shards }

// begin makes what is missing of the campaign on the server, forgets its failures, and returns how many results there are.
func (k *collector) begin(ctx context.Context) (waiting int, err error) {
	err = patiently(ctx, k.Patience, func(ctx context.Context) (err error) {
		if err = k.prepare(ctx, k.record); err != nil {
			return err
		}
		if k.stream, err = k.js.Stream(ctx, resultsStream(k.record.ID)); err != nil {
			return err
		}
		if err = k.stream.Purge(ctx, jetstream.WithPurgeSubject(resultsRoot+"."+k.record.ID+".*.failed.*")); err != nil {
			return err
		}
		info, err := k.stream.Info(ctx)
		if err == nil {
			waiting = int(info.State.Msgs)
		}
		return err
	})
	return waiting, err
}

// gone tells whether the campaign is certainly no more.
func (k *collector) gone(ctx context.Context) bool {
	var err error
	_ = limited(ctx, func(ctx context.Context) error {
		_, err = k.Connection.record(ctx, k.record.ID)
		return nil
	})
	return errors.Is(err, ErrGone)
}

// asked calls the server patiently, unless the campaign is no more, by another submitter's doing.
func (k *collector) asked(ctx context.Context, call func(context.Context) error) error {
	return patiently(ctx, k.Patience, func(ctx context.Context) error {
		err := call(ctx)
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) && k.gone(ctx) {
			return k.cancelled()
		}
		return err
	})
}

func (k *collector) cancelled() error {
	return fmt.Errorf("%w any more: %s was cancelled", ErrGone, k.record.ID)
}

// tell tells how far it is.
func (k *collector) tell() {
	if k.Progress != nil {
		k.Progress(k.progress())
	}
}

// Run is the result of a shard that is merged: what was checked, or else what this process finds.
func (k *collector) Run(ctx context.Context, n int) ([]byte, error) {
	if digest, trusted := k.trusted(n); trusted {
		body, err := k.stored(ctx, n)
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(body); digestOf(sum) == digest {
			return body, nil
		}
	}
	k.redo(n)
	result, err := k.Job.Run(ctx, n)
	if err != nil && ctx.Err() == nil {
		if parked := k.parked(n + 1); parked != nil {
			err = parked
		}
	}
	return result, err
}

// stored is the result of a shard that the server has; nil if it has none.
func (k *collector) stored(ctx context.Context, n int) (body []byte, err error) {
	var m *jetstream.RawStreamMsg
	err = k.asked(ctx, func(ctx context.Context) (err error) {
		m, err = k.stream.GetLastMsgForSubject(ctx, doneSubject(k.record.ID, n))
		return err
	})
	if err == nil {
		body, err = k.body(ctx, m.Header, m.Data)
	}
	if errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, errNoObject) {
		return nil, nil
	}
	return body, err
}
