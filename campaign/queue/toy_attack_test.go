//go:build attack

package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"contrastcheck/campaign"
)

// toy is a job whose shards take a time and have a digest for a result; every seventh claims a refutation.
type toy struct {
	N      int    `json:"shards"`
	Millis int    `json:"millis"`
	Large  int    `json:"large"`  // bytes of padding
	Broken []int  `json:"broken"` // shards that fail
	Salt   string `json:"salt"`
	Finds  int    `json:"finds"` // refutations that are enough
}

type toyResult struct {
	Shard   int    `json:"shard"`
	Digest  string `json:"digest"`
	Refuted bool   `json:"refuted"`
	Padding string `json:"padding,omitempty"`
}

func (j toy) request() campaign.Request {
	text, err := json.Marshal(j)
	if err != nil {
		panic(err)
	}
	return campaign.Request{Kind: "toy", Parameters: text}
}

func openToy(r campaign.Request) (campaign.Job, error) {
	var j toy
	err := json.Unmarshal(r.Parameters, &j)
	return j, err
}

func (j toy) Shards() int { return j.N }

func (j toy) Run(ctx context.Context, n int) ([]byte, error) {
	if slices.Contains(j.Broken, n) {
		return nil, fmt.Errorf("shard %d is broken", n)
	}
	pause(ctx, time.Duration(j.Millis)*time.Millisecond)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return j.result(n), nil
}

func (j toy) result(n int) []byte {
	sum := sha256.Sum256([]byte(fmt.Sprint(j.Salt, n)))
	text, err := json.Marshal(toyResult{n, hex.EncodeToString(sum[:]), n%7 == 3, strings.Repeat("x", j.Large)})
	if err != nil {
		panic(err)
	}
	return text
}

func (j toy) Check(ctx context.Context, n int, result []byte) error {
	var r toyResult
	if err := json.Unmarshal(result, &r); err != nil {
		return &campaign.False{Shard: n, Expected: "a result", Found: err.Error()}
	}
	if r.Shard != n {
		return &campaign.False{Shard: n, Expected: fmt.Sprint(n), Found: fmt.Sprint(r.Shard)}
	}
	if r.Refuted && !bytes.Equal(result, j.result(n)) {
		return &campaign.False{Shard: n, Expected: "a refutation", Found: "none"}
	}
	return nil
}

// enough counts refutations.
func (j toy) Enough() func(n int, result []byte) bool {
	if j.Finds == 0 {
		return nil
	}
	finds := 0
	return func(n int, result []byte) bool {
		if bytes.Contains(result, []byte(`"refuted":true`)) {
			finds++
		}
		return finds >= j.Finds
	}
}

// merging keeps the bytes that a campaign prints, and how often.
type merging struct {
	bytes.Buffer
	merged []int
	enough func(n int, result []byte) bool
}

func (m *merging) merge(n int, result []byte) error {
	m.merged = append(m.merged, n)
	m.Write(result)
	m.WriteByte('\n')
	if m.enough != nil && m.enough(n, result) {
		return campaign.ErrEnough
	}
	return nil
}

// unqueued is what one process prints.
func unqueued(t *testing.T, j toy) string {
	t.Helper()
	j.Millis = 0
	m := merging{enough: j.Enough()}
	if err := campaign.Local(t.Context(), j, 2, m.merge); err != nil {
		t.Fatal(err)
	}
	return m.String()
}

// same fails where a campaign has not merged every shard once and in order, or printed other bytes than one process does.
func (m *merging) same(t *testing.T, j toy, r Report) {
	t.Helper()
	for n, shard := range m.merged {
		if n != shard {
			t.Fatalf("merged shard %d in place of %d", shard, n)
		}
	}
	if want := unqueued(t, j); m.String() != want {
		t.Fatalf("%d bytes that are not those of one process, %d", m.Len(), len(want))
	}
	t.Logf("%d shards: answered %d, redelivered %d, failures %d, workers %d, done again %d as drawn and %d for lack of trust, strays %d, liars %d, merged %d, printed %d",
		r.Shards, r.Answered, r.Redelivered, r.Failures, r.Workers, r.Rechecked, r.Redone, r.Strays, len(r.Liars), r.Merged, strings.Count(m.String(), "\n"))
	if r.Merged != len(m.merged) || r.Merged != j.N && j.Finds == 0 || r.Shards != j.N {
		t.Fatalf("merged %d of %d", r.Merged, j.N)
	}
}

// gathered collects a campaign that has to come to what one process does with j; job is what the campaign's record opens to.
func gathered(t *testing.T, c *Connection, r Record, job campaign.Job, j toy, o Collecting) Report {
	t.Helper()
	var m merging
	report, err := c.Collect(t.Context(), r, job, o, m.merge)
	if err != nil {
		t.Fatal(err)
	}
	m.same(t, j, report)
	return report
}

const testSilence = 1500 * time.Millisecond

func testOptions() Options {
	return Options{Open: openToy, Silence: testSilence, Patience: 30 * time.Second}
}

// The test's program is a worker or a submitter where this is its environment.
const (
	roleVariable = "QUEUE_TEST_ROLE"
	urlVariable  = "QUEUE_TEST_URL"
	toyVariable  = "QUEUE_TEST_TOY"
)

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "worker":
		c, err := Connect(context.Background(), Address{URL: os.Getenv(urlVariable)}, testOptions())
		if err == nil {
			err = c.Work(context.Background(), Working{Cores: 1})
		}
		fmt.Fprintln(os.Stderr, err)
	case "submitter":
		var j toy
		err := json.Unmarshal([]byte(os.Getenv(toyVariable)), &j)
		var c *Connection
		if err == nil {
			c, err = Connect(context.Background(), Address{URL: os.Getenv(urlVariable)}, testOptions())
		}
		var r Record
		if err == nil {
			r, err = c.Submit(context.Background(), j.request(), nil, 1)
		}
		if err == nil {
			_, err = c.Collect(context.Background(), r, j, Collecting{Workers: 1}, func(int, []byte) error { return nil })
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		status, _ := os.ReadFile("/proc/self/status") // for its memory, where there is one
		os.Stdout.Write(status)
	default:
		os.Exit(m.Run())
	}
}

// spawn starts this program in a role; it is killed at the end.
func spawn(t *testing.T, role, url string, environment ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), roleVariable+"="+role, urlVariable+"="+url), environment...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slay(cmd) })
	return cmd
}

// slay is kill −9.
func slay(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// submit makes a campaign of a toy.
func submit(t *testing.T, c *Connection, j toy, replicas int) Record {
	t.Helper()
	var r Record
	var err error
	for range 20 { // a cluster takes a while to come up
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		r, err = c.Submit(ctx, j.request(), []string{"toy"}, replicas)
		stop()
		if err == nil {
			return r
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal(err)
	return r
}

// help works at campaigns in this process until the test ends.
func help(t *testing.T, c *Connection, cores int) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.Work(ctx, Working{Cores: cores, Tell: func(line string) { t.Log(line) }}) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
