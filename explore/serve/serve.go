// Package serve serves the page of contrastcheck explore on this machine, to this machine alone.
//
// What it is asked may come from any page that a browser shows, so it believes nothing: it listens on the loopback address; it refuses
// other names of itself (DNS rebinding) and other origins (posts across sites); bodies, mixtures, times and what is under way at once have limits; it reads no
// file but its own, which are part of the program; and the page may load from nowhere else.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Server is one that listens.
type Server struct {
	listener net.Listener
	handler  http.Handler
}

// PortError says that a port cannot be listened on, and what to do instead.
type PortError struct {
	Port       int
	found, way string
}

// Error is one line, without the package's prefix, for a flag's value.
func (e *PortError) Error() string {
	return fmt.Sprintf("expected a free port of the loopback address, found %d, which %s; %s", e.Port, e.found, e.way)
}

// Listen takes a port of the loopback address; 0 is a free one. Start is what the page begins with: the answer to the question "start", in JSON; nil for nothing.
func Listen(port int, start []byte) (*Server, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &PortError{port, "is in use", "leave --port out, and a free one is taken"}
	case errors.Is(err, syscall.EACCES):
		return nil, &PortError{port, "is kept for the system", "take one from 1024 on, or leave --port out"}
	case err != nil:
		return nil, fmt.Errorf("explore: listening on port %d: %w", port, err)
	}
	at := l.Addr().(*net.TCPAddr).Port
	return &Server{&limitedListener{Listener: l, free: make(chan struct{}, mostConnections)}, guarded(at, newHandler(start))}, nil
}

// URL is the page's address.
func (s *Server) URL() string {
	return fmt.Sprintf("http://127.0.0.1:%d/", s.listener.Addr().(*net.TCPAddr).Port)
}

// The limits on connections, in number, time and length of headers.
const (
	mostConnections = 256
	headersWithin   = 5 * time.Second
	bodyWithin      = 10 * time.Second // from the first byte of a request to the last
	idleWithin      = time.Minute
	longestHeaders  = 16 << 10
)

// Run serves until ctx ends; what is under way then is cancelled.
func (s *Server) Run(ctx context.Context) error {
	h := &http.Server{Handler: s.handler, ReadHeaderTimeout: headersWithin, ReadTimeout: bodyWithin, IdleTimeout: idleWithin, MaxHeaderBytes: longestHeaders,
		BaseContext: func(net.Listener) context.Context { return ctx }, ErrorLog: silent()}
	defer context.AfterFunc(ctx, func() { _ = h.Close() })()
	if err := h.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) || ctx.Err() == nil {
		return fmt.Errorf("explore: the server ended: %w", err)
	}
	return nil
}

// limitedListener has so many connections at once; others wait to be accepted.
type limitedListener struct {
	net.Listener
	free chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	l.free <- struct{}{}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &limitedConn{Conn: c, done: sync.OnceFunc(func() { <-l.free })}, nil
}

type limitedConn struct {
	net.Conn
	done func()
}

func (c *limitedConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}

// cores is how many answers are computed at once.
func cores() int { return runtime.GOMAXPROCS(0) }
