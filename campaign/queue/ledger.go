package queue

import (
	"crypto/ed25519"
	"errors"
	"maps"
	"slices"
	"sync"
)

// digestSize is how many bytes of a digest are kept: nobody finds two results that agree in them.
const digestSize = 16

func digestOf(sum [32]byte) (d [digestSize]byte) {
	copy(d[:], sum[:])
	return d
}

// ledger is what is known of shards and workers.
type ledger struct {
	mu       sync.Mutex
	shards   []shard
	workers  []workerState
	known    map[[ed25519.PublicKeySize]byte]int
	failures map[int]string // the last ones of shards that have failed too often
	count    Report
	merged   int
}

type shard struct {
	digest   [digestSize]byte
	worker   int32
	answered bool
	settled  bool // it is checked
	redone   bool
	failures uint8
}

type workerState struct {
	name   string
	shards int
	redone bool // one of them at least was done again
	lie    error
}

// nobody is the worker of an answer that no one has signed.
const nobody = -1

func newLedger(shards int) *ledger {
	l := &ledger{shards: make([]shard, shards), known: map[[ed25519.PublicKeySize]byte]int{}, failures: map[int]string{}, count: Report{Shards: shards}}
	for n := range l.shards {
		l.shards[n].worker = nobody
	}
	return l
}

// answered takes note of a result, and tells whether it is the first.
func (l *ledger) answered(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shards[n].answered {
		return false
	}
	l.shards[n].answered = true
	l.count.Answered++
	delete(l.failures, n)
	return true
}

// failed takes note of a failure.
func (l *ledger) failed(n int, failure string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.shards[n]
	s.failures++
	l.count.Failures++
	if s.failures == mostFailures && !s.answered {
		l.failures[n] = failure
	}
}

// strayed takes note of a message that is nobody's, or of no shard.
func (l *ledger) strayed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count.Strays++
}

// complete tells whether every shard has a result or has failed too often.
func (l *ledger) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count.Answered+len(l.failures) == len(l.shards)
}

// missing tells whether a shard has neither.
func (l *ledger) missing(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.shards[n].answered && l.shards[n].failures < mostFailures
}

// worker returns the number of a worker.
func (l *ledger) worker(key [ed25519.PublicKeySize]byte, name string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	w, known := l.known[key]
	if !known {
		w = len(l.workers)
		l.known[key] = w
		l.workers = append(l.workers, workerState{name: name})
	}
	return w
}

// lied tells whether a worker was caught.
func (l *ledger) lied(worker int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.workers[worker].lie != nil
}

// settle takes note of what has been checked of a shard.
func (l *ledger) settle(n, worker int, digest [digestSize]byte, delivery int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shards[n].worker, l.shards[n].digest, l.shards[n].settled = int32(worker), digest, true
	l.count.Redelivered += delivery - 1
	if worker != nobody {
		l.workers[worker].shards++
	}
}

// settled tells whether a shard has been checked.
func (l *ledger) settled(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shards[n].settled
}

// examined takes note of how a worker stood an examination.
func (l *ledger) examined(worker int, lie error, redone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &l.workers[worker]
	if redone {
		l.count.Rechecked++
		w.redone = true
	}
	if w.lie == nil {
		w.lie = lie
	}
}

// trusted returns the digest of a shard's result where the worker that sent it was never caught.
func (l *ledger) trusted(n int) (digest [digestSize]byte, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shards[n]
	return s.digest, s.worker != nobody && l.workers[s.worker].lie == nil
}

// redo takes note of a shard that is done here.
func (l *ledger) redo(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.shards[n].redone {
		l.shards[n].redone = true
		l.count.Redone++
	}
}

// progress is how far it is.
func (l *ledger) progress() Progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Progress{Answered: l.count.Answered, Shards: len(l.shards), Workers: len(l.workers)}
}

// parked is the error of shards below one that have failed too often; nil if there are none.
func (l *ledger) parked(below int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &Parked{}
	for _, n := range slices.Sorted(maps.Keys(l.failures)) {
		if n < below {
			p.Shards = append(p.Shards, ParkedShard{n, l.failures[n]})
		}
	}
	if len(p.Shards) == 0 {
		return nil
	}
	return p
}

// report is what became of all.
func (l *ledger) report(share float64) Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.count
	r.Share, r.Merged, r.Workers = share, l.merged, len(l.workers)
	for _, w := range l.workers {
		if w.lie != nil {
			r.Liars = append(r.Liars, Liar{w.name, w.shards, errors.New(printableText([]byte(w.lie.Error())))})
		}
	}
	return r
}
