//go:build attack

package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"contrastcheck/campaign"

	"github.com/nats-io/nats.go"
)

// liar is a job that a worker lies about, in some shards.
type liar struct {
	toy
	about func(n int) bool
	lie   func(j toy, n int) []byte
}

func (l liar) Run(ctx context.Context, n int) ([]byte, error) {
	result, err := l.toy.Run(ctx, n)
	if err == nil && l.about(n) {
		result = l.lie(l.toy, n)
	}
	return result, err
}

// changed is the result of a shard with a change.
func changed(change func(*toyResult)) func(toy, int) []byte {
	return func(j toy, n int) []byte {
		var r toyResult
		if err := json.Unmarshal(j.result(n), &r); err != nil {
			panic(err)
		}
		change(&r)
		text, err := json.Marshal(r)
		if err != nil {
			panic(err)
		}
		return text
	}
}

// lies are what untrusted workers say; those that claim no more than that something holds are caught only by doing it again.
var lies = []struct {
	name   string
	always bool
	lie    func(j toy, n int) []byte
}{
	{"a refutation kept silent", false, changed(func(r *toyResult) { r.Refuted = false; r.Digest = strings.Repeat("0", 64) })},
	{"an invented refutation", true, changed(func(r *toyResult) { r.Refuted = true; r.Digest = strings.Repeat("0", 64) })},
	{"garbage", true, func(toy, int) []byte { return []byte("\x00\xff{") }},
	{"nothing", true, func(toy, int) []byte { return nil }},
	{"another shard's result", true, func(j toy, n int) []byte { return j.result((n + 1) % j.N) }},
	{"large garbage", true, func(toy, int) []byte { return bytes.Repeat([]byte("x"), 2<<20) }},
}

// deceive works at campaigns as a liar until stop is called.
func deceive(t *testing.T, url string, about func(n int) bool, lie func(j toy, n int) []byte) (stop func()) {
	t.Helper()
	o := testOptions()
	o.Open = func(r campaign.Request) (campaign.Job, error) {
		j, err := openToy(r)
		if err != nil {
			return nil, err
		}
		return liar{j.(toy), about, lie}, nil
	}
	c := connect(t, url, o)
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.Work(ctx, Working{Cores: 1}) }()
	return func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func everything(int) bool { return true }

// An honest and a lying worker: with everything done again the result is right whatever the lie, and the liar is named.
func TestLiars(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	help(t, c, 1)
	for _, l := range lies {
		for _, share := range []float64{0.02, 1} {
			if share < 1 && !l.always {
				continue
			}
			stop := deceive(t, s.url, everything, l.lie)
			j := toy{N: 60, Millis: 4, Salt: l.name}
			r := submit(t, c, j, 1)
			var m merging
			report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2, Recheck: share}, m.merge)
			stop()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, %v done again:", l.name, share)
			m.same(t, j, report)
			if len(report.Liars) != 1 {
				t.Fatalf("%d liars", len(report.Liars))
			}
			t.Logf("caught: %s, in %d shards: %v", report.Liars[0].Name, report.Liars[0].Shards, report.Liars[0].Lie)
			if report.Liars[0].Shards != report.Redone {
				t.Errorf("%d shards of the liar, %d done again", report.Liars[0].Shards, report.Redone)
			}
			if err := c.Cancel(t.Context(), r.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A hunt that needs no more results ends, whatever a liar hides or invents meanwhile.
func TestEnough(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	help(t, c, 1)
	for _, lying := range []bool{false, true} {
		stop := func() {}
		if lying {
			stop = deceive(t, s.url, everything, lies[0].lie)
		}
		for finds := range 4 {
			j := toy{N: 400, Millis: 5, Salt: fmt.Sprint(lying), Finds: 1 + 5*finds}
			r := submit(t, c, j, 1)
			m := merging{enough: j.Enough()}
			share := 0.02
			if lying {
				share = 1
			}
			report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2, Recheck: share}, m.merge)
			if err != nil {
				t.Fatal(err)
			}
			m.same(t, j, report)
			if report.Answered > j.N/2 {
				t.Errorf("%d of %d shards were waited for, for the %d that were merged", report.Answered, j.N, report.Merged)
			}
			if err := c.Cancel(t.Context(), r.ID); err != nil {
				t.Fatal(err)
			}
		}
		stop()
	}
}

