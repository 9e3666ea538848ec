package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"
	"unicode"

	cryptorand "crypto/rand"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// arrive takes note of a message of a worker and hands on what is to be examined.
func (k *collector) arrive(ctx context.Context, m jetstream.Msg, examined chan<- jetstream.Msg) {
	n, attempt, ok := parseResult(m.Subject())
	_, name, signed := signedBy(m.Subject(), m.Headers(), m.Data())
	switch {
	case !ok || n >= k.record.Shards || attempt > 0 && !signed:
		k.stray(ctx, m)
	case attempt > 0:
		k.failed(n, fmt.Sprintf("%s, says %s", printableText(m.Data()), name))
	case k.answered(n):
		select {
		case examined <- m:
		case <-ctx.Done():
		}
	}
}

// stray deletes a message that belongs to no shard, so that it takes no room of those that do.
func (k *collector) stray(ctx context.Context, m jetstream.Msg) {
	k.strayed()
	if at, err := m.Metadata(); err == nil {
		_ = limited(ctx, func(ctx context.Context) error { return k.stream.DeleteMsg(ctx, at.Sequence.Stream) })
	}
}

// examine checks a result. The error is none of the result but of the connection, the context or the program.
func (k *collector) examine(ctx context.Context, m jetstream.Msg) error {
	if err := k.check(ctx, m); err != nil {
		return err
	}
	return k.advance(ctx)
}

func (k *collector) check(ctx context.Context, m jetstream.Msg) error {
	n, _, _ := parseResult(m.Subject())
	key, name, signed := signedBy(m.Subject(), m.Headers(), m.Data())
	if !signed {
		k.strayed()
		k.settle(n, nobody, [digestSize]byte{}, 1)
		return nil
	}
	w := k.worker(key, name)
	var body []byte
	lie, redone := error(nil), false
	if !k.lied(w) {
		var err error
		body, err = k.body(ctx, m.Headers(), m.Data())
		if errors.Is(err, errNoObject) {
			k.settle(n, nobody, [digestSize]byte{}, 1) // that may be another worker's doing: whoever works may write objects
			return nil
		}
		if err == nil {
			err = k.Check(ctx, n, body)
		}
		if err == nil && k.draw() < k.Recheck {
			redone = true
			err = k.again(ctx, n, body)
		}
		switch {
		case errors.Is(err, campaign.ErrFalse):
			lie = err
		case err != nil:
			return err
		}
	}
	sum := sha256.Sum256(body)
	k.settle(n, w, digestOf(sum), delivery(m.Headers()))
	k.examined(w, lie, redone)
	return nil
}

// again does a shard and compares.
func (k *collector) again(ctx context.Context, n int, said []byte) error {
	found, err := k.Job.Run(ctx, n)
	if err != nil {
		return err
	}
	if !bytes.Equal(found, said) {
		return fmt.Errorf("%w of shard %d, which was done again: expected %.60q, found %.60q", campaign.ErrFalse, n, found, said)
	}
	return nil
}

// errNoObject says that the object store has not what a result stands for.
var errNoObject = errors.New("campaign: no such large result")

// body is the result that a message holds or stands for; errNoObject if there is none such.
func (k *collector) body(ctx context.Context, header nats.Header, data []byte) ([]byte, error) {
	if header.Get(headerLarge) == "" {
		return data, nil
	}
	name := string(data)
	if digest, err := hex.DecodeString(name); err != nil || len(digest) != sha256.Size {
		return nil, errNoObject
	}
	var store jetstream.ObjectStore
	err := k.asked(ctx, func(ctx context.Context) (err error) {
		if store, err = k.js.ObjectStore(ctx, largeBucket(k.record.ID)); err != nil {
			return err
		}
		return k.readable(ctx, store, name)
	})
	if err != nil {
		return nil, err
	}
	body, err := read(ctx, store, name)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if sum := sha256.Sum256(body); err != nil || hex.EncodeToString(sum[:]) != name { // its parts may be missing, too
		return nil, errNoObject
	}
	return body, nil
}

// readable refuses an object of which nothing would come, as whoever works may write any: errNoObject.
func (k *collector) readable(ctx context.Context, store jetstream.ObjectStore, name string) error {
	info, err := store.GetInfo(ctx, name)
	var parts jetstream.Stream
	switch {
	case err != nil:
	case info.Size > mostLarge || info.Opts != nil && info.Opts.Link != nil: // which may lead in a circle
		return errNoObject
	default:
		if parts, err = k.js.Stream(ctx, largeStream(k.record.ID)); err == nil {
			_, err = parts.GetLastMsgForSubject(ctx, partSubject(k.record.ID, info.NUID))
		}
	}
	if err != nil && !passing(err) {
		return errNoObject
	}
	return err
}

// read reads an object, whatever size it says it has: at most mostLarge of it, for largeTime.
func read(ctx context.Context, store jetstream.ObjectStore, name string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, largeTime)
	defer stop()
	object, err := store.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	defer object.Close()
	return io.ReadAll(io.LimitReader(object, mostLarge))
}

// mostLarge bounds a large result, in bytes: several times those of the largest shards.
const mostLarge = 64 << 20

// largeTime bounds how long a large result is read. One that takes longer is not there.
const largeTime = 30 * time.Second

// delivery is how often a shard was handed out, as its worker says.
func delivery(h nats.Header) int {
	n, err := strconv.Atoi(h.Get(headerDelivery))
	if err != nil {
		return 1
	}
	return min(max(n, 1), mostDeliveries)
}

// newDraw returns draws from [0, 1) that nobody can foretell.
func newDraw() func() float64 {
	var seed [32]byte
	cryptorand.Read(seed[:]) // never fails
	source := rand.New(rand.NewChaCha8(seed))
	var alone sync.Mutex
	return func() float64 {
		alone.Lock()
		defer alone.Unlock()
		return source.Float64()
	}
}

// Caught is the probability, 1 − (1 − p)ⁿ, that a worker which lies in n shards is caught where a share p of the shards is done again.
func Caught(p float64, n int) float64 { return -math.Expm1(float64(n) * math.Log1p(-p)) }

// printableText is the text of an error that somebody sent, in one line.
func printableText(text []byte) string {
	clean := bytes.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, bytes.ToValidUTF8(text[:min(len(text), mostError)], []byte("?")))
	return string(clean)
}

// mostError bounds the text of an error that a worker sends, in bytes.
const mostError = 1000
