//go:build attack

package queue

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// A shard that fails three times is parked with its error and tried again when the campaign is resumed; with all done again it is done here.
func TestParked(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	help(t, c, 2)
	j := toy{N: 20, Broken: []int{4, 9}, Salt: "parked"}
	r := submit(t, c, j, 1)
	for range 2 {
		var m merging
		report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 1}, m.merge)
		var parked *Parked
		if !errors.As(err, &parked) || len(parked.Shards) != 2 || parked.Shards[0].Shard != 4 || parked.Shards[1].Shard != 9 || !strings.Contains(err.Error(), "shard 4 is broken") {
			t.Fatal(err)
		}
		if len(m.merged) != 0 || report.Answered != j.N-2 || report.Failures != 2*mostFailures {
			t.Fatalf("%+v, merged %d", report, len(m.merged))
		}
		t.Log(err)
	}
	mended := toy{N: 20, Salt: "parked"}
	gathered(t, c, r, mended, mended, Collecting{Workers: 1, Recheck: 1})
}

// Large results take the way of the object store.
func TestLarge(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	help(t, c, 2)
	j := toy{N: 8, Large: 3 << 20, Salt: "large"}
	r := submit(t, c, j, 1)
	report := gathered(t, c, r, j, j, Collecting{Workers: 2, Recheck: 0.1})
	if report.Redone > 0 {
		t.Errorf("%d done again here", report.Redone)
	}
}

// A worker that is stopped ends at once and gives its shards back, so that nobody waits for its signs of life; one that works long gives them.
func TestStopped(t *testing.T) {
	s := newServer(t, "-js")
	o := testOptions()
	o.Silence = time.Minute
	c := connect(t, s.url, o)
	j := toy{N: 3, Millis: 5000, Salt: "stopped"}
	r := submit(t, c, j, 1)
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(4*time.Second, stop)
	go func() {
		began := time.Now()
		if err := connect(t, s.url, testOptions()).Work(ctx, Working{Cores: 3}); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("stopped after %v", took)
		}
		help(t, connect(t, s.url, testOptions()), 3)
	}()
	var m merging
	began := time.Now()
	report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2}, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
	if took := time.Since(began); report.Redelivered != j.N || took > o.Silence/2 {
		t.Errorf("redelivered %d, after %v", report.Redelivered, took)
	}

	o.Silence = time.Second // less than a shard takes
	c = connect(t, s.url, o)
	j.Salt, j.Millis = "long", 2500
	m = merging{}
	report, err = c.Collect(t.Context(), submit(t, c, j, 1), j, Collecting{Workers: 2}, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
	if report.Redelivered > 0 {
		t.Errorf("redelivered %d that were being worked at", report.Redelivered)
	}
}

// Shards that the server has lost are sent out again.
func TestLostShards(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 3000, Salt: "lost shards"}
	r := submit(t, c, j, 1)
	go func() {
		for {
			stream, err := c.js.Stream(t.Context(), shardsStream)
			if err != nil {
				t.Error(err)
				return
			}
			if stream.CachedInfo().State.Msgs == uint64(j.N) {
				if err := stream.Purge(t.Context()); err != nil {
					t.Error(err)
				}
				return
			}
			pause(t.Context(), 10*time.Millisecond)
		}
	}()
	once := sync.OnceFunc(func() { help(t, connect(t, s.url, testOptions()), 2) })
	time.AfterFunc(2*time.Second, once)
	gathered(t, c, r, j, j, Collecting{Workers: 2})
}

// A campaign that is cancelled ends its submitter, and nothing of it is left; nor of any when all is cleared.
func TestCancelled(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 30, Millis: 50, Salt: "cancelled"}
	r := submit(t, c, j, 1)
	help(t, c, 1)
	once := sync.OnceFunc(func() {
		go func() {
			if err := c.Cancel(context.Background(), r.ID); err != nil {
				t.Error(err)
			}
		}()
	})
	var m merging
	_, err := c.Collect(t.Context(), r, j, Collecting{Workers: 1, Progress: func(p Progress) {
		if p.Answered > 5 {
			once()
		}
	}}, m.merge)
	if !errors.Is(err, ErrGone) {
		t.Fatal(err)
	}
	if _, err := c.Show(t.Context(), r.ID); !errors.Is(err, ErrGone) {
		t.Error(err)
	}
	if err := c.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name := range c.js.StreamNames(t.Context()).Name() {
		t.Errorf("%s is left", name)
	}
}