// What seemed to be enough is not where the worker that said so is caught later.
func TestEnoughByALiar(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 20, Salt: "late", Finds: 3}
	k := &collector{Connection: c, Job: j, record: submit(t, c, j, 1), ledger: newLedger(j.N), draw: newDraw()}
	if _, err := k.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	worker, err := newSigner()
	if err != nil {
		t.Fatal(err)
	}
	invent := changed(func(r *toyResult) { r.Refuted = true })
	for n := range j.N {
		m := worker.sign(doneSubject(k.record.ID, n), invent(j, n), 1)
		if _, err := c.js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		k.answered(n)
		k.settle(n, k.worker([32]byte{}, "liar"), digestOf(sha256.Sum256(m.Data)), 1)
	}
	k.begins()
	for _, caught := range []bool{false, true} {
		if caught {
			k.examined(0, campaign.ErrFalse, false)
		}
		if err := k.advance(t.Context()); err != nil {
			t.Fatal(err)
		}
		known, err := k.confirmed(t.Context())
		want := j.Finds
		if caught {
			want = 7*(j.Finds-1) + 4 // every seventh refutes, the fourth first
		}
		if err != nil || !known || k.needed() != want {
			t.Errorf("caught %v: %d shards are enough, %v, %v; expected %d", caught, k.needed(), known, err, want)
		}
	}
}

// A worker that lies in n shards, of which nothing shows, is caught as often as is promised.
func TestLiarsAreCaughtAsOftenAsPromised(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	const lied, campaigns, share = 10, 60, 0.1
	defer deceive(t, s.url, func(n int) bool { return n < lied }, changed(func(r *toyResult) { r.Refuted = false; r.Digest = strings.Repeat("0", 64) }))()
	caught := 0
	for range campaigns {
		j := toy{N: 12, Salt: "sample"}
		r := submit(t, c, j, 1)
		var m merging
		report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2, Recheck: share}, m.merge)
		if err != nil {
			t.Fatal(err)
		}
		right := m.String() == unqueued(t, j)
		if right != (len(report.Liars) == 1) {
			t.Fatalf("%d liars, and a right result: %v", len(report.Liars), right)
		}
		if right {
			caught++
		}
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	p := Caught(share, lied)
	deviation := (float64(caught) - campaigns*p) / math.Sqrt(campaigns*p*(1-p))
	t.Logf("lies in %d of 12 shards, of which %v are done again: caught %d times of %d; promised: %.1f, %.1f standard deviations away", lied, share, caught, campaigns, campaigns*p, deviation)
	if math.Abs(deviation) > 4 {
		t.Error("not as promised")
	}
}

// A worker that floods the results changes nothing, and cannot fill the server.
func TestFlood(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 100, Millis: 10, Salt: "flood"}
	r := submit(t, c, j, 1)
	flooder := connect(t, s.url, testOptions())
	key, err := newSigner()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() { // unsigned, of no shard, of another's shard, too large, and again and again
		sent := 0
		for ; ctx.Err() == nil; sent++ {
			n := sent % (3 * j.N)
			subjects := []string{doneSubject(r.ID, n), failedSubject(r.ID, n, 1+n%3), resultsRoot + "." + r.ID + ".x", doneSubject(r.ID, j.N+sent), failedSubject(r.ID, n, 9)}
			m := nats.NewMsg(subjects[sent%len(subjects)])
			if sent%2 == 0 {
				m = key.sign(m.Subject, []byte("flood"), 1)
			}
			m.Data = append(m.Data, bytes.Repeat([]byte("y"), sent%700*1000)...)
			_ = flooder.nc.PublishMsg(m)
			if sent%100 == 0 {
				pause(ctx, 10*time.Millisecond)
			}
		}
		ended <- sent
	}()
	help(t, c, 2)
	var m merging
	report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2, Recheck: 1}, m.merge)
	stop()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d messages of the flood", <-ended)
	m.same(t, j, report)
	results, failures, err := c.Answered(t.Context(), r.ID)
	t.Logf("kept: %d results, %d failures, %v", results, failures, err)
	if results+failures > (1+mostFailures)*j.N {
		t.Error("more is kept than fits")
	}
}
