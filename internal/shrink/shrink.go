// Package shrink drives rapid to a failing value and lets it shrink it, for tests
// that expect a failure.
package shrink

import (
	"flag"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Failure lets rapid look for a value that fails, a deterministic reason being
// what makes it fail, and shrink it as long as the reason stays the same. It
// reports false where the given number of checks finds none.
//
// A refutation counts as a failed rapid test, so it runs on a recording stand-in
// for testing.T, in a goroutine of its own, as rapid ends it by runtime.Goexit.
// rapid's settings are process-wide flags: callers must not run in parallel.
func Failure[V any](g *rapid.Generator[V], checks int, seed uint64, fails func(V) (reason string, failed bool)) (value V, found bool) {
	if testing.Short() {
		checks *= 5 // rapid divides by that
	}
	for name, value := range map[string]string{
		"rapid.checks": strconv.Itoa(checks), "rapid.seed": strconv.FormatUint(seed, 10), "rapid.nofailfile": "true",
	} {
		defer set(name, flag.Lookup(name).Value.String())
		set(name, value)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		rapid.Check(recorder{}, func(t *rapid.T) {
			v := g.Draw(t, "value")
			if reason, failed := fails(v); failed {
				value, found = v, true // the last failure is the smallest: rapid runs it once more
				t.Fatalf("%s", reason)
			}
		})
	}()
	<-done
	return value, found
}

func set(name, value string) {
	if err := flag.Set(name, value); err != nil {
		panic(fmt.Sprintf("shrink: setting %s to %s: %v", name, value, err))
	}
}
