//go:build attack

package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// peak is the most memory that a process has had, in megabytes.
func peak(t *testing.T, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return float64(field(t, status, "VmHWM")) / 1024
}

// ticks are the hundredths of a second that a process has computed for.
func ticks(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	const user, system = 11, 12
	sum := 0
	for _, i := range []int{user, system} {
		n, err := strconv.Atoi(strings.Fields(rest)[i])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// varz is what a server has counted.
type varz struct {
	In       int `json:"in_msgs"`
	Out      int `json:"out_msgs"`
	InBytes  int `json:"in_bytes"`
	OutBytes int `json:"out_bytes"`
}

func (v varz) messages() int { return v.In + v.Out }
func (v varz) bytes() int    { return v.InBytes + v.OutBytes }

func traffic(t *testing.T, monitor string) (v varz) {
	t.Helper()
	response, err := http.Get("http://" + monitor + "/varz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func field(t *testing.T, status []byte, name string) int {
	t.Helper()
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no %s in %s", name, status)
	}
	kilobytes, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes
}

// With shards of a second, which compute nothing so that a busy machine does not matter, the queue takes as long as the pool of this process but for 3 %, and two workers half as long as one.
func TestOverhead(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 24, Millis: 1000}
	took := map[int]float64{}
	for workers := 1; workers <= 2; workers++ {
		j.Salt = fmt.Sprint(workers)
		spawn(t, "worker", s.url)
		time.Sleep(time.Second) // until it has begun
		r := submit(t, c, j, 1)
		var m merging
		began := time.Now()
		report, err := c.Collect(t.Context(), r, j, Collecting{Workers: 2}, m.merge)
		if err != nil {
			t.Fatal(err)
		}
		took[workers] = time.Since(began).Seconds()
		m.same(t, j, report)
		pool := float64(j.N/workers*j.Millis) / 1000
		t.Logf("%d workers: %.2f s, in process %.2f s: %.1f %% more", workers, took[workers], pool, 100*(took[workers]/pool-1))
		if took[workers] > 1.03*pool {
			t.Errorf("%d workers take %.2f s in place of %.2f", workers, took[workers], pool)
		}
	}
	if speedup := took[1] / took[2]; speedup < 1.9 {
		t.Errorf("two workers are %.2f times as fast as one", speedup)
	}
}

// Memory of submitter and worker, what is stored, and how many shards a second go through one server, where shards cost nothing: 10³ and 10⁴ of them, or $SIZE.
func TestSize(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc")
	}
	monitor := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	_, port, _ := strings.Cut(monitor, ":")
	s := newServer(t, "-js", "-m", port)
	c := connect(t, s.url, testOptions())
	sizes := []int{1000, 10000}
	if size, err := strconv.Atoi(os.Getenv("SIZE")); err == nil {
		sizes[1] = size
	}
	var first [2]float64
	for i, size := range sizes {
		worker := spawn(t, "worker", s.url)
		before, busy := traffic(t, monitor), ticks(t, s.cmd.Process.Pid)
		text, err := json.Marshal(toy{N: size, Salt: "size"})
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		submitter := exec.Command(os.Args[0])
		submitter.Env = append(os.Environ(), roleVariable+"=submitter", urlVariable+"="+s.url, toyVariable+"="+string(text))
		submitter.Stdout = &said
		began := time.Now()
		if err := submitter.Run(); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		after := traffic(t, monitor)
		all, err := c.List(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		stream, err := c.js.Stream(t.Context(), resultsStream(all[0].ID))
		if err != nil {
			t.Fatal(err)
		}
		stored := stream.CachedInfo().State
		now := [2]float64{float64(field(t, said.Bytes(), "VmHWM")) / 1024, peak(t, worker.Process.Pid)}
		t.Logf("%d shards: %.0f a second; submitter %.1f MB, worker %.1f MB, server %.1f MB; %d bytes stored a result of %d", size, float64(size)/took.Seconds(),
			now[0], now[1], peak(t, s.cmd.Process.Pid), stored.Bytes/stored.Msgs, len(toy{Salt: "size"}.result(size/2)))
		t.Logf("a shard: %.1f messages and %.0f bytes to and from the server, which computes for %.0f µs", float64(after.messages()-before.messages())/float64(size),
			float64(after.bytes()-before.bytes())/float64(size), float64(ticks(t, s.cmd.Process.Pid)-busy)*1e4/float64(size))
		if i == 0 {
			first = now
		}
		const megabytes = 30 // beside garbage and what is under way, 30 bytes a shard
		if grown := max(now[0]-first[0], now[1]-first[1]); grown > megabytes {
			t.Errorf("%.1f MB more than for %d shards", grown, sizes[0])
		}
		if err := c.Cancel(t.Context(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		slay(worker)
	}
}
