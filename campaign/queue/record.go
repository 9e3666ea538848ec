package queue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go/jetstream"
)

// Record is what the server knows of a campaign.
type Record struct {
	ID        string           `json:"id"`
	Request   campaign.Request `json:"request"`
	Shards    int              `json:"shards"`
	Command   []string         `json:"command"`  // that submitted it, without the program's name: what resumes it
	Identity  Identity         `json:"identity"` // of the program that submitted it, and of all that may work at it
	Replicas  int              `json:"replicas"` // on as many servers of a cluster everything is kept
	Submitted time.Time        `json:"submitted"`
}

// errDamaged says that a record is not as it was written.
var errDamaged = errors.New("campaign: damaged")

// largeRequest stands in a record for a request that is too large for it and is in the object store.
const largeRequest = "request"

// Submit makes a campaign of a request, or takes up the one that there is of the same request and program. Nothing of it is on its way yet: Collect sees to that.
// Replicas is from 1 to 5 and at most the number of servers. ErrLost says that the server has not answered for the connection's Patience.
func (c *Connection) Submit(ctx context.Context, request campaign.Request, command []string, replicas int) (r Record, err error) {
	job, err := c.Open(request)
	if err != nil {
		return Record{}, err
	}
	err = patiently(ctx, c.Patience, func(ctx context.Context) (err error) {
		r, err = c.submit(ctx, job, request, command, replicas)
		return err
	})
	return r, err
}

// submit is Submit once.
func (c *Connection) submit(ctx context.Context, job campaign.Job, request campaign.Request, command []string, replicas int) (Record, error) {
	r := Record{ID: idOf(request, Self()), Request: request, Shards: job.Shards(), Command: command, Identity: Self(), Replicas: max(replicas, 1), Submitted: time.Now().UTC().Truncate(time.Second)}
	known, err := c.Show(ctx, r.ID)
	switch {
	case err == nil && (known.Request.Kind != request.Kind || !bytes.Equal(known.Request.Parameters, request.Parameters) || known.Identity != r.Identity || known.Shards != r.Shards):
		return r, fmt.Errorf("campaign: campaign %s: expected the request that it is named after, found another", r.ID)
	case err == nil:
		return known, nil
	case !errors.Is(err, ErrGone) && !errors.Is(err, errDamaged): // a damaged one is written anew
		return r, err
	}
	if err := c.prepare(ctx, r); err != nil {
		return r, fmt.Errorf("campaign: submitting: %w", err)
	}
	return r, c.put(ctx, r)
}

// put keeps a record.
func (c *Connection) put(ctx context.Context, r Record) error {
	if len(r.Request.Parameters) > mostMessage/2 {
		store, err := c.js.ObjectStore(ctx, largeBucket(r.ID))
		if err == nil {
			_, err = store.PutBytes(ctx, largeRequest, r.Request.Parameters)
		}
		if err != nil {
			return fmt.Errorf("campaign: keeping a large request: %w", err)
		}
		r.Request.Parameters = nil
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	kv, err := c.records(ctx, r.Replicas)
	if err == nil {
		_, err = kv.Put(ctx, r.ID, text)
	}
	if err != nil {
		return fmt.Errorf("campaign: keeping a record: %w", err)
	}
	return nil
}

// Show returns the record of a campaign, or ErrGone.
func (c *Connection) Show(ctx context.Context, id string) (Record, error) {
	r, err := c.record(ctx, id)
	if err == nil && r.Request.Parameters == nil {
		var store jetstream.ObjectStore
		if store, err = c.js.ObjectStore(ctx, largeBucket(id)); err == nil {
			r.Request.Parameters, err = store.GetBytes(ctx, largeRequest)
		}
	}
	if err == nil && idOf(r.Request, r.Identity) != id { // who works may write objects
		err = fmt.Errorf("%w: the record of %s is of another request than it is named after", errDamaged, id)
	}
	return r, err
}

// record is Show without a large request.
func (c *Connection) record(ctx context.Context, id string) (r Record, err error) {
	if !validID(id) {
		return r, fmt.Errorf("%w: expected an id of %d letters and digits, found %q", ErrGone, idLength, id)
	}
	kv, err := c.records(ctx, 0)
	var entry jetstream.KeyValueEntry
	if err == nil {
		entry, err = kv.Get(ctx, id)
	}
	switch {
	case errors.Is(err, jetstream.ErrBucketNotFound), errors.Is(err, jetstream.ErrKeyNotFound):
		return r, fmt.Errorf("%w as %s", ErrGone, id)
	case err != nil:
		return r, fmt.Errorf("campaign: %w", err)
	}
	return readRecord(entry.Value(), id)
}

func readRecord(text []byte, id string) (r Record, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("campaign: the record of %s is not one of this program: %w", id, err)
	}
	if r.ID != id || r.Shards < 1 {
		return r, fmt.Errorf("%w: the record of %s", errDamaged, id)
	}
	if string(r.Request.Parameters) == "null" { // as nil is written
		r.Request.Parameters = nil
	}
	return r, nil
}

// List returns the records of all campaigns, the oldest first, without large requests. Those that other programs have written in
// another form are left out.
func (c *Connection) List(ctx context.Context) ([]Record, error) {
	kv, err := c.records(ctx, 0)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil, nil
	}
	var keys []string
	if err == nil {
		keys, err = kv.Keys(ctx)
	}
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	var all []Record
	for _, id := range keys {
		if r, err := c.record(ctx, id); err == nil {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Record) int { return a.Submitted.Compare(b.Submitted) })
	return all, nil
}

// Answered returns how many results and failures the server has of a campaign.
func (c *Connection) Answered(ctx context.Context, id string) (results, failures int, err error) {
	stream, err := c.js.Stream(ctx, resultsStream(id))
	if err != nil {
		return 0, 0, fmt.Errorf("campaign: %w", err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(resultsRoot+"."+id+".*.failed.*"))
	if err != nil {
		return 0, 0, fmt.Errorf("campaign: %w", err)
	}
	failures = len(info.State.Subjects)
	return int(info.State.Msgs) - failures, failures, nil
}