// A server that is lost for longer than the patience ends a submitter, and what it has is resumed later.
func TestLost(t *testing.T) {
	s := newServer(t, "-js")
	o := testOptions()
	o.Patience = 3 * time.Second
	c := connect(t, s.url, o)
	j := toy{N: 60, Millis: 30, Salt: "lost"}
	r := submit(t, c, j, 1)
	help(t, connect(t, s.url, testOptions()), 1)
	kill := sync.OnceFunc(s.kill)
	began := time.Now()
	var m merging
	_, err := c.Collect(t.Context(), r, j, Collecting{Workers: 1, Progress: func(p Progress) {
		if p.Answered > 20 {
			kill()
		}
	}}, m.merge)
	if !errors.Is(err, ErrLost) {
		t.Fatal(err)
	}
	t.Logf("after %v: %v", time.Since(began), err)
	s.start()
	report, err := connect(t, s.url, testOptions()).Collect(t.Context(), r, j, Collecting{Workers: 1}, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
}

// Workers of another program get no shards, and say so; nor does such a program collect.
func TestOtherProgram(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	for _, change := range []func(*Identity){
		func(i *Identity) { i.Version = "v9" }, func(i *Identity) { i.Digits = "arm64-0" },
		func(i *Identity) { i.Program = "0" }, func(i *Identity) { i.Go = "go9" }} {
		j := toy{N: 3, Salt: "other"}
		r := submit(t, c, j, 1)
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		change(&r.Identity)
		if err := c.prepare(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if err := c.put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		k := &collector{Connection: c, record: r, ledger: newLedger(r.Shards)}
		from := 0
		if err := k.send(t.Context(), &from, r.Shards); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		told := ""
		if err := c.Work(ctx, Working{Cores: 1, Tell: func(line string) { told += line + "\n" }}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told, "was submitted by another program: expected a worker of "+r.Identity.String()) {
			t.Errorf("told %q", told)
		}
		if results, failures, err := c.Answered(t.Context(), r.ID); err != nil || results+failures > 0 {
			t.Errorf("%d results, %d failures, %v", results, failures, err)
		}
		if _, err := c.Collect(t.Context(), r, j, Collecting{}, nil); err == nil {
			t.Error("collected by another program")
		}
		t.Log(strings.TrimSpace(told))
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// No server, one without JetStream, and a certificate without its key are refused at once.
func TestRefused(t *testing.T) {
	if _, err := Connect(t.Context(), Address{URL: "nats://127.0.0.1:1"}, Options{}); !errors.Is(err, ErrNoServer) {
		t.Error(err)
	}
	if _, err := Connect(t.Context(), Address{URL: "nats://127.0.0.1:1", Certificate: "c.pem"}, Options{}); err == nil || !strings.Contains(err.Error(), "its key") {
		t.Error(err)
	}
	if _, err := Connect(t.Context(), Address{URL: "no-such-context"}, Options{}); err == nil {
		t.Error("no error")
	}
	s := newServer(t)
	for range 50 {
		_, err := Connect(t.Context(), Address{URL: s.url}, Options{})
		if errors.Is(err, ErrNoStreams) {
			t.Log(err)
			return
		}
		if !errors.Is(err, ErrNoServer) {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("a server without JetStream was not refused")
}

// A campaign that another submitter has printed and deleted, while this one merges, is gone, and nobody waits for it.
func TestDeletedWhileMerging(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	help(t, c, 2)
	for _, large := range []int{0, 1 << 20} {
		j := toy{N: 60, Salt: "deleted", Large: large}
		r := submit(t, c, j, 1)
		began := time.Now()
		_, err := c.Collect(t.Context(), r, j, Collecting{}, func(n int, _ []byte) error {
			if n == 0 {
				return c.Cancel(t.Context(), r.ID)
			}
			time.Sleep(time.Millisecond)
			return nil
		})
		if !errors.Is(err, ErrGone) || time.Since(began) > 20*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	}
}
