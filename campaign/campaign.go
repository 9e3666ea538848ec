// Package campaign shares the same work out: a verification, a hunt or a map of where equality holds is divided into shards that depend on what is asked
// alone, are pure, and merge in their order. So one process and a hundred machines come to the same bytes, and what a stranger says of a shard can be rechecked.
package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Request is what is asked. It alone determines the shards, their number, and every byte of the result.
type Request struct {
	// Kind is one of Verify, Search, Frontier and Refine.
	Kind string `json:"kind"`
	// Parameters are those of the kind.
	Parameters json.RawMessage `json:"parameters"`
}

// The kinds of requests.
const (
	KindVerify   = "verify"
	KindSearch   = "search"
	KindFrontier = "frontier"
	KindRefine   = "refine"
)

// Job is a request made ready. Its methods may be called from several goroutines at once.
type Job interface {
	// Shards is their number, from 1.
	Shards() int
	// Run does shard n, from 0. The result is one line of canonical JSON, which depends on the request and n alone on one version and architecture. When ctx ends, so does Run, at once, with
	// the error of ctx and with what it has until then, in the form of a result; nil where that is nothing. That is never the shard's result, but what an interrupted process shows.
	Run(ctx context.Context, n int) (result []byte, err error)
	// Check examines what is said to be the result of shard n by one who need not be trusted: it returns an ErrFalse where that is no result, or one of another shard, and proves again whatever it claims to refute. What
	// it claims to hold is not done again. Another error is that of ctx.
	Check(ctx context.Context, n int, result []byte) error
}

// Errors of requests and results.
var (
	// ErrRequest says that a request is none that this program serves.
	ErrRequest = errors.New("campaign: not a request")
	// ErrFalse says that something is not the result of a shard.
	ErrFalse = errors.New("campaign: a false result")
	// ErrEnough is what a merge returns that needs no more results: those of later shards are surplus, and their work is dropped. It ends Local, and whatever stands for it, without an error.
	ErrEnough = errors.New("campaign: enough")
)

// False is an ErrFalse with what was found.
type False struct {
	Shard           int
	Expected, Found string
}

// Error says what was expected and found.
func (f *False) Error() string {
	return fmt.Sprintf("%v: of shard %d: expected %s, found %s", ErrFalse, f.Shard, f.Expected, f.Found)
}

// Is tells that it is ErrFalse.
func (*False) Is(target error) bool { return target == ErrFalse }

// kinds open requests.
var kinds = map[string]func(parameters json.RawMessage) (Job, error){
	KindVerify:   openVerify,
	KindSearch:   openSearch,
	KindFrontier: openFrontier,
	KindRefine:   openRefine,
}

// Open makes a request ready. It refuses one that it does not serve, with ErrRequest.
func Open(r Request) (Job, error) {
	open, known := kinds[r.Kind]
	if !known {
		return nil, fmt.Errorf("%w: expected the kind verify, search, frontier or refine, found %q", ErrRequest, r.Kind)
	}
	job, err := open(r.Parameters)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	return job, nil
}

// Runner does all shards of a request, in this process or elsewhere, and hands their results to merge in the order 0, 1, 2, …, from one goroutine, until merge returns an error: ErrEnough ends it without one, any other with that. When
// ctx ends it may hand over what of later shards is there, still in order but with gaps, and returns the error of ctx.
type Runner func(ctx context.Context, r Request, merge func(n int, result []byte) error) error

// InProcess is the Runner that works with up to workers shards at once in this process; fewer than one means one.
func InProcess(workers int) Runner {
	return func(ctx context.Context, r Request, merge func(n int, result []byte) error) error {
		job, err := Open(r)
		if err != nil {
			return err
		}
		return Local(ctx, job, workers, merge)
	}
}

// newRequest is a request of a kind.
func newRequest(kind string, parameters any) Request {
	text, err := json.Marshal(parameters)
	if err != nil {
		panic("campaign: " + err.Error()) // parameters are strings and numbers
	}
	return Request{kind, text}
}
