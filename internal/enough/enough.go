// Package enough says how many random cases a test makes, and lets it demand how many of a kind came up.
//
// A run makes a quarter as many as a developer needs to see every mistake that was ever planted, -short a fifth of them, and the tag attack
// several times as many.
package enough

import (
	"flag"
	"strconv"
	"testing"
)

// Cases is a quarter of n, a fifth of n under -short, though at least 1, and several times n under the tag attack.
func Cases(n int) int {
	if testing.Short() {
		return max(1, n/5)
	}
	return max(1, n*times/part)
}

// Attack tells that this run is an attack's, which leaves nothing out that takes seconds.
func Attack() bool { return times > part }

// Least is how many of Cases(n) a test may demand where it is n/5 at most that -short leaves: rounded down.
func Least(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n * times / part
}

// Checks lets rapid draw Cases(n) cases wherever -rapid.checks does not say otherwise. It is for TestMain.
func Checks(n int) {
	if err := flag.Set("rapid.checks", strconv.Itoa(n*times/part)); err != nil { // a fifth of which rapid draws under -short
		panic(err)
	}
}

// Drawn fails the test if fewer of rapid's cases than least were found; than a fifth under -short, as rapid draws a fifth there.
func Drawn(t testing.TB, what string, found, least int) {
	t.Helper()
	if least = least * times / part; testing.Short() {
		least /= 5
	}
	if found < least && !t.Failed() {
		t.Errorf("%s: %d cases, expected at least %d", what, found, least)
	}
}
