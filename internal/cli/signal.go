package cli

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// Every command ends within two seconds of a signal. This is what those get of it that end by
// themselves.
const grace = 1500 * time.Millisecond

// interruption is how a command learns of a signal.
type interruption struct {
	ended context.Context
	keeps atomic.Bool // the command ends by itself
}

// context returns what SIGINT and SIGTERM end. A command that asks for it must then end by
// itself, with what it has done; one that does not is ended at once, as it has nothing to keep.
func (i *interruption) context() context.Context {
	i.keeps.Store(true)
	return i.ended
}

// untilSignal runs a command until it ends or signals end it: the first at once where the command
// has nothing to keep, and after grace where it has; the second at once. A command that does not
// end is left behind, whatever it does, and ok is false.
func untilSignal(signals <-chan os.Signal, run func(*interruption) int) (code int, ok bool) {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	i := &interruption{ended: ctx}
	done := make(chan int, 1)
	go func() { done <- run(i) }()
	select {
	case code = <-done:
		return code, true
	case <-signals:
	}
	end()
	if !i.keeps.Load() {
		return 0, false
	}
	select {
	case code = <-done:
		return code, true
	case <-signals:
	case <-time.After(grace):
	}
	return 0, false
}

// notified returns the channel of SIGINT and SIGTERM, and what gives them back.
func notified() (signals <-chan os.Signal, stop func()) {
	both := make(chan os.Signal, 2)
	signal.Notify(both, os.Interrupt, syscall.SIGTERM)
	return both, func() { signal.Stop(both) }
}
