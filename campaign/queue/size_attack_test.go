//go:build attack

package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
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

// Memory of submitter and worker, what is stored, and how many shards a second go through one server, where shards cost nothing: 10³ and 10⁴, and with SIZE=1 10⁵ of them.
func TestSize(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc")
	}
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	sizes := []int{1000, 10000}
	if os.Getenv("SIZE") != "" {
		sizes = append(sizes, 100000)
	}
	var first [2]float64
	for i, size := range sizes {
		worker := spawn(t, "worker", s.url)
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
