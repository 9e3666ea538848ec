//go:build attack

package queue

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// natsServer is the path of the server, which is built once.
var natsServer = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "tool", "-n", "nats-server").Output()
	return strings.TrimSpace(string(out)), err
})

// server is a process that can be killed and started again with what it has stored.
type server struct {
	t    *testing.T
	url  string
	args []string
	cmd  *exec.Cmd
	log  *bytes.Buffer
}

// newServer starts a server of its own folder and port, with further arguments.
func newServer(t *testing.T, args ...string) *server {
	t.Helper()
	port := freePort(t)
	s := &server{t: t, url: fmt.Sprintf("nats://127.0.0.1:%d", port),
		args: append([]string{"-a", "127.0.0.1", "-p", fmt.Sprint(port), "-sd", t.TempDir()}, args...)}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *server) start() {
	path, err := natsServer()
	if err != nil {
		s.t.Fatalf("no nats-server: %v", err)
	}
	s.cmd = exec.Command(path, s.args...)
	s.log = &bytes.Buffer{}
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// kill is kill −9.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// cluster starts three servers that replicate, and returns them.
func cluster(t *testing.T) []*server {
	t.Helper()
	var routes, names []string
	for n := range 3 {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", freePort(t)))
		names = append(names, fmt.Sprintf("n%d", n+1))
	}
	var all []*server
	for n := range 3 {
		config := filepath.Join(t.TempDir(), "server.conf")
		text := fmt.Sprintf("server_name: %s\njetstream: enabled\ncluster { name: c, listen: %q, routes: [%s] }\n", names[n], strings.TrimPrefix(routes[n], "nats://"), strings.Join(routes, ", "))
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, newServer(t, "-c", config))
	}
	return all
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// connect waits until a server answers.
func connect(t *testing.T, url string, o Options) *Connection {
	t.Helper()
	var err error
	for range 100 {
		var c *Connection
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		c, err = Connect(ctx, Address{URL: url}, o)
		stop()
		if err == nil {
			t.Cleanup(c.Close)
			return c
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal(err)
	return nil
}
