//go:build attack

package queue

import (
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"
)

// The same bytes from 1, 2 and 5 workers.
func TestSameBytes(t *testing.T) {
	s := newServer(t, "-js")
	j := toy{N: 60, Millis: 5, Salt: "same"}
	c := connect(t, s.url, testOptions())
	for _, workers := range []int{1, 1, 3} {
		for range workers {
			spawn(t, "worker", s.url)
		}
		r := submit(t, c, j, 1)
		gathered(t, c, r, j, j, Collecting{Workers: 2, Recheck: 0.02})
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// Workers killed −9 at twenty random moments.
func TestWorkersKilled(t *testing.T) {
	s := newServer(t, "-js")
	j := toy{N: 400, Millis: 40, Salt: "killed"}
	c := connect(t, s.url, testOptions())
	var workers []*exec.Cmd
	for range 3 {
		workers = append(workers, spawn(t, "worker", s.url))
	}
	ended := make(chan struct{})
	kills := make(chan int, 1)
	go func() {
		source := rand.New(rand.NewPCG(1, 2))
		n := 0
		for ; n < 20; n++ {
			select {
			case <-ended:
				kills <- n
				return
			case <-time.After(time.Duration(source.IntN(400)) * time.Millisecond):
			}
			w := source.IntN(len(workers))
			slay(workers[w])
			workers[w] = spawn(t, "worker", s.url)
		}
		kills <- n
	}()
	var m merging
	report, err := c.Collect(t.Context(), submit(t, c, j, 1), j, Collecting{Workers: 2, Recheck: 0.02}, m.merge)
	close(ended)
	t.Logf("workers killed: %d", <-kills)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
	if report.Redelivered == 0 {
		t.Error("no kill hit a shard")
	}
}

// The server killed −9 in the middle and started again.
func TestServerKilled(t *testing.T) {
	s := newServer(t, "-js")
	j := toy{N: 300, Millis: 20, Salt: "server"}
	c := connect(t, s.url, testOptions())
	for range 2 {
		spawn(t, "worker", s.url)
	}
	r := submit(t, c, j, 1)
	half := make(chan struct{})
	restarted := make(chan struct{})
	go func() {
		<-half
		s.kill()
		time.Sleep(time.Second)
		s.start()
		close(restarted)
	}()
	var m merging
	told := false
	report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 1, Recheck: 0.02, Progress: func(p Progress) {
		if p.Answered >= j.N/2 && !told {
			told = true
			close(half)
		}
	}}, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	<-restarted
	m.same(t, j, report)
}

// The submitter killed −9 at several moments, and the campaign resumed.
func TestSubmitterKilled(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	for range 2 {
		spawn(t, "worker", s.url)
	}
	for _, wait := range []time.Duration{150 * time.Millisecond, 300 * time.Millisecond, 800 * time.Millisecond, 1500 * time.Millisecond} {
		j := toy{N: 100, Millis: 10, Salt: wait.String()}
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		submitter := spawn(t, "submitter", s.url, toyVariable+"="+string(text))
		time.Sleep(wait)
		slay(submitter)
		all, err := c.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			t.Logf("killed after %v: not submitted yet", wait)
			continue
		}
		r, err := c.Show(t.Context(), all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		results, _, err := c.Answered(t.Context(), r.ID)
		t.Logf("killed after %v: %d of %d were answered, %v", wait, results, r.Shards, err)
		job, err := c.Open(r.Request)
		if err != nil {
			t.Fatal(err)
		}
		gathered(t, c, r, job, j, Collecting{Workers: 1})
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// Three servers, of which one is lost.
func TestClusterLosesOne(t *testing.T) {
	all := cluster(t)
	urls := all[0].url + "," + all[1].url + "," + all[2].url
	j := toy{N: 200, Millis: 20, Salt: "cluster"}
	c := connect(t, urls, testOptions())
	r := submit(t, c, j, 3)
	for range 2 {
		spawn(t, "worker", urls)
	}
	half := make(chan struct{})
	go func() {
		<-half
		all[0].kill()
	}()
	var m merging
	told := false
	report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 1, Recheck: 0.02, Progress: func(p Progress) {
		if p.Answered >= j.N/2 && !told {
			told = true
			close(half)
		}
	}}, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
}
